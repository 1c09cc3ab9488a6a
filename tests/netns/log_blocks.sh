#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The log is a pipe, and whoever reads it has stopped: the switch starts,
# carries frames, answers and ends all the same. When there is room again, it
# says how many lines were lost. A terminal that has been stopped is the same.

. "$(dirname "$0")/lib.sh"
need jq socat

# answers: the switch answers, within 10 s
answers() {
	timeout 10 sh -c \
		"until qswitchctl --name $SW version >/dev/null 2>&1; do :; done"
}

# adds NAME: the switch adds a port on request
adds() {
	ctl port add "pcap:-,name=$1" >"$WORK/answer"
}

# fill FILE: until it takes no more
fill() {
	local size
	for size in 4096 1; do
		dd if=<(yes filler) of="$1" oflag=nonblock iflag=fullblock \
			bs=$size 2>/dev/null || :
	done
}

mkfifo "$WORK/pipe"
exec {pipe}<>"$WORK/pipe"
fill "$WORK/pipe"
lan_host h3 10.0.0.3 enp3s0
qswitchd --name "$SW" --uplink enp3s0 --taps tap0 2>"$WORK/pipe" &
SW_PID[$SW]=$!
check 'it starts though nobody reads its log' answers
tap_host h1 10.0.0.1 tap0
for i in 1 2 3; do
	check "request $i that is logged is answered" \
		adds "extra$i"
done
check 'frames pass' reaches h1 10.0.0.3

cat <"$WORK/pipe" >"$WORK/read.log" &
reader=$!
check 'when there is room again, it tells how many lines were lost' \
	wait_line "$WORK/read.log" 'qswitchd: [0-9]+ lines of the log lost'
check 'and logs as before' adds extra4
check 'each line' wait_line "$WORK/read.log" 'extra4: added on request'
kill "$reader"
fill "$WORK/pipe"
check_books
stop_switch
echo "ok - it ends on SIGTERM"

# A terminal: nobody reads its other end.
SW=terminal
socat "PTY,link=$WORK/tty,raw,echo=0" "EXEC:tail -f /dev/null" &
terminal=$!
until [ -e "$WORK/tty" ]; do kill -0 "$terminal"; done
qswitchd --name "$SW" --taps tap1 --log-level debug 2>"$WORK/tty" &
SW_PID[$SW]=$!
check 'it starts on a terminal' answers
kill -STOP "$terminal"
fill "$WORK/tty"
for i in 1 2 3; do
	check "request $i is answered though the terminal has stopped" \
		adds "x$i"
done
kill -KILL "$terminal"
finish
