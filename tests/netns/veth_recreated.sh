#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The NIC is deleted and created again with the same name and another index: its
# port comes up again by itself, and the other ports are not affected.
. "$(dirname "$0")/lib.sh"

for driver in packet pcap; do
	host "h3$driver"
	wire enp3s0 "h3$driver"
	address "h3$driver" eth0 10.0.0.3
	start_switch --uplink "enp3s0,driver=$driver" --taps tap0,tap1
	tap_host "h1$driver" 10.0.0.1 tap0
	tap_host "h2$driver" 10.0.0.2 tap1
	start_monitor
	check "h1 reaches h3, driver $driver" reaches "h1$driver" 10.0.0.3
	in_ns "h2$driver" ping -q -n -i 0.02 -c 100 10.0.0.1 >"$WORK/neighbors" &
	neighbors=$!

	seen=$(events)
	ip link del enp3s0
	wait_event "$seen" 'port_down.*enp3s0'
	is 'the port is down' "$(port enp3s0 up)" false
	matches 'with a reason' "$(port enp3s0 reason)" '[a-z]'
	seen=$(events)
	wire enp3s0 "h3$driver"
	address "h3$driver" eth0 10.0.0.3
	wait_event "$seen" 'port_up.*enp3s0'
	check 'h1 reaches h3 again' reaches "h1$driver" 10.0.0.3
	wait $neighbors || fail 'the neighbors lost their ping'
	matches 'the neighbors lost nothing' "$(cat "$WORK/neighbors")" \
		' 0% packet loss'
	check_books
	stop_switch
	ip link del enp3s0
done
finish
