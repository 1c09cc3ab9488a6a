#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The network reports that it could not deliver a frame that a dgram:udp: port
# sent (ICMP). That concerns this frame: the port stays up, the log silent, and
# no later frame is lost for it.
. "$(dirname "$0")/lib.sh"

# udp_in FIELD: a counter of UDP at the router
udp_in() {
	# shellcheck disable=SC2016
	in_ns router awk -v f="$1" '$1 == "Udp:" && !n { n = split($0, k); next }
		$1 == "Udp:" { for (i = 1; i <= n; i++) if (k[i] == f) print $i }
		' /proc/net/snmp
}

# frames_out N: N frames to nobody, which leave by every port
frames_out() {
	in_ns h1 ping -q -n -i 0.002 -c "$1" -W 0.01 10.0.0.99 >/dev/null || :
}

host router
wire u0 router
ip addr add 10.1.0.1/24 dev u0
ip -n router addr add 10.1.0.2/24 dev eth0
in_ns router sysctl -qw net.ipv4.ip_forward=1 net.ipv4.icmp_ratelimit=0 \
	net.ipv4.icmp_msgs_per_sec=100000 net.ipv4.icmp_msgs_burst=100000 \
	2>/dev/null || :
ip route add 10.2.0.1/32 via 10.1.0.2
start_switch --stp off --taps tap0 \
	--port dgram:udp:10.1.0.1:4000,remote=10.2.0.1:4000,name=udp
tap_host h1 10.0.0.1 tap0
ip -n h1 neigh replace 10.0.0.99 lladdr 02:00:00:00:00:99 dev tap0

# 3/13, 3/1, 3/0: EHOSTUNREACH twice, ENETUNREACH
for route in prohibit unreachable ''; do
	[ ! "$route" ] || ip -n router route replace "$route" 10.2.0.1/32
	before=$(port udp tx_frames)
	frames_out 50
	is "'${route:-none}': the port is up" "$(port udp up)" true
	is "'${route:-none}': all frames were sent" \
		$(($(port udp tx_frames) - before)) 50
	[ ! "$route" ] || ip -n router route del "$route" 10.2.0.1/32
done
is 'none was refused' "$(port udp tx_error)" 0
bounced=$(ctl ports | jq -r '.ports[] | select(.name == "udp").facts.bounced')
matches 'the port tells how often that was' "$bounced" '^[1-9]'

# 3/3: the host is there, but no program
ip -n router addr add 10.2.0.1/32 dev lo
before=$(udp_in NoPorts)
frames_out 50
is 'every frame arrives, whatever became of the one before' \
	$(($(udp_in NoPorts) - before)) 50
is 'the log has not grown' "$(grep -c '^qswitchd: udp:' "$WORK/$SW.log")" 1
finish
