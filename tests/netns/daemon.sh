#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# In the background: the starter returns when the switch is ready, with its
# status; one pidfile and one control socket, one switch; killed, it leaves
# nothing that a new start cannot take over. And a service manager is told.

. "$(dirname "$0")/lib.sh"
need jq socat

SW=d
PIDFILE=$WORK/pid
start=(qswitchd --name d --daemon --pidfile "$PIDFILE" --taps tap0)
fails() { ! "$@" 2>"$WORK/said"; }

check 'it starts' "${start[@]}"
pid=$(cat "$PIDFILE")
is 'it is ready when its starter has returned' "$(port tap0 up)" true
is 'nobody hears its standard error any more' \
	"$(readlink "/proc/$pid/fd/2")" /dev/null
check 'a second one with this pidfile ends' fails "${start[@]}"
matches 'and names the process' "$(cat "$WORK/said")" "process $pid holds"
check 'a second one of this name ends' fails \
	qswitchd --name d --daemon --taps tap1
matches 'and names the process' "$(cat "$WORK/said")" "process $pid"
is 'the first one is well' "$(port tap0 up)" true

kill -9 "$pid"
timeout 10 tail -f --pid="$pid" /dev/null
check 'killed, it is taken over' "${start[@]}"
pid=$(cat "$PIDFILE")
is 'and ready' "$(port tap0 up)" true
check_books
check 'it ends when told to' ctl shutdown
timeout 10 tail -f --pid="$pid" /dev/null
check 'and takes its pidfile along' test ! -e "$PIDFILE"
check 'and its socket' test ! -e /run/qswitch/d.sock

# sd_notify(3)
SW=sw
socat -u "UNIX-RECV:$WORK/notify" "CREATE:$WORK/notified" &
manager=$!
until [ -S "$WORK/notify" ]; do kill -0 "$manager"; done
export NOTIFY_SOCKET=$WORK/notify
start_switch --taps tap0
check 'the service manager learns that it is ready' \
	wait_line "$WORK/notified" 'READY=1'
stop_switch
check 'and that it stops' wait_line "$WORK/notified" 'STOPPING=1'
kill "$manager"
finish
