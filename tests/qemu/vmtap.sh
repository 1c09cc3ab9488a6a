#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Guests on TAPs that QEMU opens itself (--vm-taps), with offloads on and off:
# they reach the LAN and each other; one is killed and started again; the switch
# is killed and started again while they run.
. "$(dirname "$0")/guest.sh"

lan
start_switch --vm-taps tap9
check 'the switch creates a TAP' ip link show tap9 up
stop_switch
check 'and removes it at the end' test ! -e /sys/class/net/tap9
ip tuntap add tap1 mode tap vnet_hdr # one of the two exists already
start_switch --uplink enp3s0 --vm-taps tap0,tap1
is 'no VM yet' "$(port tap0 reason)" 'no VM has opened tap0 yet'

launch_guest on -netdev tap,id=n,ifname=tap0,script=no,downscript=no \
	-device $NIC,mac=02:00:00:00:01:01
launch_guest off -netdev tap,id=n,ifname=tap1,script=no,downscript=no \
	-device $NIC,mac=02:00:00:00:01:02,$OFFLOADS_OFF
booted on
booted off
works on '(offloads on)'
works off '(offloads off)'
check 'guest to guest' pings on "$(guest_address off)"

matches '--taps names the holder and the remedy' \
	"$(qswitchd --name other --taps tap0 2>&1)" \
	"tap0 is held by process ${GUEST_PID[on]} .*--vm-taps tap0"
is "the VM's name" "$(fact tap0 vm)" on
is "the VM's process" "$(fact tap0 pid)" "${GUEST_PID[on]}"
is 'its address' "$(ctl ports | jq -r '.ports[] | select(.name == "tap0").addresses[]')" \
	"$(guest_address on)"

kill_guest off
guest off -netdev tap,id=n,ifname=tap1,script=no,downscript=no \
	-device $NIC,mac=02:00:00:00:01:02
works off '(killed and started again)'

kill -KILL "${SW_PID[$SW]}"
wait_gone "${SW_PID[$SW]}" 2>/dev/null || :
check 'the TAPs outlive the switch' ip link show tap0 up
start_switch --uplink enp3s0 --vm-taps tap0,tap1
check 'traffic resumes under a new switch' pings on "$SERVER"
check 'and a guest downloads 4 MiB' downloads on

kill_guest on
kill_guest off
check_books
stop_switch
check 'the TAP that existed before stays' ip link show tap1
finish
