#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The NIC goes down and up, and its cable is unplugged and plugged in again.
. "$(dirname "$0")/lib.sh"

lan_host h3 10.0.0.3 enp3s0
start_switch --uplink enp3s0 --taps tap0
tap_host h1 10.0.0.1 tap0
start_monitor
check 'h1 reaches h3' reaches h1 10.0.0.3

for turn in 1 2 3; do
	seen=$(events)
	ip link set enp3s0 down
	wait_event "$seen" 'port_down.*enp3s0'
	seen=$(events)
	ip link set enp3s0 up
	wait_event "$seen" 'port_up.*enp3s0'
	check "h1 reaches h3 after the interface went down and up, $turn" reaches h1 10.0.0.3

	seen=$(events)
	ip -n h3 link set eth0 down
	wait_event "$seen" 'port_down.*enp3s0'
	matches 'the reason is the missing carrier' "$(port enp3s0 reason)" carrier
	seen=$(events)
	ip -n h3 link set eth0 up
	wait_event "$seen" 'port_up.*enp3s0'
	check "h1 reaches h3 after the cable was plugged in again, $turn" reaches h1 10.0.0.3
done

# the network side of a TAP too
seen=$(events)
ip -n h1 link set tap0 down
ip -n h1 link set tap0 up
check 'h1 reaches h3 after the TAP went down and up' reaches h1 10.0.0.3
finish
