#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A port drops and counts a frame larger than its MTU and never truncates it;
# the other ports of a flood send the whole frame.
. "$(dirname "$0")/lib.sh"

host h3
wire enp3s0 h3
ip link set enp3s0 mtu 4000
ip -n h3 link set eth0 mtu 4000
start_switch --uplink enp3s0 --port tap:tap0 --port tap:tap1,mtu=4000
tap_host h1 10.0.0.1 tap0
tap_host h2 10.0.0.2 tap1
errors=$(port tap0 tx_error) # from the move into h1

check 'small frames pass, large ones only where they fit' frames <<-EOF2
	open a h1/tap0
	open b h2/tap1
	open c h3/eth0
	send a dst=bcast src=1 len=1514
	expect b
	expect c
	send c dst=bcast src=3 len=4014
	expect b
	send c dst=1 src=3 len=1519
	send c dst=1 src=3 len=4014
	send c dst=1 src=3 len=1514
	expect a
	send c dst=1 src=3 tag=8100:2 len=1518
	expect a
	send c dst=1 src=3 tag=8100:2 len=1523
	send b dst=1 src=2 len=4000
	send b dst=1 src=2 len=60
	expect a
EOF2
is 'tap0 counted the frames that were too long' "$(port tap0 tx_oversize)" 5
is 'tap1 sent all' "$(port tap1 tx_oversize)" 0
is 'enp3s0 sent all' "$(port enp3s0 tx_oversize)" 0
is 'tap0 counted no other error' "$(port tap0 tx_error)" "$errors"

# an MTU that grows at run time
ip -n h1 link set tap0 mtu 9018
ip -n h3 link set eth0 mtu 9000
start_monitor
seen=$(events)
ip link set enp3s0 mtu 9000 down
wait_event "$seen" 'port_down.*enp3s0'
seen=$(events)
ip link set enp3s0 up
wait_event "$seen" 'port_state.*enp3s0.*forwarding|forwarding.*enp3s0'
is 'the larger MTU is known' "$(port enp3s0 mtu)" 9000
check 'the largest frames pass, with each kind of tag' frames <<-EOF2
	open a h1/tap0
	open c h3/eth0
	send a dst=3 src=1 len=9014
	expect c
	send a dst=3 src=1 tag=8100:2 len=9018
	expect c
	send a dst=3 src=1 tag=88a8:2 len=9018
	expect c
EOF2
finish
