#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Ports come up once. The kernel reports the creation of an interface, when it
# is not up yet; the switch reads this report after it opened the port and must
# ignore it.

. "$(dirname "$0")/lib.sh"
need jq

host h3
wire enp3s0 h3
ip link set enp3s0 down # the switch brings it up
start_switch --uplink enp3s0 --taps tap0,tap1
start_monitor
# A later report: once the switch has seen it, it has seen all earlier ones.
seen=$(events)
ip -n h3 link set eth0 down
wait_event "$seen" 'port_down.*enp3s0'
is 'no other port has gone down' \
	"$(grep -c ': down: ' "$WORK/$SW.log")" 1
finish
