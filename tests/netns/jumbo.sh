#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Jumbo frames: an MTU of 9000 bytes, tagged frames of that size, and ping with
# a payload that fills the MTU.
. "$(dirname "$0")/lib.sh"

host h3
wire enp3s0 h3
ip link set enp3s0 mtu 9000
ip -n h3 link set eth0 mtu 9000
address h3 eth0 10.0.0.3
for driver in packet pcap; do
	start_switch --uplink "enp3s0,driver=$driver" --port tap:tap0,mtu=9000
	h1=h1$driver
	tap_host "$h1" 10.0.0.1 tap0
	is "tap0 has the requested MTU ($driver)" \
		"$(ip -n "$h1" -j link show tap0 | jq '.[0].mtu')" 9000
	is 'ports shows the MTU' "$(port tap0 mtu)" 9000
	check "a ping of 9000 bytes passes unfragmented" \
		in_ns "$h1" ping -q -n -c 2 -W 5 -M "do" -s 8972 10.0.0.3 >/dev/null
	check "crafted frames up to the MTU pass whole, driver $driver" \
		frames <<-EOT
			open a $h1/tap0
			open c h3/eth0
			send a dst=bcast src=1 len=9014
			expect c
			send c dst=1 src=3 len=9014
			expect a
			send c dst=1 src=3 len=9013
			expect a
			send a dst=3 src=1 tag=8100:9 len=9018
			expect c
			send c dst=1 src=3 tag=8100:9 len=9018
			expect a
		EOT
	check_books
	stop_switch
done
finish
