#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Port forwards of a NAT network: at start and at run time, TCP and UDP, IPv4 and
# IPv6; each that cannot be is refused with a sentence, and the switch goes on.
IPV6=1
. "$(dirname "$0")/nat_lib.sh"
needs_nat
need socat

lan
# what somebody else has: no start, and a sentence that says so
socat TCP4-LISTEN:2299,bind=127.0.0.1,fork /dev/null &
until ss -lnt | grep -q 127.0.0.1:2299; do sleep 0.05; done
status=0
timeout 10 qswitchd --name other --control "$WORK/o.sock" \
	--port nat:,forward=tcp:127.0.0.1:2299:.15:22 2>"$WORK/taken.txt" ||
	status=$?
is 'a forward of a port that is taken prevents the start' $status 1
matches 'and says so' "$(cat "$WORK/taken.txt")" \
	'forward tcp:127.0.0.1:2299:10.0.2.15:22: Address already in use.*choose another port'

start_switch --port nat:,forward=tcp:127.0.0.1:2222:.15:22,forward=udp:192.0.2.1:5353:.15:53,forward=tcp:127.0.0.1:24:.15:22 \
	--taps tap0 --stp off
nat_guest h1 tap0
check 'h1 gets a lease' lease h1 tap0

# serve ADDRESS: answer what is asked there, in capitals
in_ns h1 socat TCP4-LISTEN:22,reuseaddr,fork SYSTEM:'echo from h1' &
in_ns h1 socat UDP4-LISTEN:53,fork SYSTEM:'echo from h1' &
in_ns h1 socat TCP6-LISTEN:80,reuseaddr,fork SYSTEM:'echo from h1' &
until in_ns h1 ss -lntu | grep -q ':53 ' && in_ns h1 ss -lnt | grep -q ':22 ' &&
	in_ns h1 ss -lnt | grep -q ':80 '; do sleep 0.05; done

says() {
	socat -T 10 -t 10 - "$1" </dev/null
}
is 'TCP, from the start' "$(says TCP4:127.0.0.1:2222)" 'from h1'
is 'a privileged port, from the start' "$(says TCP4:127.0.0.1:24)" 'from h1'
is 'UDP, from the start' "$(echo hello | timeout 10 socat -t 5 - UDP4:192.0.2.1:5353 | head -n 1)" 'from h1'

# opened PORT: until the host listens there; qswitchd does not wait for it
opened() {
	until ss -lnt | grep -q ":$1 "; do sleep 0.05; done
}
check 'a forward at run time' ctl nat forward add tcp:127.0.0.1:2223:.15:22
opened 2223
is 'leads to the guest' "$(says TCP4:127.0.0.1:2223)" 'from h1'
check 'h1 has an address of IPv6' wait_address h1 tap0 fec0::
six=$(ip -n h1 -6 -j addr show dev tap0 |
	jq -r '.[0].addr_info[] | select(.local | startswith("fec0")) | .local' | head -n 1)
check 'a forward of IPv6' ctl nat forward add "tcp:[::1]:2224:[$six]:80"
opened 2224
is 'leads to the guest as well' "$(says 'TCP6:[::1]:2224')" 'from h1'
is 'all are listed' "$(ctl nat forward list | jq -r '.forwards | length')" 5
is 'and work' "$(ctl nat forward list | jq -r '[.forwards[].refused] | add')" ''

refused() {
	! timeout 10 qswitchctl --name "$SW" nat forward "$@" >"$WORK/said" 2>&1
}
check 'a port that is taken is refused' refused add tcp:127.0.0.1:2299:.15:22
matches 'with a sentence' "$(cat "$WORK/said")" 'another program has this port'
check 'a port of another forward is refused' refused add tcp:127.0.0.1:2222:.16:22
matches 'with a sentence' "$(cat "$WORK/said")" 'another forward has this port'
check 'a guest of another network is refused' refused add tcp:127.0.0.1:2230:10.9.9.9:22
matches 'with a sentence' "$(cat "$WORK/said")" 'guest of this network'
check 'UDP from loopback, whose answers could not come back' \
	refused add udp:127.0.0.1:5354:.15:53
matches 'is refused with a sentence' "$(cat "$WORK/said")" 'need loopback=yes'
check 'a privileged port, at run time' refused add tcp:127.0.0.1:23:.15:22
matches 'is refused with a sentence' "$(cat "$WORK/said")" 'only the start'
check 'what is not there cannot be removed' refused del tcp:127.0.0.1:2230
check 'a forward is removed' ctl nat forward del tcp:127.0.0.1:2223
closed() {
	local i
	for ((i = 0; i < 50; i++)); do
		ss -lnt | grep -q "$1" || return 0
		sleep 0.1
	done
	return 1
}
check 'and the port of the host is free' closed 127.0.0.1:2223

# a file of leases is the operator's to name
timeout 10 qswitchctl --name "$SW" port add "nat:,name=x,leases=$WORK/x" \
	>"$WORK/said" 2>&1 && fail 'a client had a file written'
matches 'a client may not have files written' "$(cat "$WORK/said")" \
	'only when qswitchd starts'
check 'but it may add a network' ctl port add nat:10.7.0.0/24,name=second
is 'which is not there at once, but soon' "$(for ((i = 0; i < 50; i++)); do
	[ "$(port second up)" = true ] && echo yes && break
	sleep 0.1
done)" yes

# all are there again after the process has died
kill -KILL "$(nat_pid nat)"
wait_line "$WORK/$SW.log" 'nat: down'
wait_line "$WORK/$SW.log" 'nat: up' "$(grep -n 'nat: down' "$WORK/$SW.log" | tail -n 1 | cut -d : -f 1)"
is 'forwards survive the death of qswitch-nat' \
	"$(says TCP4:127.0.0.1:2222)" 'from h1'
finish
