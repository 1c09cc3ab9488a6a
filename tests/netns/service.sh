#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# As a service: --daemon ends when every port is open and with its own status,
# the pidfile holds off a second one, and a service manager is told (sd_notify).
. "$(dirname "$0")/lib.sh"
need socat

# listen_notify FILE: a socket to notify; what comes is in FILE
listen_notify() {
	socat -u "UNIX-RECV:$WORK/notify" "OPEN:$1,creat,append" &
	SOCAT=$!
	until [ -S "$WORK/notify" ]; do read -rt 0.05 _ <><(:) || :; done
}

listen_notify "$WORK/told"
NOTIFY_SOCKET=$WORK/notify start_switch --taps tap0
wait_line "$WORK/told" 'READY=1' || fail 'not told that it is ready'
echo 'ok - the service manager is told that it is ready'
stop_switch
wait_line "$WORK/told" 'STOPPING=1' || fail 'not told that it stops'
echo 'ok - and that it stops'
kill $SOCAT

# in the background, with a pidfile
PIDFILE=$WORK/pid
check '--daemon ends with success' \
	qswitchd --name "$SW" --taps tap1 --daemon --pidfile "$PIDFILE" \
	2>"$WORK/daemon.log"
matches 'and said that it was ready' "$(cat "$WORK/daemon.log")" 'qswitchd: ready'
check 'its process runs' kill -0 "$(cat "$PIDFILE")"
is 'and answers' "$(port tap1 state)" forwarding
is 'it let go of where it was started' "$(readlink "/proc/$(cat "$PIDFILE")/cwd")" /
is 'and of standard error' "$(readlink "/proc/$(cat "$PIDFILE")/fd/2")" /dev/null

rc=0
qswitchd --name other --taps tap2 --pidfile "$PIDFILE" 2>"$WORK/second.log" ||
	rc=$?
is 'a second one is refused' $rc 1
matches 'and says who holds the pidfile' "$(cat "$WORK/second.log")" \
	"process $(cat "$PIDFILE") holds"
rc=0
qswitchd --name other --port nic:none --daemon 2>"$WORK/failed.log" || rc=$?
is 'a start that fails fails where it was started' $rc 1
matches 'with its reason' "$(cat "$WORK/failed.log")" 'none'

check_books
check 'shutdown' ctl shutdown
while kill -0 "$(cat "$PIDFILE" 2>/dev/null || echo 0)" 2>/dev/null &&
	[ -e "$PIDFILE" ]; do read -rt 0.05 _ <><(:) || :; done
check 'the pidfile has gone' test ! -e "$PIDFILE"
check 'and the TAP' test ! -e /sys/class/net/tap1
finish
