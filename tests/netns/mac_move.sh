#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# When an address appears on another port, its traffic follows at once, and
# monitor reports each move.
. "$(dirname "$0")/lib.sh"

lan_host h3 10.0.0.3 enp3s0
start_switch --uplink enp3s0 --taps tap0,tap1
tap_host h1 10.0.0.1 tap0
tap_host h2 10.0.0.2 tap1
start_monitor
seen=$(events)

check 'frames follow the address' frames <<-EOF2
	open a h1/tap0
	open b h2/tap1
	open c h3/eth0
	send a dst=bcast src=7
	expect b
	expect c
	send c dst=7 src=3
	expect a
	send b dst=bcast src=7
	expect a
	expect c
	send c dst=7 src=3
	expect b
	send a dst=3 src=7
	expect c
	send c dst=7 src=3
	expect a
EOF2
wait_event "$seen" 'mac_moved.*02:c0:ff:ee:00:07'
is 'the table has the port where it was last heard' "$(fdb 02:c0:ff:ee:00:07)" tap0
is 'monitor reported two moves' \
	"$(grep -c mac_moved "$WORK/$SW.events")" 2
finish
