#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Counts the instructions of a forwarded frame with callgrind and compares them
# with the budget in instructions.txt. A slower hot path shows here even where
# wall clocks are noise. After an intended change, --update writes the budget.
set -eu
bench=$1
budget=$(dirname "$0")/instructions.txt
margin=10 # percent, for other compilers
frames=64000

command -v valgrind >/dev/null || {
	echo "skipped: valgrind is not installed"
	exit 77
}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# callgrind collects only inside workload_forward().
count() { # CASE: print its instructions a frame, in hundredths
	valgrind --tool=callgrind --callgrind-out-file="$out/callgrind" \
	    --toggle-collect=workload_forward \
	    "$bench" core --count "$1" --frames "$frames" \
	    >"$out/stdout" 2>"$out/stderr" || {
		cat "$out/stderr" >&2
		exit 1
	}
	sed -n 's/^.*Collected *: *\([0-9]*\).*$/\1/p' "$out/stderr" |
	    awk -v frames="$frames" '{ printf "%d", $1 * 100 / frames }'
}

status=0
while read -r name allowed; do
	case $name in '#'*|'') continue ;; esac
	used=$(count "$name")
	if [ "${2-}" = --update ]; then
		echo "$name $((used / 100))" >>"$out/budget"
		continue
	fi
	limit=$((allowed * (100 + margin)))
	printf '%-20s %d.%02d instructions a frame, budget %d + %d %%\n' \
	    "$name" $((used / 100)) $((used % 100)) "$allowed" "$margin"
	if [ -z "$used" ] || [ "$used" -eq 0 ] || [ "$used" -gt "$limit" ]; then
		echo "$name: over budget" >&2
		status=1
	fi
done <"$budget"
if [ "${2-}" = --update ]; then
	grep '^#' "$budget" >"$out/new"
	cat "$out/budget" >>"$out/new"
	cat "$out/new" >"$budget"
fi
exit $status
