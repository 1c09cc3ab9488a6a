#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Guests whose TAPs QEMU makes, with qswitch-ifup and qswitch-ifdown as its
# scripts.
. "$(dirname "$0")/guest.sh"

lan
export QSWITCH_NAME=$SW
UP=$TOP/packaging/qswitch-ifup DOWN=$TOP/packaging/qswitch-ifdown
start_switch --uplink enp3s0
launch_guest on -netdev tap,id=n,ifname=tap7,"script=$UP,downscript=$DOWN" \
	-device $NIC,mac=02:00:00:00:01:01
launch_guest off -netdev tap,id=n,ifname=tap8,"script=$UP,downscript=$DOWN" \
	-device $NIC,mac=02:00:00:00:01:02,$OFFLOADS_OFF
booted on
booted off
works on '(offloads on)'
works off '(offloads off)'
check 'guest to guest' pings on "$(guest_address off)"
start_monitor
seen=$(events)
in_guest on 'poweroff -f' & # ends QEMU, which runs the script
wait_event "$seen" '"port_removed".*"tap7"'
kill_guest off # it cannot run its script: the port goes with the TAP
wait_event "$seen" '"port_removed".*"tap8"'
is 'no port of theirs is left' "$(ctl ports | jq '.ports | length')" 1
PORTS_REMOVED=1
finish
