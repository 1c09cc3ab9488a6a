#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# TCP and DHCP between host and guest with every combination of offloads at
# both ends, with the host as the DHCP server, on both drivers. With offloads on,
# super-frames stay whole in both directions.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/host.sh"
need ethtool curl busybox dnsmasq

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
	done
done
is 'nothing was too long' "$(ctl ports | jq '[.ports[].tx_oversize] | add')" 0
finish
