#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# --network with the words that other products have made known: bridged takes
# the interface of the default route, and says so if there is none.
. "$(dirname "$0")/nat_lib.sh"
needs_nat

lan_host h3 10.0.0.3 enp3s0
status=0
timeout 10 qswitchd --name other --network bridged 2>"$WORK/said" || status=$?
is 'without a default route, bridged is a mistake' $status 2
matches 'with a sentence' "$(cat "$WORK/said")" \
	'--network bridged: no interface has a default route: name the interface with --uplink'
ip addr add 10.0.0.9/24 dev enp3s0
ip route add default via 10.0.0.3
start_switch --network bridged --taps tap0
is 'bridged is the interface of the default route' "$(port enp3s0 uplink)" true
tap_host h1 10.0.0.1 tap0
check 'the guest is on the LAN' reaches h1 10.0.0.3
check_books
stop_switch
start_switch --network nat --network host-only --stp off
is 'nat and host-only are ports' \
	"$(ctl ports | jq -r '[.ports[] | "\(.kind) \(.up)"] | join(", ")')" \
	'nat true, host true'
is 'the host has its address there' "$(ip -4 -j addr show dev host-only |
	jq -r '.[0].addr_info[0].local')" 192.168.57.1
finish
