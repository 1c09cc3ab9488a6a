#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Guests on datagram ports: QEMU's dgram over UNIX and UDP sockets, and its
# older socket,udp=.
. "$(dirname "$0")/guest.sh"

lan
start_switch --uplink enp3s0 \
	--port dgram:/run/sw.sock,remote=/run/vm.sock,name=unix \
	--port dgram:udp:127.0.0.1:5001,remote=127.0.0.1:5002,name=udp \
	--port dgram:udp:127.0.0.1:5003,remote=127.0.0.1:5004,name=old
launch_guest unix -device $NIC,mac=02:00:00:00:01:01 -netdev \
	dgram,id=n,local.type=unix,local.path=/run/vm.sock,remote.type=unix,remote.path=/run/sw.sock
launch_guest udp -device $NIC,mac=02:00:00:00:01:02 -netdev \
	dgram,id=n,local.type=inet,local.host=127.0.0.1,local.port=5002,remote.type=inet,remote.host=127.0.0.1,remote.port=5001
launch_guest old -device $NIC,mac=02:00:00:00:01:03 \
	-netdev socket,id=n,udp=127.0.0.1:5003,localaddr=127.0.0.1:5004
for vm in unix udp old; do
	booted $vm
	works $vm
done
check 'guest to guest' pings unix "$(guest_address udp)"
kill_guest unix
guest unix -device $NIC,mac=02:00:00:00:01:01 -netdev \
	dgram,id=n,local.type=unix,local.path=/run/vm.sock,remote.type=unix,remote.path=/run/sw.sock
works unix '(killed and started again)'
for vm in unix udp old; do
	kill_guest $vm
done
finish
