#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Ports come up once. What the kernel said of an interface before it was opened
# (made, not up yet) is heard after that, and is no news any more.

. "$(dirname "$0")/lib.sh"
need jq

host h3
wire enp3s0 h3
ip link set enp3s0 down # the switch brings it up
start_switch --uplink enp3s0 --taps tap0,tap1
start_monitor
# The last of the kernel's words: when this is known, all before it is.
seen=$(events)
ip -n h3 link set eth0 down
wait_event "$seen" 'port_down.*enp3s0'
is 'nothing else has gone down' \
	"$(grep -c ': down: ' "$WORK/$SW.log")" 1
finish
