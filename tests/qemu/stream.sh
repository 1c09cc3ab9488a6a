#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Guests on QEMU's stream socket (--port qemu:PATH): two on one path reach the
# LAN and each other; one is killed and started again. The switch is killed and
# started again while a peer reconnects: a guest if QEMU can, and in any case a
# second switch.
. "$(dirname "$0")/guest.sh"

lan
start_switch --uplink enp3s0 --port qemu:/run/vm.sock

launch_guest one -device $NIC,mac=02:00:00:00:01:01 -netdev \
	stream,id=n,server=off,addr.type=unix,addr.path=/run/vm.sock
booted one
launch_guest two -device $NIC,mac=02:00:00:00:01:02 -netdev \
	stream,id=n,server=off,addr.type=unix,addr.path=/run/vm.sock
booted two
works one '(stream)'
works two '(stream)'
check 'guest to guest' pings one "$(guest_address two)"
is "the VM's name" "$(fact vm-1 vm)" one
is "the VM's process" "$(fact vm-2 pid)" "${GUEST_PID[two]}"

start_monitor
seen=$(events)
kill_guest two
wait_event "$seen" '"port_removed".*"vm-2"'
guest two -device $NIC,mac=02:00:00:00:01:02 -netdev \
	stream,id=n,server=off,addr.type=unix,addr.path=/run/vm.sock
works two '(killed and started again)'
kill_guest one
kill_guest two

# QEMU 8.0 and later reconnects while its guest runs; qemu-args prints the
# option.
reconnect=$(qswitchctl --name $SW qemu-args vm.sock |
	grep -o ',reconnect[-ms]*=[0-9]*' || :)
if [ "$reconnect" ]; then
	guest three -device $NIC,mac=02:00:00:00:01:03 -netdev \
		"stream,id=n,server=off,addr.type=unix,addr.path=/run/vm.sock$reconnect"
	works three '(before)'
	kill -KILL "${SW_PID[sw]}"
	wait_gone "${SW_PID[sw]}" 2>/dev/null || :
	start_switch --uplink enp3s0 --port qemu:/run/vm.sock
	wait_up vm-1
	works three "(the switch killed and started again$reconnect)"
	kill_guest three
fi

# A second switch that connects to the first is another peer that reconnects.
PORTS_REMOVED=1
check_books
stop_switch
start_switch --stp off --uplink enp3s0 --port qemu:/run/vm.sock
SW=far
start_switch --stp off --port qemu:/run/vm.sock,connect=yes,name=up --taps tap0
tap_host h1 10.0.0.50 tap0
check 'through a stream between switches' reaches h1 "$SERVER"
SW=sw
kill -KILL "${SW_PID[sw]}"
wait_gone "${SW_PID[sw]}" 2>/dev/null || :
start_switch --stp off --uplink enp3s0 --port qemu:/run/vm.sock
wait_line "$WORK/far.log" 'up: up' 3 || fail 'the second switch did not reconnect'
check 'the switch killed and started again' reaches h1 "$SERVER"
finish
