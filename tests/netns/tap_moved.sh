#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# While the switch runs, the network side of a TAP moves into the namespace of a
# container and then into another. The kernel reports a deletion each time; the
# port stays up and keeps its counters.
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

# the TAP really disappears with its container
ip netns del c2
wait_event "$seen" 'port_down.*tap0'
wait_event "$seen" 'port_up.*tap0'
ip link set tap0 netns c1
address c1 tap0 10.0.0.1
check 'a new TAP of that name works in the first container' reaches c1 10.0.0.3
finish
