#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# --daemon: the command returns when the switch is ready, with its status. A
# pidfile or control socket belongs to one switch only. After kill -9 a new
# start takes both over. A service manager receives READY and STOPPING.

. "$(dirname "$0")/lib.sh"
need jq socat

SW=d
PIDFILE=$WORK/pid
start=(qswitchd --name d --daemon --pidfile "$PIDFILE" --taps tap0)
fails() { ! "$@" 2>"$WORK/said"; }

check 'it starts' "${start[@]}"
pid=$(cat "$PIDFILE")
is 'it is ready when the command returns' "$(port tap0 up)" true
is 'its standard error goes to /dev/null' \
	"$(readlink "/proc/$pid/fd/2")" /dev/null
check 'a second switch with this pidfile fails' fails "${start[@]}"
matches 'and the error names the process' "$(cat "$WORK/said")" "process $pid holds"
check 'a second switch with this name fails' fails \
	qswitchd --name d --daemon --taps tap1
matches 'and the error names the process' "$(cat "$WORK/said")" "process $pid"
is 'the first switch still runs' "$(port tap0 up)" true

kill -9 "$pid"
timeout 10 tail -f --pid="$pid" /dev/null
check 'after kill -9 a new switch starts' "${start[@]}"
pid=$(cat "$PIDFILE")
is 'and becomes ready' "$(port tap0 up)" true
check_books
check 'shutdown ends it' ctl shutdown
timeout 10 tail -f --pid="$pid" /dev/null
check 'and removes its pidfile' test ! -e "$PIDFILE"
check 'and its socket' test ! -e /run/qswitch/d.sock

# sd_notify(3)
SW=sw
socat -u "UNIX-RECV:$WORK/notify" "CREATE:$WORK/notified" &
manager=$!
until [ -S "$WORK/notify" ]; do kill -0 "$manager"; done
export NOTIFY_SOCKET=$WORK/notify
start_switch --taps tap0
check 'the service manager is notified of readiness' \
	wait_line "$WORK/notified" 'READY=1'
stop_switch
check 'and of the stop' wait_line "$WORK/notified" 'STOPPING=1'
kill "$manager"
finish
