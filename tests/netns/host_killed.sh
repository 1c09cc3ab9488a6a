#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Nothing of the host access is left after a normal end, and after kill -9
# nothing that matters; what a clsact qdisc keeps, the next start removes. The
# host reaches the LAN at once. With a clsact qdisc of somebody else, that stays.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/host.sh"
need tc

host_uplink

# traces: devices, qdiscs and filters; not the numbers of interfaces
traces() {
	ip -o link | sed 's/^[0-9]*: //; s/ qdisc [a-z]*//'
	tc qdisc show dev enp3s0 | grep -v noqueue || :
	tc filter show dev enp3s0 ingress 2>/dev/null || :
	tc filter show dev enp3s0 egress 2>/dev/null || :
}

# wire_only: a frame to a guest that was here goes to the wire
wire_only() {
	frames <<-END
		open H enp3s0
		open L lan/eth0
		send H dst=1 src=9 type=88b5 len=60
		expect L
	END
}

round() {
	before=$(traces)
	start_switch --uplink "$UPLINK" --taps tap0
	need_host_access
	tap_host h1 10.0.0.1 tap0
	check 'host and guest' reaches . 10.0.0.1
	frames <<-END
		open H enp3s0
		open G h1/tap0
		send G dst=9 src=1 type=88b5 len=60
		expect H
		send H dst=1 src=9 type=88b5 len=60
		expect G
	END
	ip netns del h1
	"$@"
}

killed() {
	kill -KILL "${SW_PID[sw]}"
	wait "${SW_PID[sw]}" || :
	unset "SW_PID[sw]"
}

for turn in 1 2; do
	round killed
	check "after kill -9, $turn: the host reaches the LAN" reaches . 10.0.0.3
	check 'no device is left' eval '! ip -o link | grep -q qswhost'
	if [ ! "${HOST_WAY:-}" ]; then
		is 'nothing else is left' "$(traces)" "$before"
		check 'the programs are gone' wire_only
	else
		check "the qdisc tells who left it" \
			eval "tc filter show dev enp3s0 ingress | grep -q qswitchd"
	fi
done
round stop_switch
check 'after a normal end no clsact is left' \
	eval '! tc qdisc show dev enp3s0 | grep -q clsact'
check 'the programs are gone' wire_only

# one of somebody else
tc qdisc add dev enp3s0 clsact
tc filter add dev enp3s0 ingress prio 3 protocol ip matchall action ok 2>/dev/null ||
	tc filter add dev enp3s0 ingress prio 3 protocol ip u32 match u32 0 0 2>/dev/null ||
	echo 'note: this kernel has no filter to try'
theirs=$(traces)
round killed
round stop_switch
is 'clsact and filter of another program stay' "$(traces)" "$theirs"
finish
