#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Two uplinks, each with its host port. To different LANs, the host reaches the
# guests by both of its addresses; to the same LAN, the spanning tree blocks one
# of them with its host port, and each broadcast still arrives once. Without the
# right to load programs the switch says so and works.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/host.sh"

host_uplink
lan_host lan2 10.1.0.3 enp4s0
ip addr add 10.1.0.9/24 dev enp4s0
start_switch --uplink "$UPLINK" --uplink enp4s0 --taps tap0 --stp off
need_host_access
tap_host h1 10.0.0.1 tap0
ip -n h1 addr add 10.1.0.1/24 dev tap0
check 'by the first uplink' reaches . 10.0.0.1
check 'by the second' reaches . 10.1.0.1
check 'the guest to the first address' reaches h1 10.0.0.9
check 'to the second' reaches h1 10.1.0.9
check 'to the first LAN' reaches h1 10.0.0.3
check 'to the second LAN' reaches h1 10.1.0.3
check_books
stop_switch
ip netns del h1

# one LAN: a bridge that carries BPDUs, and so shows a loop
ip netns del lan2
host both
ip -n both link add br0 type bridge stp_state 0 2>/dev/null || skip 'this kernel has no bridge'
ip -n both link set br0 up
for i in 6 7; do
	ip link add enp${i}s0 type veth peer name p$i netns both
	ip -n both link set p$i master br0 up
	ip link set enp${i}s0 up
done
start_switch --uplink enp6s0 --uplink enp7s0 --taps tap0 --stp-forward-delay 4 --stp-max-age 6
start_monitor
tap_host h1 10.0.0.1 tap0
until [ "$(ctl ports | jq -r '[.ports[] | select(.uplink) | .state] | sort | join(" ")')" = \
	'blocking forwarding' ]; do
	wait_line "$WORK/sw.events" port_state $(($(events) + 1)) 20 || fail 'no port blocks'
done
is 'the host port is in the state of its uplink' \
	"$(ctl ports | jq -r '[.ports[] | select(.name | endswith("-host")) | .state] | sort | join(" ")')" \
	'blocking forwarding'
blocked=$(ctl ports | jq -r '.ports[] | select(.uplink and .state == "blocking") | .name')
active=$(ctl ports | jq -r '.ports[] | select(.uplink and .state == "forwarding") | .name')
frames <<-END
	open B $blocked
	open A $active
	open G h1/tap0
	send B dst=bcast src=1009 type=88b5 len=60
	expect A
	expect G
	send G dst=1009 src=1 type=88b5 len=60
	expect B
	send B dst=1 src=1009 type=88b5 len=60
	expect A
	expect G
	send G dst=bcast src=1 type=88b5 len=60
	expect A
	expect B
END
echo 'ok - each broadcast arrives once'
check_books
stop_switch
ip netns del h1

# no rights
drop='-bpf,-sys_admin'
SWITCH_BY=(setpriv --bounding-set "$drop" --inh-caps "$drop")
start_switch --uplink "enp3s0" --taps tap0
matches 'without CAP_BPF the uplink says why' "$(fact enp3s0 'host access')" 'CAP_BPF'
tap_host h1 10.0.0.1 tap0
check 'and the guests reach the LAN' reaches h1 10.0.0.3
check_books
stop_switch
launch_switch --uplink "enp3s0,host=yes" --taps tap0
wait_line "$WORK/sw.log" "^${SW_PID[$SW]} ended"
matches 'if it was asked for, the switch does not start' "$(cat "$WORK/sw.log")" CAP_BPF
unset 'SW_PID[sw]'
SWITCH_BY=()
start_switch --uplink "enp3s0,host=no" --taps tap0
is 'host=no: no host port' "$(ctl ports | jq -c '[.ports[].name]')" '["enp3s0","tap0"]'
finish
