#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# qswitch-nat is not there, is not ours, or fails: no start, with a sentence; at
# run time the port is down with a reason, retried less and less often, and comes
# back when the program does.
. "$(dirname "$0")/nat_lib.sh"
needs_nat

mkdir "$WORK/bin"
cp "$QSWITCH_BIN/qswitchd" "$WORK/bin"
PATH=$WORK/bin:$PATH
status=0
timeout 10 qswitchd --name other --nat 2>"$WORK/said" || status=$?
is 'without qswitch-nat there is no start' $status 1
matches 'and a sentence' "$(cat "$WORK/said")" \
	'cannot run .*/qswitch-nat: No such file or directory: install it beside'

printf '#!/bin/sh\nexit 3\n' >"$WORK/bin/qswitch-nat"
chmod +x "$WORK/bin/qswitch-nat"
status=0
timeout 10 qswitchd --name other --nat 2>"$WORK/said" || status=$?
is 'with one that ends at once neither' $status 1
matches 'and a sentence' "$(cat "$WORK/said")" 'qswitch-nat has ended'

real=$(realpath "$QSWITCH_BIN/qswitch-nat")
ln -sf "$real" "$WORK/bin/qswitch-nat"
start_switch --nat --taps tap0
# each start leaves a line
printf '#!/bin/sh\necho >>%s\nexit 3\n' "$WORK/starts" >"$WORK/bin/failing"
chmod +x "$WORK/bin/failing"
ln -sf failing "$WORK/bin/qswitch-nat"
kill -KILL "$(nat_pid nat)"
wait_line "$WORK/$SW.log" 'nat: down'
wait_line "$WORK/starts" '' || fail 'it was not started again'
# how often in two seconds? Every 100 ms would be 20 times
sleep 2
at_most 'it is started less and less often' "$(wc -l <"$WORK/starts")" 6
is 'meanwhile the port is down' "$(port nat up)" false
matches 'with a reason' "$(port nat reason)" 'qswitch-nat'
ln -sf "$real" "$WORK/bin/qswitch-nat"
wait_line "$WORK/$SW.log" 'nat: up' "$(grep -n 'nat: down' "$WORK/$SW.log" |
	tail -n 1 | cut -d : -f 1)" || fail 'it did not come back'
is 'and it comes back with the program' "$(port nat up)" true
finish
