#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Runts down to 14 bytes pass with their length unchanged; shorter frames are
# dropped. (Nothing is padded: bytes beyond the end of a frame are never sent.)
. "$(dirname "$0")/lib.sh"

lan_host h3 10.0.0.3 enp3s0
for driver in packet pcap; do
	start_switch --uplink "enp3s0,driver=$driver" --taps tap0
	tap_host "h1$driver" 10.0.0.1 tap0
	{
		echo "open a h1$driver/tap0"
		echo "open c h3/eth0"
		for len in 14 15 17 18 20 46 59 60; do
			echo "send a dst=bcast src=1 len=$len"
			echo "expect c"
			echo "send c dst=1 src=3 len=$len"
			echo "expect a"
		done
		# the kernel drops shorter tagged frames at a NIC
		for len in 20 21 63; do
			echo "send a dst=bcast src=1 tag=8100:6 len=$len"
			echo "expect c"
			echo "send c dst=1 src=3 tag=88a8:6 len=$len"
			echo "expect a"
		done
	} >"$WORK/script"
	check "each frame keeps its length, driver $driver" frames <"$WORK/script"
	check_books
	stop_switch
done
finish
