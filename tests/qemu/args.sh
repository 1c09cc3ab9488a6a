#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# QEMU accepts the options that qswitchctl qemu-args prints: one guest for each.
. "$(dirname "$0")/guest.sh"

lan
start_switch --uplink enp3s0 --vm-taps tap0 --port qemu:/run/vm.sock \
	--port qemu:tcp:127.0.0.1:5555,name=tcp \
	--port 'qemu:/run/a guest.sock,name=odd' \
	--port dgram:/run/sw.sock,remote=/run/guest.sock,name=dgram \
	--port dgram:udp:127.0.0.1:5001,remote=127.0.0.1:5002,name=udp \
	--port vde:/run/vde
for port in tap0 vm.sock tcp odd dgram udp vde; do
	args=$(qswitchctl --name $SW qemu-args "$port")
	eval "launch_guest $port $args"
done
for port in tap0 vm.sock tcp odd dgram udp vde; do
	booted $port
	check "$port: DHCP" gets_address $port
	check "$port: ping" pings $port "$SERVER"
	kill_guest $port
done
matches 'qemu-args rejects an uplink' \
	"$(qswitchctl --name $SW qemu-args enp3s0 2>&1)" 'cannot plug into a port of kind nic'
PORTS_REMOVED=1
finish
