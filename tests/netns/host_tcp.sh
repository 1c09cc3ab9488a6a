#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# TCP, UDP and DHCP between host and guest with every combination of offloads at
# both ends, with the host as the DHCP server. With offloads on, super-frames stay
# whole in both directions. Nothing of all that is on the wire. DRIVER selects the
# driver of the NIC.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/host.sh"
need ethtool curl busybox dnsmasq socat tcpdump

host_uplink
start_switch --uplink "$UPLINK" --taps tap0
need_host_access
tap_host h1 10.0.0.1 tap0

www=$WORK/www
mkdir "$www"
head -c 2000000 /dev/urandom >"$www/file"
in_ns h1 busybox httpd -p 80 -h "$www"
busybox httpd -p 80 -h "$www"
dnsmasq --keep-in-foreground --conf-file=/dev/null --user=root \
	--port=0 --interface=enp3s0 --bind-interfaces --no-ping --pid-file= \
	--dhcp-range=10.0.0.100,10.0.0.200,1h --log-facility=- \
	--dhcp-leasefile="$WORK/leases" 2>"$WORK/dnsmasq.log" &
wait_line "$WORK/dnsmasq.log" 'sockets bound' || fail 'dnsmasq did not start'

# the script of udhcpc records the address
cat >"$WORK/bound" <<-'SCRIPT'
	#!/bin/sh
	[ "$1" != bound ] || echo "$ip" >"$WORK/lease"
SCRIPT
chmod +x "$WORK/bound"

dhcp() {
	rm -f "$WORK/lease"
	in_ns h1 env WORK="$WORK" busybox udhcpc -f -q -n -t 5 -T 2 -i tap0 \
		-s "$WORK/bound" >"$WORK/udhcpc.log" 2>&1
	grep -q '^10\.0\.0\.1..$' "$WORK/lease"
}

down() {
	curl -sS --max-time 20 http://10.0.0.1/file | cmp -s - "$www/file"
}

up() {
	in_ns h1 curl -sS --max-time 20 http://10.0.0.9/file | cmp -s - "$www/file"
}

segmented() {
	ctl ports | jq '[.ports[].tx_segmented] | add'
}

# udp FROM TO: 20000 bytes in fragments come back; . is the host
udp() {
	head -c 20000 "$www/file" >"$WORK/datagram"
	local by=(in_ns "$1")
	[ "$1" != . ] || by=()
	"${by[@]}" timeout 10 socat -b 30000 -T 2 - "UDP:$2:9000" \
		<"$WORK/datagram" >"$WORK/echo"
	cmp -s "$WORK/datagram" "$WORK/echo"
}

in_ns h1 socat -b 30000 UDP-RECVFROM:9000,fork EXEC:'head -c 20000' &
socat -b 30000 UDP-RECVFROM:9000,fork EXEC:'head -c 20000' &
until in_ns h1 ss -Hlun | grep -q :9000 && ss -Hlun | grep -q :9000; do :; done

(exec nsenter --net=/run/netns/lan -- tcpdump -i eth0 --immediate-mode -U -Z root \
	-w "$WORK/wire.pcap" 'ip and not ether multicast' \
	2>"$WORK/tcpdump.log") &
tcpdump=$!
check 'host and guest know each other' reaches h1 10.0.0.9
wait_line "$WORK/tcpdump.log" 'listening on' || fail 'tcpdump did not start'

check 'guest to host by TCP' up
check 'host to guest by TCP' down
is 'no super-frame was cut in software' "$(segmented)" 0
for guest in on off; do
	for nic in on off; do
		in_ns h1 ethtool -K tap0 tx $guest tso $guest gso $guest gro $guest >/dev/null 2>&1 || :
		ethtool -K enp3s0 tx $nic tso $nic gso $nic gro $nic >/dev/null 2>&1 || :
		check "DHCP, offloads of guest $guest, of NIC $nic" dhcp
		check 'guest to host by TCP' up
		check 'host to guest by TCP' down
		check 'guest to host by UDP' udp h1 10.0.0.9
		check 'host to guest by UDP' udp . 10.0.0.1
	done
done
check 'host to LAN' reaches . 10.0.0.3
pings() {
	tcpdump -n -r "$WORK/wire.pcap" 'icmp and host 10.0.0.3' 2>/dev/null | wc -l
}
end=$((SECONDS + 10))
until [ "$(pings)" = 2 ]; do
	((SECONDS < end)) || fail 'the capture on the wire does not show the ping'
done
kill "$tcpdump"
wait "$tcpdump" || :
is 'and nothing between host and guest' \
	"$(tcpdump -n -r "$WORK/wire.pcap" 'not host 10.0.0.3' 2>/dev/null | wc -l)" 0
is 'nothing was too long' "$(ctl ports | jq '[.ports[].tx_oversize] | add')" 0
finish
