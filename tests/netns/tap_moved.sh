#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# While the switch runs, the network side of a TAP moves into the namespace of a
# container and then into another. The kernel reports a deletion each time; the
# port stays, keeps its counters, and follows what happens to its network side
# there: up or down, and its MTU.
. "$(dirname "$0")/lib.sh"

lan_host h3 10.0.0.3 enp3s0
start_switch --uplink enp3s0 --taps tap0
start_monitor
seen=$(events)
tap_host c1 10.0.0.1 tap0
check 'the first container reaches the LAN' reaches c1 10.0.0.3

host c2
in_ns c1 ip link set tap0 netns c2
address c2 tap0 10.0.0.2
check 'the second container reaches the LAN' reaches c2 10.0.0.3
check 'the LAN reaches the second container' reaches h3 10.0.0.2
is 'the port is up' "$(port tap0 up)" true
# (it was briefly down: the kernel takes an interface down to move it)
is 'no event reports a deletion' \
	"$(tail -n "+$((seen + 1))" "$WORK/$SW.events" | grep -c deleted)" 0
seen=$(events)

# it goes down there, which the next frame to it tells; its address is forgotten
is 'the address of the second container is known' \
	"$(fdb 02:00:00:00:00:02)" tap0
ip -n c2 link set tap0 down mtu 1400
in_ns h3 ping -q -n -c 1 -W 0.1 10.0.0.2 >/dev/null || :
wait_event "$seen" 'port_down.*tap0'
matches 'the port is down, with a reason' "$(port tap0 reason)" \
	'tap0 is down in its namespace'
is 'the address is forgotten' "$(fdb 02:00:00:00:00:02)" ''
seen=$(events)
ip -n c2 link set tap0 up
wait_event "$seen" 'port_up.*tap0'
is 'the port has the MTU of its network side' "$(port tap0 mtu)" 1400
ip -n c2 addr replace 10.0.0.2/24 dev tap0
check 'the LAN reaches the second container again' reaches h3 10.0.0.2
seen=$(events)

# the TAP really disappears with its container; the operator wants it again
ip netns del c2
wait_event "$seen" 'port_down.*tap0'
ctl port up tap0 >/dev/null
wait_event "$seen" 'port_up.*tap0'
ip link set tap0 netns c1
address c1 tap0 10.0.0.1
check 'a new TAP of that name works in the first container' reaches c1 10.0.0.3
finish
