#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Loops through guests: one bridges two of its cards, one a card and an
# interface of its own on the LAN, with and without a spanning tree of its own.
# A port of the guest is blocked, never the uplink, and the switch sends nothing
# of its own to the LAN. The port forwards again when the loop has gone.
#
#     lan --- [ hub ] --- up1 [ switch ] t1, t2 [ guest, bridges them ]
#               +--------------------- t3 [ guest, bridges ]

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/stp.sh"
need jq

for i in up1 lan0 out; do
	ip link add $i type veth peer name $i-end
done
hub hub up1-end lan0-end out-end
ip link set up1 up
host lan
ip link set lan0 netns lan
address lan lan0 10.0.0.254
fast_switch sw --uplink up1 --taps t1,t2,t3,t4 --stp-priority 0
for n in g k; do host $n; done
for i in t1 t2; do ip link set $i netns g; done
for i in t3 out; do ip link set $i netns k; done
tap_host h4 10.0.0.4 t4
follow_events

# guest_bridge NS STP IF...: the guest bridges these interfaces
guest_bridge() {
	in_ns "$1" sh -c "ip link add brg type bridge stp_state $2 \
		forward_delay 200 mcast_snooping 0 && ip link set brg up"
	for i in "${@:3}"; do
		ip -n "$1" link set "$i" master brg up
	done
}
state_is() { [ "$(port "$1" state)" = "$2" ]; }
one_blocked() {
	[ "$(port t1 state) $(port t2 state)" = 'forwarding blocking' ] ||
		[ "$(port t1 state) $(port t2 state)" = 'blocking forwarding' ]
}
both_forward() { state_is t1 forwarding && state_is t2 forwarding; }
no_bpdus() {
	[ "$(stp "$SW" '.ports[] | select(.name == "up1") |
		"\(.state) \(.bpdus_tx)"')" = 'forwarding 0' ]
}

for tree in 0 1; do
	seen=$(events)
	guest_bridge g $tree t1 t2
	wait_event "$seen" '"loop"'
	within 20 "stp_state $tree: a guest bridges two cards: one is blocked" one_blocked
	start_beacon h4/t4 lan/lan0
	check 'h4 reaches the LAN' in_ns h4 \
		ping -q -n -c 10 -i 0.1 -W 5 10.0.0.254
	stop_beacon
	check 'the uplink forwards and is silent' no_bpdus
	ip -n g link del brg
	within 30 'it forwards again when the loop has gone' both_forward
done
matches 'the log names the loop' "$(grep -c 'is blocked: a loop goes through' "$WORK/sw.log")" '^[1-9]'

for tree in 0 1; do
	seen=$(events)
	guest_bridge k $tree t3 out
	wait_event "$seen" '"loop".*"t3"|"t3".*"loop"'
	within 20 "stp_state $tree: a guest bridges a card to the LAN: it is blocked" \
		state_is t3 blocking
	matches 'the switch says why' "$(qswitchctl --name sw stp explain t3)" \
		'loop through the machine'
	start_beacon h4/t4 lan/lan0
	check 'h4 reaches the LAN' in_ns h4 \
		ping -q -n -c 10 -i 0.1 -W 5 10.0.0.254
	stop_beacon
	check 'the uplink forwards and is silent' no_bpdus
	ip -n k link del brg
	within 30 'it forwards again when the loop has gone' state_is t3 forwarding
done
finish
