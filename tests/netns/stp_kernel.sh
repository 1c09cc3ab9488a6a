#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A ring of two switches and a kernel bridge that understand each other's BPDUs:
# the root, the blocked port, and a silent failure.
#
#      s1 (4096, root) --- s2 (8192)
#         \               /
#          kernel bridge (12288)

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/stp.sh"
need jq

cable s1a s2a
cable s1b k1
cable s2b k2
ip link add kbr type bridge stp_state 1 priority 12288 forward_delay 400 \
	hello_time 100 max_age 600
for i in k1 k2; do
	ip link set $i master kbr
	ip link set $i type bridge_slave cost 10
done
ip link set kbr up
host hk
wire kh hk
ip link set kh master kbr
address hk eth0 10.0.0.9

fast_switch s1 --stp-priority 4096 --port nic:s1a,cost=10 \
	--port nic:s1b,cost=10 --taps t1
fast_switch s2 --stp-priority 8192 --port nic:s2a,cost=10 \
	--port nic:s2b,cost=10 --taps t2
tap_host h1 10.0.0.1 t1
tap_host h2 10.0.0.2 t2
start_beacon h1/t1 h2/t2 hk/eth0
follow_events

# br_is PORT STATE: the number in the kernel, 3 for forwarding, 4 for blocking
br_is() {
	[ "$(cat "/sys/class/net/$1/brport/state")" = "$2" ]
}
# plain ID: the identifier as brctl prints it, 1000.aabbccddeeff
plain() {
	tr -d : <<<"$1"
}

within 20 'the kernel accepts s1 as the root' \
	answers "$(plain "$(stp s1 .bridge_id)")" \
	cat /sys/class/net/kbr/bridge/root_id
within 20 'so does s2' port_is s2 s2a root forwarding
within 20 'the kernel blocks its port to s2, whose priority is better' br_is k2 4
within 20 'and forwards on its port to s1' br_is k1 3
within 20 's2 is designated on the LAN to the kernel' port_is s2 s2b designated forwarding
within 10 'h1 reaches the host behind the kernel' reaches h1 10.0.0.9
within 10 'h2 does too' reaches h2 10.0.0.9

silence k1
within 16 'the kernel goes through s2 when it no longer hears the root' br_is k2 3
within 10 'h1 reaches the host behind the kernel, the other way round' \
	reaches h1 10.0.0.9
unplug k1
within 5 'the kernel notices that k1 is unplugged' br_is k1 0
ip link set k1-end master "${HUB_OF[k1]}"
plug k1
within 20 'the kernel blocks again' br_is k2 4
within 20 'h1 reaches the host behind the kernel' reaches h1 10.0.0.9

unplug s2a
within 10 's2 goes through the kernel when its link is down' \
	port_is s2 s2b root forwarding
within 20 'the kernel is now designated on the LAN to s2' br_is k2 3
within 10 'h1 reaches h2 through the kernel' reaches h1 10.0.0.2

stop_beacon 16000
finish
