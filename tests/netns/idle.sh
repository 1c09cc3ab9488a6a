#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# An idle daemon wakes up once a second and not otherwise.
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
# them pass; however slowly it runs, a tick a second is all that may have been.
first=$(wakeups) since=$(uptime)
read -rt 6 _ <><(:) || :
passed=$(($(uptime) - since + 1))
at_most "wake-ups in $passed seconds" $(($(wakeups) - first)) $((passed + 1))
check 'and it is awake when it is needed' reaches h1 10.0.0.3
finish
