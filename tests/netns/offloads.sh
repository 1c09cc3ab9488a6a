#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# DHCP and HTTP work with every combination of offloads at both ends, and with
# the offloads of the NIC on and off. DRIVER selects the driver of the NIC.
#
# The usual fault is an unfinished checksum: udhcpc verifies it on a packet
# socket and drops the offer, while ping still works.
. "$(dirname "$0")/lib.sh"
need ethtool curl busybox dnsmasq

lan_host h3 10.0.0.3 enp3s0
start_switch --uplink "enp3s0,driver=${DRIVER:-packet}" --taps tap0
tap_host h1 10.0.0.1 tap0

www=$WORK/www
mkdir "$www"
head -c 600000 /dev/urandom >"$www/file"
in_ns h1 busybox httpd -p 80 -h "$www"
in_ns h3 busybox httpd -p 80 -h "$www"
in_ns h3 dnsmasq --keep-in-foreground --conf-file=/dev/null --user=root \
	--port=0 --interface=eth0 --bind-interfaces --no-ping --pid-file= \
	--dhcp-range=10.0.0.100,10.0.0.200,1h --log-facility=- \
	--dhcp-leasefile="$WORK/leases" 2>"$WORK/dnsmasq.log" &
wait_line "$WORK/dnsmasq.log" 'sockets bound' || fail 'dnsmasq did not start'

# the script of udhcpc records the address
cat >"$WORK/bound" <<-'SCRIPT'
	#!/bin/sh
	[ "$1" != bound ] || echo "$ip" >"$WORK/lease"
SCRIPT
chmod +x "$WORK/bound"

# dhcp HOST IF: a lease from h3
dhcp() {
	rm -f "$WORK/lease"
	in_ns "$1" env WORK="$WORK" busybox udhcpc -f -q -n -t 5 -T 2 -i "$2" \
		-s "$WORK/bound" >"$WORK/udhcpc.log" 2>&1
	grep -q '^10\.0\.0\.1..$' "$WORK/lease"
}

# fetch HOST IP: the file from IP is the one it serves
fetch() {
	in_ns "$1" curl -sS --max-time 20 "http://$2/file" |
		cmp -s - "$www/file"
}

# combination N: "tx on tso off ..." from the bits of N
combination() {
	local bit=0 f
	for f in tx tso gso gro; do
		(($1 >> bit++ & 1)) && echo "$f on" || echo "$f off"
	done
}

# try TAP-OFFLOADS LAN-OFFLOADS
try() {
	# shellcheck disable=SC2086,SC2046
	in_ns h1 ethtool -K tap0 $1 >/dev/null 2>&1 || :
	# shellcheck disable=SC2086,SC2046
	in_ns h3 ethtool -K eth0 $2 >/dev/null 2>&1 || :
	fetch h1 10.0.0.3 || fail "HTTP, LAN to TAP; tap0 $1; eth0 $2"
	fetch h3 10.0.0.1 || fail "HTTP, TAP to LAN; tap0 $1; eth0 $2"
	dhcp h1 tap0 || fail "DHCP; tap0 $1; eth0 $2"
}

on='tx on tso on gso on gro on' off='tx off tso off gso off gro off'
for nic in "$off" "$on"; do
	# shellcheck disable=SC2086
	ethtool -K enp3s0 $nic >/dev/null
	for tap in "$on" "$off"; do
		for lan in "$on" "$off"; do
			try "$tap" "$lan"
		done
	done
	echo "ok - with these offloads of the NIC: $nic"
done

for ((a = 0; a < 16; a++)); do
	for ((b = 0; b < 16; b++)); do
		try "$(combination $a | xargs)" "$(combination $b | xargs)"
	done
done
echo 'ok - 16 x 16 combinations of tx tso gso gro'
finish
