#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A network interface beside an uplink, with default timers and settings: it
# listens for three seconds, not for thirty, and the uplink stays silent until
# there is a second path to the LAN. BPDUs of PVST+ pass between ports that send
# BPDUs, and nowhere else.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/stp.sh"
need jq

for i in up1 n1 lan0; do
	ip link add $i type veth peer name $i-end
	ip link set $i up
	ip link set $i-end up
done
hub hub up1-end lan0-end
for n in lan h1; do host $n; done
ip link set lan0 netns lan
address lan lan0 10.0.0.254
ip link set n1-end netns h1
address h1 n1-end 10.0.0.1

start_switch --uplink up1 --port nic:n1
start_monitor
follow_events
began=$SECONDS
within 6 'the interface forwards' port_is "$SW" n1 designated forwarding
check 'h1 reaches the LAN' reaches h1 10.0.0.254
sent() { stp "$SW" ".ports[] | select(.name == \"$1\") | .bpdus_tx"; }
more() { [ "$(sent n1)" -ge "$1" ]; }
within 10 'the interface sends BPDUs' more 4
is 'the uplink sends none' "$(sent up1)" 0
echo "ok - (in $((SECONDS - began)) s)"

# h1 turns out to be a bridge to the same LAN.
ip link add s1 type veth peer name s2
ip link set s1 master hub up
ip link set s2 netns h1
ip -n h1 addr flush dev n1-end
in_ns h1 sh -c 'ip link add brg type bridge stp_state 0 mcast_snooping 0
	ip link set brg up
	ip link set n1-end master brg
	ip link set s2 master brg up'
one_blocks() {
	port_is "$SW" n1 backup blocking || port_is "$SW" up1 backup blocking
}
within 10 'one of both ports blocks' one_blocks
is 'a second path: now the uplink speaks' \
	"$(stp "$SW" '.ports[] | select(.name == "up1") | .speaks')" true
check_books
stop_switch

# PVST+ between two interfaces of bridges; the machine hears nothing of it.
for i in na nb; do
	host h$i
	wire $i h$i
done
fast_switch pv --port nic:na --port nic:nb --taps t1
host ht
ip link set t1 netns ht
ip -n ht link set t1 up
within 20 'both interfaces forward' port_is pv nb designated forwarding
PVST=01000ccccccd02c0ffee00018100000100320000aaaa0300000c010b0000000000
craft <<-END
	open A hna/eth0
	open B hnb/eth0
	open T ht/t1
	send A hex=$PVST
	expect B
	send T hex=$PVST
	send T dst=bcast src=1 type=88b5 len=60
	expect A
	expect B
END
is 'a BPDU of PVST+ was passed on' "$(verdict relay_bpdu_pvst)" 1
is 'but not that of the machine' "$(verdict drop_bpdu_filtered)" 1
finish
