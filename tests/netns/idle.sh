#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# An idle daemon wakes up every two seconds for the hellos of the spanning tree,
# and at no other time. Without a spanning tree it does not wake up at all.
. "$(dirname "$0")/lib.sh"

lan_host h3 10.0.0.3 enp3s0
start_switch --uplink enp3s0 --taps tap0,tap1
tap_host h1 10.0.0.1 tap0
check 'h1 reaches h3' reaches h1 10.0.0.3

wakeups() {
	awk '/^voluntary_ctxt_switches/ { print $2 }' "/proc/${SW_PID[$SW]}/status"
}
# seconds since the machine started, rounded up
uptime() {
	awk '{ print int($1) + 1 }' /proc/uptime
}

# This test measures some seconds of silence, so it has to let them pass. The
# limit follows from the time that has really passed, however slow the machine.
sleepless() {
	local first since passed
	# otherwise each host probes its neighbor after 5 s
	in_ns h1 ip neigh flush all
	in_ns h3 ip neigh flush all
	first=$(wakeups) since=$(uptime)
	read -rt 6 _ <><(:) || :
	passed=$(($(uptime) - since + 1))
	at_most "wake-ups in $passed seconds" $(($(wakeups) - first)) \
		$(($1 * passed / 2 + 1))
}

sleepless 1
check 'h1 still reaches h3' reaches h1 10.0.0.3
check 'the spanning tree is switched off' ctl set stp enabled=off
sleepless 0
check 'h1 still reaches h3' reaches h1 10.0.0.3
finish
