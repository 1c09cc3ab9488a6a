#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# After kill -9 a new start takes everything over: the control socket, the NIC,
# TAPs that the switch created and TAPs that existed before. TAPs for virtual
# machines stay, until a switch that uses them ends normally.
. "$(dirname "$0")/lib.sh"

lan_host h3 10.0.0.3 enp3s0
host h1
ip tuntap add tap9 mode tap
ip addr add 10.0.0.9/24 dev tap9
before=$(ip -d link show enp3s0)
for turn in 1 2 3; do
	start_switch --uplink enp3s0 --taps tap0,tap9 --vm-taps vm0
	ip link set tap0 netns h1
	address h1 tap0 10.0.0.1
	check "start $turn: h1 reaches h3" reaches h1 10.0.0.3
	check "start $turn: a TAP that existed before reaches h3" reaches . 10.0.0.3
	check_books
	kill -KILL "${SW_PID[$SW]}"
	wait "${SW_PID[$SW]}" || :
	unset "SW_PID[$SW]"
	check 'the TAP that it created is gone' [ -z "$(ip -n h1 -o link show tap0 2>/dev/null)" ]
	check 'the other TAP still exists' [ -e /sys/class/net/tap9 ]
	check 'so does the TAP for a virtual machine' [ -e /sys/class/net/vm0 ]
	is 'the NIC is no longer promiscuous' "$(ip -d link show enp3s0)" "$before"
done
start_switch --port vmtap:vm0,create=no
stop_switch
check 'a switch that did not create it leaves it' [ -e /sys/class/net/vm0 ]
ip tuntap add vm9 mode tap
start_switch --vm-taps vm0,vm9
SW=two start_switch --vm-taps vm0
SW=two stop_switch
check 'a second switch does not remove it' [ -e /sys/class/net/vm0 ]
stop_switch
check 'a TAP that an earlier switch created is gone' [ ! -e /sys/class/net/vm0 ]
check 'a TAP that another program created still exists' [ -e /sys/class/net/vm9 ]
finish
