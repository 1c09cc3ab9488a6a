#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# `compare --quick --json` ends in time and prints complete JSON; `show` makes
# tables and plots from the saved file.
set -eu
bench=$1
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

status=0
"$bench" compare --quick --json --output "$out/saved" >"$out/printed" ||
	status=$?
usable=$(sed -n 's/.*"usable": *\(true\|false\).*/\1/p' "$out/printed")
case $usable,$status in
true,0 | false,3) ;;
*) echo "the conclusion $usable and the exit status $status differ" && exit 1 ;;
esac
"$(dirname "$0")/check_compare.py" <"$out/printed"
"$(dirname "$0")/check_compare.py" <"$out/saved"
"$bench" show --file "$out/saved" | grep -q 'round trip p50 (us'
"$bench" show --file "$out/saved" --summary | grep -q '| kernel bridge, '
"$bench" show --file "$out/saved" --markdown | grep -q '|---|--:|'
if command -v gnuplot >/dev/null; then
	"$bench" show --file "$out/saved" --svg "$out/plots" >/dev/null
	for plot in packets60 rtt-p50-distribution; do
		grep -q '</svg>' "$out/plots/$plot.svg"
	done
fi
