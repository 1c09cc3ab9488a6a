#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# TCP over IPv6 with offloads on and off at each place, with both drivers: the
# checksum covers another pseudo header, and segmentation differs from IPv4.
IPV6=1
. "$(dirname "$0")/lib.sh"
need ethtool curl busybox

www=$WORK/www
mkdir "$www"
head -c 600000 /dev/urandom >"$www/file"
lan_host h3 10.0.0.3 enp3s0
ip -n h3 addr add fd00::3/64 dev eth0 nodad
in_ns h3 busybox httpd -p '[::]:80' -h "$www"

fetch() {
	in_ns "$1" curl -sS --max-time 20 "http://[$2]/file" |
		cmp -s - "$www/file"
}

on='tx on tso on gso on gro on' off='tx off tso off gso off gro off'
for driver in packet pcap; do
	start_switch --uplink "enp3s0,driver=$driver" --taps tap0
	tap_host "h1$driver" 10.0.0.1 tap0
	ip -n "h1$driver" addr add fd00::1/64 dev tap0 nodad
	in_ns "h1$driver" busybox httpd -p '[::]:80' -h "$www"
	# a host that was connected before the port was ready retries by itself
	for n in {1..8}; do
		tap=$off lan=$off nic=$off
		((n & 1)) || tap=$on
		((n & 2)) || lan=$on
		((n & 4)) || nic=$on
		# shellcheck disable=SC2086
		in_ns "h1$driver" ethtool -K tap0 $tap >/dev/null
		# shellcheck disable=SC2086
		in_ns h3 ethtool -K eth0 $lan >/dev/null
		# shellcheck disable=SC2086
		ethtool -K enp3s0 $nic >/dev/null
		fetch "h1$driver" fd00::3 || fail "$driver, LAN to TAP: $n"
		fetch h3 fd00::1 || fail "$driver, TAP to LAN: $n"
	done
	echo "ok - 8 combinations, driver $driver"
	check_books
	stop_switch
done
finish
