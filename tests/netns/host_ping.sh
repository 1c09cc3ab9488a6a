#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The host keeps its address on the uplink; host, guests and LAN reach each
# other by IPv4 and IPv6, also from a VLAN interface and a macvlan of the uplink.
# A firewall rule of the host holds for guests, and never sees our mark.
IPV6=1
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/host.sh"

host_uplink
ip -6 addr add fd00::9/64 dev enp3s0 nodad
before=$(ip -o addr show enp3s0; ip route; ip rule)
start_switch --uplink "$UPLINK" --taps tap0,tap1
need_host_access
start_monitor
tap_host h1 10.0.0.1 tap0
tap_host h2 10.0.0.2 tap1
ip -n h1 -6 addr add fd00::1/64 dev tap0 nodad
ip -n lan -6 addr add fd00::3/64 dev eth0 nodad

for way in '. 10.0.0.1' '. 10.0.0.2' '. 10.0.0.3' 'h1 10.0.0.9' 'h2 10.0.0.9' \
	'h1 10.0.0.2' 'h1 10.0.0.3' 'lan 10.0.0.1' 'lan 10.0.0.9' \
	'. fd00::1' 'h1 fd00::9' 'h1 fd00::3' 'lan fd00::9'; do
	# shellcheck disable=SC2086
	check "$way" reaches $way
done
# the guest asks first, for an address that it has not heard yet
ip -n h1 neigh flush all
ip neigh flush all
check 'the guest finds the host' reaches h1 10.0.0.9
matches 'the host port shows the host' \
	"$(ctl ports | jq -r '.ports[] | select(.name == "enp3s0-host") | .addresses[]')" 10.0.0.9
is 'addresses, routes and rules are as before' \
	"$(ip -o addr show enp3s0; ip route; ip rule)" "$before"

if ip link add link enp3s0 name enp3s0.7 type vlan id 7 2>/dev/null; then
	ip addr add 10.7.0.9/24 dev enp3s0.7
	ip link set enp3s0.7 up
	ip -n h1 link add link tap0 name tap0.7 type vlan id 7
	ip -n h1 addr add 10.7.0.1/24 dev tap0.7
	ip -n h1 link set tap0.7 up
	check 'host to guest in VLAN 7' reaches . 10.7.0.1
	check 'guest to host in VLAN 7' reaches h1 10.7.0.9
else
	echo 'note: this kernel has no VLAN interfaces'
fi

host child
ip link add mv0 link enp3s0 netns child type macvlan mode bridge
address child mv0 10.0.0.8
check 'a macvlan of the uplink to a guest' reaches child 10.0.0.1
check 'a guest to a macvlan of the uplink' reaches h1 10.0.0.8
is 'the macvlan is behind the host port' "$(fdb 02:00:00:00:00:08)" enp3s0-host
is 'no address moved' "$(grep -c mac_moved "$WORK/sw.events")" 0

if command -v nft >/dev/null; then
	nft -f - <<-'END'
		table ip t {
			counter marked { }
			chain in {
				type filter hook input priority 0;
				meta mark != 0 counter name marked
				ip saddr 10.0.0.1 icmp type echo-request drop
			}
		}
	END
	check 'a rule of the host stops one guest' \
		eval '! in_ns h1 ping -q -n -c 2 -i 0.2 -W 1 10.0.0.9 >/dev/null'
	check 'and not the other' reaches h2 10.0.0.9
	is 'the firewall saw no mark' \
		"$(nft -j list counter ip t marked | jq '.nftables[1].counter.packets')" 0
else
	echo 'note: nft is not installed, the firewall was not tested'
fi
finish
