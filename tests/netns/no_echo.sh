#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# No frame returns to the port where it arrived: not in a flood, not when its
# destination is on that port, not as an echo of what the switch sends. Frames
# to addresses reserved for the link are not forwarded.
. "$(dirname "$0")/lib.sh"

lan_host h3 10.0.0.3 enp3s0
for driver in packet pcap; do
	start_switch --uplink "enp3s0,driver=$driver" --taps tap0
	tap_host "h1$driver" 10.0.0.1 tap0
	# craft is strict: an echo would make the next expect fail
	check "each frame is seen once, driver $driver" frames <<-EOF2
		open a h1$driver/tap0
		open c h3/eth0
		send a dst=bcast src=1
		expect c
		send c dst=bcast src=3
		expect a
		send c dst=01:00:5e:00:00:09 src=3
		expect a
		send a dst=99 src=1
		expect c
		send a dst=1 src=1
		send a dst=1 src=5
		send c dst=3 src=3
		send a dst=01:80:c2:00:00:0e src=1
		send c dst=01:80:c2:00:00:01 src=3
		send c dst=3 src=1
		send a dst=bcast src=1
		expect c
		send c dst=bcast src=3
		expect a
	EOF2
	is 'frames to their own port are filtered' "$(verdict filter_same_port)" 4
	is 'frames to reserved addresses are dropped' "$(verdict drop_reserved)" 2
	check_books
	stop_switch
done
finish
