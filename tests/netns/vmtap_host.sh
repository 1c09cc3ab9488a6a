#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The host's own stack takes no frame of a guest on a vmtap, and the guest none
# of the host's, whatever the guest does. A second switch is the guest's QEMU:
# it holds tap0, behind which guest is a computer with g0.
IPV6=1
. "$(dirname "$0")/lib.sh"
need busybox socat

# the host is a router with an address on the uplink
sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
	net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
IPV6='' lan_host lan 10.0.0.1 enp3s0 # what the LAN says the host may hear
ip addr add 10.0.0.9/24 dev enp3s0
start_switch --stp off --uplink enp3s0,host=no --vm-taps tap0
HOST_MAC=$(cat /sys/class/net/tap0/address)
SW=vm
start_switch --stp off --taps tap0,g0
SW=sw
start_monitor
tap_host guest 10.0.0.5 g0
[ "$(port tap0 up)" = true ] || wait_event 0 '"port_up".*"tap0"'

for key in ipv6/conf/tap0/disable_ipv6=1 ipv6/conf/tap0/accept_ra=0 \
	ipv4/conf/tap0/arp_ignore=8 ipv4/conf/tap0/rp_filter=1 \
	ipv4/conf/tap0/forwarding=0; do
	is "$key" "$(cat "/proc/sys/net/${key%=*}")" "${key#*=}"
done

socat -u UDP4-RECV:67 "OPEN:$WORK/heard,creat" &
socat -u UDP4-RECV:4000 "OPEN:$WORK/heard,creat,append" &
until [ "$(ss -Hlun '( sport = 67 or sport = 4000 )' | wc -l)" = 2 ]; do :; done

# what the host's stack has taken: packets of both families
taken() {
	awk '/^Ip: [0-9]/ { print $4 } /^Ip6InReceives/ { print $2 }' \
		/proc/net/snmp /proc/net/snmp6 | tr '\n' ' '
}
from_guest() {
	in_ns guest "$@" >/dev/null 2>&1 || :
}
as_host() {
	ip -n guest neigh replace 10.0.0.9 lladdr "$1" nud permanent dev g0
}

[ "$(ctl ports | jq -r '.ports[] | select(.name == "tap0").facts["host'"'"'s stack"]')" = 'shut out' ] ||
	SHUT=no
check 'the guest reaches the LAN' reaches guest 10.0.0.1
before=$(taken)
for mac in "$HOST_MAC" ff:ff:ff:ff:ff:ff 01:00:5e:00:00:01; do
	as_host "$mac"
	from_guest ping -c 1 -W 1 10.0.0.9
	from_guest bash -c 'echo in >/dev/udp/10.0.0.9/4000'
	# by way of the host, past the switch
	ip -n guest route replace 192.0.2.0/24 via 10.0.0.9
	from_guest ping -c 1 -W 1 192.0.2.1
done
ip -n guest neigh del 10.0.0.9 dev g0
is 'no packet for its address is taken' \
	"$(! [ -s "$WORK/heard" ] || echo heard)" ''
from_guest busybox arping -c 1 -w 1 -I g0 10.0.0.9
is 'no neighbor on tap0' "$(ip neigh show dev tap0)" ''
[ "${SHUT:-}" ] &&
	skip 'a shield needs Linux 6.6 and CAP_BPF; the settings passed'
from_guest busybox udhcpc -i g0 -f -q -n -t 1 -T 1 -s /bin/true
from_guest ping -6 -c 1 -W 1 ff02::1%g0
is 'no DHCP request is heard' \
	"$(! [ -s "$WORK/heard" ] || echo heard)" ''
is 'nothing of any kind' "$(taken)" "$before"

# nor does the host's stack speak there, though it has an address
SW=vm
ip addr add 10.9.9.1/24 dev tap0
seen=$(port tap0 rx_frames)
ping -q -c 1 -W 1 10.9.9.2 >/dev/null && fail 'the host reached a guest'
is 'the guest hears nothing of the host' "$(port tap0 rx_frames)" "$seen"
SW=sw
check 'and the LAN as before' reaches guest 10.0.0.1

# a killed switch leaves the settings, the next one shuts it out again
kill -KILL "${SW_PID[sw]}"
wait_gone "${SW_PID[sw]}" 2>/dev/null || :
start_switch --stp off --uplink enp3s0,host=no --vm-taps tap0
before=$(taken)
as_host "$HOST_MAC"
from_guest ping -c 1 -W 1 10.0.0.9
is 'a new switch shuts it out, too' "$(taken)" "$before"
finish
