#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Two daemons connected by a cable: each has its own name, socket and ports;
# stopping one does not affect the other.
. "$(dirname "$0")/lib.sh"

ip link add cable0 type veth peer name cable1
ip link set cable0 up
ip link set cable1 up
lan_host h3 10.0.0.3 enp3s0
SW=one start_switch --taps tap0 --uplink cable0,host=no
# with two uplinks the spanning tree would take 30 s to forward
SW=two start_switch --taps tap1,tap2 --uplink cable1,host=no --uplink enp3s0,host=no --stp off
tap_host h1 10.0.0.1 tap0
tap_host h2 10.0.0.2 tap1
check 'h2 reaches h3 through one switch' reaches h2 10.0.0.3
check 'h1 reaches h2 through both' reaches h1 10.0.0.2
check 'h3 reaches h1 through both' reaches h3 10.0.0.1
is 'the switch one has its ports' "$(SW=one ctl ports | jq -c '[.ports[].name] | sort')" \
	'["cable0","tap0"]'
is 'the switch two has its own' "$(SW=two ctl ports | jq -c '[.ports[].name] | sort')" \
	'["cable1","enp3s0","tap1","tap2"]'
SW=one check_books
SW=one stop_switch
check 'two still works without one' reaches h2 10.0.0.3
finish
