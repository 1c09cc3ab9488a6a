# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# nat_lib.sh - what the tests of NAT and host-only networks share.
#
#     lan 192.0.2.9 <--veth--> host 192.0.2.1, qswitchd, qswitch-nat <--> guests

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# needs_nat: skip where qswitch-nat was built without libslirp
needs_nat() {
	grep -q slirp_new "$QSWITCH_BIN/qswitch-nat" ||
		skip 'qswitch-nat was built without libslirp'
}

# lan: a server behind this host, with a file and a name server
lan() {
	host lan
	wire out lan
	ip addr add 192.0.2.1/24 dev out
	ip -n lan addr add 192.0.2.9/24 dev eth0
	if [ "${IPV6:-}" ]; then
		ip addr add 2001:db8::1/64 dev out nodad
		ip -n lan addr add 2001:db8::9/64 dev eth0 nodad
	fi
	# as systems have it: everybody may ping
	sysctl -qw net.ipv4.ping_group_range='0 2147483647' 2>/dev/null ||
		sysctl -qw net.ipv4.ping_group_range='0 0'
	mkdir "$WORK/www"
	head -c 3000000 /dev/urandom >"$WORK/www/file"
	: >"$WORK/lan.http.log"
	in_ns lan python3 -u -m http.server --bind :: -d "$WORK/www" 8000 \
		>"$WORK/lan.http.out" 2>"$WORK/lan.http.log" &
	wait_line "$WORK/lan.http.out" Serving || fail 'the server did not start'
	in_ns lan dnsmasq -k --conf-file=/dev/null --no-resolv --no-hosts \
		--address=/server.test/192.0.2.9 --address=/server.test/2001:db8::9 --log-facility=- --port=53 \
		2>"$WORK/lan.dns.log" &
	wait_line "$WORK/lan.dns.log" started || fail 'dnsmasq did not start'
	echo 'nameserver 192.0.2.9' >"$WORK/resolv.conf"
	mount --bind "$WORK/resolv.conf" "$(realpath /etc/resolv.conf)"
}

# nat_guest NAME TAP: a guest that has no address yet
nat_guest() {
	host "$1"
	ip link set "$2" netns "$1"
	ip -n "$1" link set "$2" up
}

# lease HOST IF [NAME]: ask for an address, as a guest does, and take it
lease() {
	local script=$WORK/udhcpc.$1
	cat >"$script" <<-'END'
		#!/bin/sh
		[ "$1" = bound ] || [ "$1" = renew ] || exit 0
		ip addr flush dev $interface scope global 2>/dev/null
		ip addr add $ip/$mask dev $interface
		[ ! "$router" ] || ip route replace default via $router
		echo "ip=$ip router=$router dns=$dns server=$serverid" >$0.got
	END
	chmod +x "$script"
	in_ns "$1" busybox udhcpc -q -n -f -t 5 -T 1 -i "$2" \
		-x "hostname:${3:-$1}" -s "$script" \
		>>"$WORK/udhcpc.log" 2>&1
}

# ip4 HOST IF
ip4() {
	ip -n "$1" -4 -j addr show dev "$2" |
		jq -r '.[0].addr_info[0].local'
}

# wait_address HOST IF PREFIX: until an address that begins so is usable
wait_address() {
	local i
	for ((i = 0; i < 100; i++)); do
		ip -n "$1" -6 addr show dev "$2" -tentative |
			grep -q "inet6 $3" && return
		# not an event that a shell can wait for
		sleep 0.1
	done
	return 1
}

# fetches HOST URL: the file, whole
fetches() {
	in_ns "$1" curl -sg --max-time 20 -o "$WORK/got.$1" "$2" &&
		cmp -s "$WORK/got.$1" "$WORK/www/file"
}

# nat_pid PORT: the process behind it
nat_pid() {
	ctl ports | jq -r --arg n "$1" \
		'.ports[] | select(.name == $n) | .facts."qswitch-nat"'
}
