#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# VDE clients (--port vde:DIR): QEMU's -netdev vde, and two vde_plugs that
# connect two switches.
. "$(dirname "$0")/guest.sh"
need vde_plug dpipe

lan
start_switch --uplink enp3s0 --port vde:/run/vde
if qemu-system-x86_64 -netdev help 2>/dev/null | grep -qx vde; then
	guest one -netdev vde,id=n,sock=/run/vde -device $NIC
	works one '(vde)'
	matches 'the switch names the client' "$(fact vde-1 vde_client)" 'QEMU|qemu|user'
	kill_guest one
fi

PORTS_REMOVED=1
check_books
stop_switch
start_switch --stp off --uplink enp3s0 --port vde:/run/vde
SW=far
start_switch --stp off --port vde:/run/far --taps tap0
tap_host h1 10.0.0.50 tap0
start_monitor
seen=$(events)
dpipe vde_plug /run/vde = vde_plug /run/far &
wait_event "$seen" '"port_up".*"vde-1"'
check 'h1 reaches the LAN through two vde_plugs' reaches h1 "$SERVER"
finish
