#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The host is unchanged after SIGTERM and SIGINT; and while the switch runs,
# addresses, routes and offload settings stay the same.
. "$(dirname "$0")/lib.sh"
need ethtool

lan_host h3 10.0.0.3 enp3s0
ip addr add 10.0.0.9/24 dev enp3s0
ip route add 192.0.2.0/24 via 10.0.0.3
ip tuntap add up0 mode tap
ip link set up0 up
ip tuntap add down0 mode tap

# Without the virtio header of TAPs: it is not a setting of the host but that of
# the last program that opened the TAP.
host_state() {
	ip -o -d link | sed -E 's/ (qdisc|vnet_hdr) [a-z_]+//g'
	ip -o addr
	ip route
	ip rule
	for i in enp3s0 up0 down0; do
		ethtool -k $i | sed 's/ \[requested on\]//' |
			grep -v udp_tnl
	done
	cat /proc/sys/net/ipv4/ip_forward
}

# carrier_lost IF: wait until the kernel reports it
carrier_lost() {
	grep -qm1 NO-CARRIER < <(
		ip -o link show "$1"
		exec timeout 5 ip -o monitor link dev "$1"
	)
}

# a shell ignores SIGINT for what it starts in the background, and so would we
SWITCH_BY=(env --default-signal=INT)
before=$(host_state)
addresses=$(ip -o addr show enp3s0)$(ip route)$(ethtool -k enp3s0)
for signal in TERM INT; do
	for driver in packet pcap; do
		start_switch --uplink "enp3s0,driver=$driver" \
			--taps tap0,up0,down0
		tap_host h1 10.0.0.1 tap0
		check 'the switch forwards' reaches h1 10.0.0.3
		check 'the host still has its own address' reaches . 10.0.0.3
		is "addresses, routes and offloads are unchanged while it runs ($driver)" \
			"$(ip -o addr show enp3s0)$(ip route)$(ethtool -k enp3s0)" \
			"$addresses"
		check_books
		stop_switch $signal
		ip netns del h1
		# the kernel reports the loss a moment later
		check 'the TAP lost its carrier' carrier_lost up0
		is "the host is unchanged after SIG$signal ($driver)" \
			"$(host_state)" "$before"
		check 'the control socket is gone' [ ! -e /run/qswitch/sw.sock ]
	done
done

# What was renamed meanwhile is restored all the same.
renames() { ip link set "$1" name "$2" 2>"$WORK/said"; }
ip link set enp3s0 down
start_switch --uplink enp3s0 --taps down0 --vm-taps made0
if renames enp3s0 other0; then
	check 'a TAP is renamed' renames down0 down1
	check 'a TAP of its own is renamed' renames made0 made1
	stop_switch
	is 'a network interface that it brought up is down again' \
		"$(ip -o link show other0 up)" ''
	is 'a TAP that it brought up is down again' \
		"$(ip -o link show down1 up)" ''
	check 'the TAP that it made is gone' test ! -e /sys/class/net/made1
fi
finish
