#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Guests on TAPs that QEMU creates, with the scripts qswitch-ifup and
# qswitch-ifdown.
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
in_guest on 'poweroff -f' & # QEMU runs the script when it ends
wait_event "$seen" '"port_removed".*"tap7"'
kill_guest off # QEMU cannot run its script: the TAP removes the port
wait_event "$seen" '"port_removed".*"tap8"'
is 'only the uplink and the host are left' \
	"$(ctl ports | jq -r '[.ports[].name] | join(" ")')" 'enp3s0 enp3s0-host'
PORTS_REMOVED=1
finish
