#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The command line: wrong options are refused with a sentence that says why.
bench=$1
failed=0

refused() { # TEXT ARGUMENTS...: it must fail and print TEXT
	text=$1
	shift
	if out=$("$bench" "$@" 2>&1 </dev/null); then
		echo "accepted: $*" >&2
		failed=1
	elif ! printf '%s' "$out" | grep -q -- "$text"; then
		printf '%s\n' "$*: says \"$out\", not \"$text\"" >&2
		failed=1
	fi
}

accepted() { # TEXT ARGUMENTS...: it must succeed and print TEXT
	text=$1
	shift
	if ! out=$("$bench" "$@" 2>&1 </dev/null) ||
	    ! printf '%s' "$out" | grep -q -- "$text"; then
		printf '%s\n' "$*: says \"$out\", not \"$text\"" >&2
		failed=1
	fi
}

accepted 'compare' --help
accepted 'qswitch-bench [0-9]' --version
accepted 'kernel-bridge-held' compare --list
accepted 'qswitchd-stream-tcp' compare --list
accepted '--repetitions N' compare --help
refused 'usage:'
refused 'usage:' conpare
refused 'no such subcommand: conpare' conpare
refused 'no such candidate: osv' compare --candidates osv
refused 'no such metric: speed' compare --metrics speed
refused 'not among the candidates' compare --candidates vde-switch \
    --baseline kernel-bridge
refused 'free, one or split' compare --pin all
refused 'too small' compare --repetitions 0
refused 'invalid' compare --repetitions five
refused 'unrecognized option' compare --fast
refused 'unexpected argument "quick"' compare quick
refused 'No such file' show --file /nonexistent
refused '--file FILE is required' show
refused 'no such case' core --count fast
accepted 'frames 1024 copies 1024' core --count flow --frames 1024 \
    --repetitions 1
refused 'is not installed' compare --metrics idle --duration 10 \
    --repetitions 1 --candidates vde-switch@/nonexistent
refused 'not usable, because nothing could be measured' compare --metrics idle \
    --duration 10 --repetitions 1 --candidates vde-switch@/nonexistent
exit $failed
