#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# An idle daemon wakes up for the spanning tree's hellos, every two seconds, and
# not otherwise; without a spanning tree it does not wake up at all.
. "$(dirname "$0")/lib.sh"

lan_host h3 10.0.0.3 enp3s0
start_switch --uplink enp3s0 --taps tap0,tap1
tap_host h1 10.0.0.1 tap0
check 'h1 reaches h3' reaches h1 10.0.0.3

wakeups() {
	awk '/^voluntary_ctxt_switches/ { print $2 }' "/proc/${SW_PID[$SW]}/status"
}
# whole seconds since the machine was started, rounded up
uptime() {
	awk '{ print int($1) + 1 }' /proc/uptime
}

# Silence of some seconds is what is measured here, so this test has to let
# them pass; however slowly it runs, so many wake-ups are all there may be.
sleepless() {
	local first since passed
	# else each asks after 5 s whether the other is still there
	in_ns h1 ip neigh flush all
	in_ns h3 ip neigh flush all
	first=$(wakeups) since=$(uptime)
	read -rt 6 _ <><(:) || :
	passed=$(($(uptime) - since + 1))
	at_most "wake-ups in $passed seconds" $(($(wakeups) - first)) \
		$(($1 * passed / 2 + 1))
}

sleepless 1
check 'and it is awake when it is needed' reaches h1 10.0.0.3
check 'without a spanning tree' ctl set stp enabled=off
sleepless 0
check 'and it is awake when it is needed' reaches h1 10.0.0.3
finish
