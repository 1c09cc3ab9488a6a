#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The lessons' player: it notices what is not as the lesson states, and it asks
# before it tells.
set -euo pipefail
TOP=$(cd "$(dirname "$0")/../.." && pwd)
DIR=$(mktemp -d)
trap 'rm -rf "$DIR"' EXIT
export QSWITCH_LESSONS=$DIR

# lesson LINE...: what it prints, and its status at the end
lesson() {
	local rc=0
	printf '%s\n' '# 1. A test' '' "$@" >"$DIR/01-test.lesson"
	"$TOP/lab/lesson" 1 --auto 2>&1 </dev/null || rc=$?
	echo "status $rc"
}

# want MESSAGE REGEX: of $GOT
want() {
	[[ $GOT =~ $2 ]] || { echo "not ok - $1: $GOT" && exit 1; }
	echo "ok - $1"
}

GOT=$(lesson '    $ echo hello' '    = ^hell' '    ! world')
[[ $GOT != *'status 77' ]] || { echo "$GOT" && exit 77; }
want 'what is so passes' 'status 0$'
GOT=$(lesson '    $ echo hello' '    = world')
want 'what is not so fails' 'not so: world.*status 1$'
GOT=$(lesson '    $ echo hello' '    ! ell')
want 'what must not be fails' 'but: ell.*status 1$'
GOT=$(lesson '    $ false')
want 'a command that fails' 'exit status 1.*status 1$'
GOT=$(lesson '    = nothing')
want 'an outcome without a command' 'belongs to no command.*status 1$'
GOT=$(lesson '? Which?' '  a) this [this]' '* b) that [that]' '    $ echo that')
want 'a right prediction' 'Right: b\) that.*status 0$'
GOT=$(lesson '? Which?' '  a) this [this]' '* b) that [that]' '    $ echo this')
want 'the switch says otherwise' "the switch says 'a\\) this'.*status 1\$"
GOT=$(lesson '? Which?' '  a) this [th]' '* b) that [that]' '    $ echo that')
want 'an answer that fits two' 'two choices.*status 1$'
GOT=$(lesson '? Which?' '  a) this [this]' '  b) that [that]' '    $ echo that')
want 'a question without a right answer' 'a star at the right one.*status 1$'
GOT=$(lesson '? Which?' '  a) this [this]' '* b) that [that]')
want 'a question that nothing answers' 'nothing answers.*status 1$'
GOT=$(lesson '@ forwarding/bridge.c bridge_decide()')
want 'a function that is there' 'bridge.c, line [0-9]+.*status 0$'
GOT=$(lesson '@ forwarding/bridge.c bridge_dream()')
want 'a function that is not' 'no function bridge_dream.*status 1$'

# A person: a prediction that is wrong, and one that is right.
printf '%s\n' '# 1. A test' '? Which?' '  a) this [this]' '* b) that [that]' \
	'    $ echo that' >"$DIR/01-test.lesson"
GOT=$(printf 'a\n\n\n' | "$TOP/lab/lesson" 1 2>&1)
want 'a wrong prediction is told' 'The switch says: b'
GOT=$(printf 'b\n\n\n' | "$TOP/lab/lesson" 1 2>&1)
want 'a right prediction is told' 'Right: b'
GOT=$("$TOP/lab/lesson" 1 --text)
want 'the text keeps the answer to itself' '  b\) that'
[[ $GOT != *'[that]'* && $GOT != *'* b'* ]] || { echo "not ok: $GOT" && exit 1; }

# lab/enter finds the lesson that is being played, and its hosts. (97, as other
# tests play others at the same time.)
# shellcheck disable=SC2016 # the lesson's shell expands it
printf '%s\n' '# 97. A test' 'topology' '    host h1 10.0.0.1 p1' '' \
	'    $ touch $WORK/here; echo made' '    $ cat' \
	>"$DIR/97-test.lesson"
coproc PLAY { exec "$TOP/lab/lesson" 97 2>&1; }
while read -r line <&"${PLAY[0]}" && [[ $line != *touch* ]]; do :; done
echo >&"${PLAY[1]}"
while read -r line <&"${PLAY[0]}" && [[ $line != made ]]; do :; done
GOT=$("$TOP/lab/enter" -l 97 h1 ip -br addr)
want 'enter a host of a lesson' '10\.0\.0\.1/24'
printf '\n\n\n' >&"${PLAY[1]}"
wait "$PLAY_PID" || true
GOT=$("$TOP/lab/enter" -l 97 h1 true 2>&1 || true)
want 'no lesson, nothing to enter' 'no lesson is being played'
