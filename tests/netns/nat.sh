#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# NAT: a guest gets a lease, fetches a file over IPv4 and IPv6, resolves a name,
# pings; the host reaches it through forwards, also those of run time.
IPV6=1
. "$(dirname "$0")/nat_lib.sh"
needs_nat
need busybox

lan
start_switch --nat --taps tap0,tap1 --stp off
nat_guest h1 tap0
check 'h1 gets a lease' lease h1 tap0
is 'the first address is .15' "$(ip4 h1 tap0)" 10.0.2.15
check 'it fetches a file from lan' fetches h1 http://192.0.2.9:8000/file
is 'lan has seen the host, not the guest' \
	"$(grep -c '192.0.2.1' "$WORK/lan.http.log")" 1
check 'h1 resolves a name' in_ns h1 busybox nslookup server.test 10.0.2.3
check 'h1 pings lan' reaches h1 192.0.2.9
check 'h1 pings its router' reaches h1 10.0.2.2
matches 'the port says what its network is' \
	"$(ctl ports | jq -r '.ports[] | select(.name == "nat") | .facts | .network, .leases')" \
	'10.0.2.0/24.1'
is 'the lease shows behind the port of its guest' \
	"$(port tap0 'addresses' | jq -r '.[] | select(startswith("10."))')" 10.0.2.15

is 'and the name that it gave' "$(port tap0 names | jq -r 'join(" ")')" h1

check 'h1 has an address of IPv6 by router advertisement' \
	wait_address h1 tap0 fec0::
check 'it fetches a file over IPv6' fetches h1 'http://[2001:db8::9]:8000/file'

nat_guest h2 tap1
check 'h2 gets a lease' lease h2 tap1
is 'the second address is .16' "$(ip4 h2 tap1)" 10.0.2.16
check 'h1 reaches h2' reaches h1 10.0.2.16
finish
