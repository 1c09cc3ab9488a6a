#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Guests over TCP (--port qemu:tcp:HOST:PORT): QEMU's stream and its older
# socket.
. "$(dirname "$0")/guest.sh"

lan
start_switch --uplink enp3s0 --port qemu:tcp:127.0.0.1:5555
launch_guest new -device $NIC,mac=02:00:00:00:01:01 -netdev \
	stream,id=n,server=off,addr.type=inet,addr.host=127.0.0.1,addr.port=5555
launch_guest old -device $NIC,mac=02:00:00:00:01:02 \
	-netdev socket,id=n,connect=127.0.0.1:5555
booted new
booted old
works new '(stream over TCP)'
works old '(socket over TCP)'
check 'guest to guest' pings new "$(guest_address old)"
kill_guest new
kill_guest old
PORTS_REMOVED=1
finish
