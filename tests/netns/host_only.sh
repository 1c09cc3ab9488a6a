#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A host-only network: guests get leases from .128 on and reach the host, which
# reaches them; the host's other networks stay out of reach, although the host
# forwards; the DHCP server comes back after its death; nothing is left behind.
. "$(dirname "$0")/nat_lib.sh"
need busybox

lan
sysctl -qw net.ipv4.ip_forward=1
ip -n lan route add default via 192.0.2.1
start_switch --host-only 192.168.57.1/24 --taps tap0,tap1 --stp off
is 'the host has its address' "$(ip -4 -j addr show dev host-only |
	jq -r '.[0].addr_info[0] | "\(.local)/\(.prefixlen)"')" 192.168.57.1/24
for i in 0 1; do
	nat_guest "h$i" "tap$i"
	check "h$i gets a lease" lease "h$i" "tap$i"
	is "h$i has an address from .128 on" "$(ip4 "h$i" "tap$i")" \
		"192.168.57.$((128 + i))"
done
is 'and no router' "$(ip -n h0 route show default)" ''
check 'h0 reaches the host' reaches h0 192.168.57.1
check 'the host reaches h0' reaches . 192.168.57.128
check 'h0 reaches h1' reaches h0 192.168.57.129
socat TCP4-LISTEN:7000,bind=192.168.57.1,fork SYSTEM:'echo from the host' &
until ss -lnt | grep -q :7000; do sleep 0.05; done
is 'TCP from guest to host' \
	"$(in_ns h0 socat -T 10 -t 10 - TCP4:192.168.57.1:7000 </dev/null)" 'from the host'

# a guest that makes the host its router all the same
ip -n h0 route add default via 192.168.57.1
check 'the host does not forward for it' eval '! in_ns h0 ping -q -n -c 2 -W 1 192.0.2.9 >/dev/null'
sysctl -qw net.ipv4.conf.host-only.forwarding=1
check 'and this alone keeps it in' reaches h0 192.0.2.9
sysctl -qw net.ipv4.conf.host-only.forwarding=0

is 'the leases are listed' "$(ctl nat leases | jq -r '[.leases[].address] | join(" ")')" \
	'192.168.57.128 192.168.57.129'
pid=$(nat_pid host-only)
is 'the DHCP server has no capabilities' \
	"$(awk '/^CapEff/ { print $2 }' "/proc/$pid/status")" 0000000000000000
kill -KILL "$pid"
tail -f --pid="$pid" /dev/null
check 'after its death h1 gets the same lease' lease h1 tap1
is 'with the same address' "$(ip4 h1 tap1)" 192.168.57.129
is 'the port never went down' "$(grep -c 'host-only: down' "$WORK/sw.log" || :)" 0

check 'forwarding is an option' ctl port add host:192.168.58.1/24,name=open,forward=yes
is 'of the interface' "$(sysctl -n net.ipv4.conf.open.forwarding)" 1
refused() {
	! timeout 10 qswitchctl --name "$SW" "$@" >"$WORK/said" 2>&1
}
check 'an address that is none is refused' refused port add host:192.168.57.0/24,name=x
matches 'with a sentence' "$(cat "$WORK/said")" 'give the host one of its own'
check_books
pid=$(nat_pid host-only)
stop_switch
check 'the DHCP server ends with the switch' timeout 10 tail -f --pid="$pid" /dev/null
is 'nothing is left' "$(ip -j link show | jq -r '[.[].ifname] | sort | join(" ")')" 'lo out'
finish
