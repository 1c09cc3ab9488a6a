#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A real guest in a NAT network, by a socket and by a TAP, and one in a host-only
# network: address, name server, a file down and up, a forward back.
. "$(dirname "$0")/guest.sh"
grep -q slirp_new "$QSWITCH_BIN/qswitch-nat" ||
	skip 'qswitch-nat was built without libslirp'

# asks GUEST REGEX: ask for one by DHCP
asks() {
	in_guest "$1" udhcpc -i eth0 -f -q -n -t 20 -T 1 -s /bin/lease |
		grep -q "^qs: address $2"
}

lan
ip addr add 10.0.0.2/24 dev enp3s0
sysctl -qw net.ipv4.ping_group_range='0 2147483647' 2>/dev/null || :
start_switch --nat --port qemu:/run/vm.sock --vm-taps tap0
guest one -device $NIC,mac=02:00:00:00:01:01 -netdev \
	stream,id=n,server=off,addr.type=unix,addr.path=/run/vm.sock
guest two -device $NIC,mac=02:00:00:00:01:02 \
	-netdev tap,id=n,ifname=tap0,script=no,downscript=no
check 'one: DHCP' asks one '10\.0\.2\.15'
check 'two: DHCP' asks two '10\.0\.2\.16'
for vm in one two; do
	in_guest $vm ip route replace default via 10.0.2.2 >/dev/null || :
	check "$vm: ping" pings $vm "$SERVER"
	check "$vm: 4 MiB down" downloads $vm
	check "$vm: 4 MiB up" uploads $vm
done
check 'guest to guest' pings one 10.0.2.16
check 'a forward' ctl nat forward add tcp:127.0.0.1:8080:.15:80
echo "mkdir -p /w; echo from one >/w/x; httpd -p 80 -h /w; echo served" >"$WORK/cmd"
in_guest one "$(cat "$WORK/cmd")" >/dev/null
is 'leads to the guest' "$(curl -s --max-time 30 http://127.0.0.1:8080/x)" 'from one'
kill_guest one
kill_guest two
PORTS_REMOVED=1
check_books
stop_switch

start_switch --host-only 192.168.57.1/24 --vm-taps tap0
busybox httpd -f -p 192.168.57.1:80 -h "$WORK/www" &
guest three -device $NIC,mac=02:00:00:00:01:03 \
	-netdev tap,id=n,ifname=tap0,script=no,downscript=no
check 'host-only: DHCP' asks three '192\.168\.57\.128'
check 'the host' pings three 192.168.57.1
check 'from the host' reaches . 192.168.57.128
SERVER=192.168.57.1
check '4 MiB from the host' downloads three
check 'not the LAN' eval '! pings three 10.0.0.1'
kill_guest three
finish
