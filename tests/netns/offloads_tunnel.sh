#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# TCP inside VXLAN: its super-frames have their transport header behind two IP
# headers. Every file arrives, in time, and no frame is refused as senseless.
# With outer checksums, over IPv6 and VXLAN in VXLAN; between a veth
# (unfinished frames arrive), another one and a TAP, by both drivers.
# The lone AF_PACKET way (xdp=no) is tried as well.
IPV6=1
. "$(dirname "$0")/lib.sh"
need curl busybox
(ip link add probe type vxlan id 1 dstport 4789 local 10.0.0.1 \
	remote 10.0.0.2 && ip link del probe) 2>/dev/null ||
	skip 'this kernel has no VXLAN'

lan_host h2 10.0.0.2 enp2s0
lan_host h3 10.0.0.3 enp3s0
lan_host h4 10.0.0.4 enp4s0
start_switch --stp off --port nic:enp2s0 --port nic:enp3s0,driver=pcap \
	--port nic:enp4s0,xdp=no --taps tap1
tap_host h1 10.0.0.1 tap1
device() {
	[ "$1" = 1 ] && echo tap1 || echo eth0
}
for n in 1 2 3 4; do
	ip -n "h$n" addr add "fd00::$n/64" dev "$(device $n)" nodad
done

www=$WORK/www
mkdir "$www"
head -c 8000000 /dev/urandom >"$www/file"
for n in 1 2 3 4; do
	in_ns "h$n" busybox httpd -p 80 -h "$www"
done

# fetch HOST IP: the file from IP is the one it serves; slow is lost
fetch() {
	in_ns "$1" curl -sS --max-time 5 "http://$2/file" | cmp -s - "$www/file"
}

# end N PEER NAME VNI ADDRESS OPTION...: one end of a VXLAN, whose outer
# addresses begin with ADDRESS
end() {
	ip -n "h$1" link add "$3" type vxlan id "$4" dstport "478$4" \
		local "$5$1" remote "$5$2" "${@:6}"
	ip -n "h$1" link set "$3" up
}

# address_in N NAME NET: the inner address
address_in() {
	ip -n "h$1" addr add "10.$3.0.$1/24" dev "$2"
}

# tunnels A B: all kinds of them, the file both ways through each
tunnels() {
	local a=$1 b=$2 n peer net
	for n in "$a" "$b"; do
		peer=$((n == a ? b : a))
		end "$n" "$peer" vx 1 10.0.0. noudpcsum
		address_in "$n" vx 1
		end "$n" "$peer" vxc 2 10.0.0. udpcsum
		address_in "$n" vxc 2
		end "$n" "$peer" vx6 3 fd00:: udp6zerocsumrx udp6zerocsumtx
		address_in "$n" vx6 3
		end "$n" "$peer" vx6c 4 fd00:: noudp6zerocsumtx
		address_in "$n" vx6c 4
		end "$n" "$peer" vxx 5 10.1.0. udpcsum
		address_in "$n" vxx 5
	done
	for net in 1 2 3 4 5; do
		fetch "h$a" "10.$net.0.$b" || fail "h$b to h$a by 10.$net"
		fetch "h$b" "10.$net.0.$a" || fail "h$a to h$b by 10.$net"
	done
	for n in "$a" "$b"; do
		for name in vxx vx6c vx6 vxc vx; do
			ip -n "h$n" link del $name
		done
	done
	echo "ok - five tunnels between h$a and h$b"
}

tunnels 1 2
tunnels 1 3
tunnels 1 4
tunnels 2 3
tunnels 3 4
tunnels 2 4
for name in enp2s0 enp3s0 enp4s0 tap1; do
	is "no frame of $name was senseless" "$(port $name rx_invalid)" 0
done
check 'tunnels were cut for the TAP' test "$(port tap1 tx_segmented)" -gt 0
finish
