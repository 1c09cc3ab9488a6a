#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The player of the lessons: it notices when an outcome is not as the lesson
# states, and it asks before it shows the answer.
set -euo pipefail
TOP=$(cd "$(dirname "$0")/../.." && pwd)
DIR=$(mktemp -d)
trap 'rm -rf "$DIR"' EXIT
export QSWITCH_LESSONS=$DIR

# lesson LINE...: print its output, and its exit status last
lesson() {
	local status=0
	printf '%s\n' '# 1. A test' '' "$@" >"$DIR/01-test.lesson"
	"$TOP/lab/lesson" 1 --auto 2>&1 </dev/null || status=$?
	echo "status $status"
}

# want MESSAGE REGEX: $GOT must match
want() {
	[[ $GOT =~ $2 ]] || { echo "not ok - $1: $GOT" && exit 1; }
	echo "ok - $1"
}

GOT=$(lesson '    $ echo hello' '    = ^hell' '    ! world')
[[ $GOT != *'status 77' ]] || { echo "$GOT" && exit 77; }
want 'a true outcome passes' 'status 0$'
GOT=$(lesson '    $ echo hello' '    = world')
want 'a false outcome fails' ': expected in the output: world.*status 1$'
GOT=$(lesson '    $ echo hello' '    ! ell')
want 'an outcome that must not occur fails' \
	'not expected in the output: ell.*status 1$'
GOT=$(lesson '    $ false')
want 'a failing command fails' 'exit status 1.*status 1$'
GOT=$(lesson '    = nothing')
want 'an outcome without a command fails' \
	'does not belong to a command.*status 1$'
GOT=$(lesson '? Which?' '  a) this [this]' '* b) that [that]' '    $ echo that')
want 'a right prediction passes' 'Right: b\) that.*status 0$'
GOT=$(lesson '? Which?' '  a) this [this]' '* b) that [that]' '    $ echo this')
want 'the switch disagrees with the lesson' \
	"the output says 'a\\) this'.*status 1\$"
GOT=$(lesson '? Which?' '  a) this [th]' '* b) that [that]' '    $ echo that')
want 'an answer that matches two choices fails' 'two choices.*status 1$'
GOT=$(lesson '? Which?' '  a) this [this]' '  b) that [that]' '    $ echo that')
want 'a question without a right answer fails' \
	'a star at the right one.*status 1$'
GOT=$(lesson '? Which?' '  a) this [this]' '* b) that [that]')
want 'a question without an answer fails' 'no command answers.*status 1$'
GOT=$(lesson '@ forwarding/bridge.c bridge_decide()')
want 'a function is found' 'bridge.c, line [0-9]+.*status 0$'
GOT=$(lesson '@ forwarding/bridge.c bridge_dream()')
want 'a missing function fails' 'no function bridge_dream.*status 1$'

# A person makes a wrong prediction, then a right one.
printf '%s\n' '# 1. A test' '? Which?' '  a) this [this]' '* b) that [that]' \
	'    $ echo that' >"$DIR/01-test.lesson"
GOT=$(printf 'a\n\n\n' | "$TOP/lab/lesson" 1 2>&1)
want 'a wrong prediction is called wrong' 'Wrong: not a, but b\) that'
[[ $GOT != *'The switch says'* ]] || { echo "not ok - no switch: $GOT" && exit 1; }
GOT=$(printf 'x\na\n\n\n' | "$TOP/lab/lesson" 1 2>&1)
want 'what is no answer is asked for again' 'none of the answers.*Wrong: not a'
GOT=$(printf '\n\n\n' | "$TOP/lab/lesson" 1 2>&1)
want 'no prediction is neither right nor wrong' 'The answer: b\) that'
GOT=$(printf 'b\n\n\n' | "$TOP/lab/lesson" 1 2>&1)
want 'a right prediction is reported' 'Right: b'
GOT=$("$TOP/lab/lesson" 1 --text)
want 'the text does not show the answer' '  b\) that'
[[ $GOT != *'[that]'* && $GOT != *'* b'* ]] || { echo "not ok: $GOT" && exit 1; }

# lab/enter finds the running lesson and its hosts. (Number 97, because other
# tests run other lessons at the same time.)
# shellcheck disable=SC2016 # the lesson's shell expands it
printf '%s\n' '# 97. A test' 'topology' '    host h1 10.0.0.1 p1' '' \
	'    $ touch $WORK/here; echo made' '    $ cat' \
	>"$DIR/97-test.lesson"
coproc PLAY { exec "$TOP/lab/lesson" 97 2>&1; }
while read -r line <&"${PLAY[0]}" && [[ $line != *touch* ]]; do :; done
echo >&"${PLAY[1]}"
while read -r line <&"${PLAY[0]}" && [[ $line != made ]]; do :; done
GOT=$("$TOP/lab/enter" -l 97 h1 ip -br addr)
want 'a host of the lesson can be entered' '10\.0\.0\.1/24'
printf '\n\n\n' >&"${PLAY[1]}"
wait "$PLAY_PID" || true
GOT=$("$TOP/lab/enter" -l 97 h1 true 2>&1 || true)
want 'without a lesson there is nothing to enter' 'no lesson is running'
