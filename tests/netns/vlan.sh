#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Tags pass unchanged between every pair of ports in both directions, with both
# drivers: 802.1Q, 802.1ad, nested tags, priority bits and VID 0.
. "$(dirname "$0")/lib.sh"

lan_host h3 10.0.0.3 enp3s0
for driver in packet pcap; do
	start_switch --uplink "enp3s0,driver=$driver" --taps tap0,tap1
	tap_host "h1$driver" 10.0.0.1 tap0
	tap_host "h2$driver" 10.0.0.2 tap1
	{
		echo "open a h1$driver/tap0"
		echo "open b h2$driver/tap1"
		echo "open c h3/eth0"
		# the switch learns where 1, 2 and 3 are
		echo "send a dst=bcast src=1"
		echo "expect b" && echo "expect c"
		echo "send b dst=bcast src=2"
		echo "expect a" && echo "expect c"
		echo "send c dst=bcast src=3"
		echo "expect a" && echo "expect b"
		for tags in tag=8100:5 tag=8100:0 tag=8100:61439 tag=88a8:100 \
			"tag=88a8:100 tag=8100:7" "tag=8100:7 tag=8100:8" \
			"tag=88a8:1 tag=8100:2 tag=8100:3"; do
			for way in a1c3 c3a1 a1b2 b2c3 c3b2; do
				from=${way:0:1} src=${way:1:1}
				to=${way:2:1} dst=${way:3:1}
				for len in 60 61 1000 1514; do
					echo "send $from dst=$dst src=$src $tags" \
						"type=800 len=$len"
					echo "expect $to"
				done
			done
			# flooded: with the same tags at every port
			echo "send a dst=bcast src=1 $tags len=90"
			echo "expect b" && echo "expect c"
		done
	} >"$WORK/script"
	check "tags are unchanged, driver $driver" frames <"$WORK/script"
	check_books
	stop_switch
done
finish
