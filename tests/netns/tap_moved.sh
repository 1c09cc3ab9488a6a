#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The network side of a TAP is moved into a container's namespace and on into
# another while the switch runs. The kernel reports a deletion each time; the
# port stays up and keeps its counters.
. "$(dirname "$0")/lib.sh"

lan_host h3 10.0.0.3 enp3s0
start_switch --uplink enp3s0 --taps tap0
start_monitor
seen=$(events)
tap_host c1 10.0.0.1 tap0
check 'from the first container' reaches c1 10.0.0.3

host c2
in_ns c1 ip link set tap0 netns c2
address c2 tap0 10.0.0.2
check 'from the second container' reaches c2 10.0.0.3
check 'from the LAN' reaches h3 10.0.0.2
is 'the port is up' "$(port tap0 up)" true
# (the kernel takes an interface down that moves, so there were moments)
is 'nobody took it for deleted' \
	"$(tail -n "+$((seen + 1))" "$WORK/$SW.events" | grep -c deleted)" 0
seen=$(events)

# with its container the TAP really goes
ip netns del c2
wait_event "$seen" 'port_down.*tap0'
wait_event "$seen" 'port_up.*tap0'
ip link set tap0 netns c1
address c1 tap0 10.0.0.1
check 'a new TAP of that name serves the first container' reaches c1 10.0.0.3
finish
