#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The usual case, one uplink and TAPs with default timers: no host waits 30
# seconds for the spanning tree, and no BPDU leaves through the uplink, where an
# access switch with BPDU guard would shut the port. When a second uplink then
# closes a loop, the spanning tree does wait, and no storm starts.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/stp.sh"
need jq busybox dnsmasq

host lan
wire up1 lan
address lan eth0 10.0.0.254
in_ns lan dnsmasq --no-daemon --conf-file=/dev/null --port=0 --no-ping \
	--interface=eth0 --dhcp-range=10.0.0.10,10.0.0.99 \
	--dhcp-leasefile="$WORK/leases" --log-dhcp >"$WORK/dnsmasq.log" 2>&1 &
wait_line "$WORK/dnsmasq.log" 'DHCP' || fail 'dnsmasq did not start'

start_ms=$(date +%s%3N)
start_switch --uplink up1 --taps ta,tb
host ha
ip link set ta netns ha
ip -n ha link set ta up
beacon 100 ha/ta lan/eth0 >"$WORK/beacon.json" &
BEACON=$!
in_ns ha busybox udhcpc -i ta -f -q -n -t 10 -T 1 -s /bin/true \
	>"$WORK/udhcpc.log" 2>&1 || fail 'ha got no DHCP lease'
took_ms=$(($(date +%s%3N) - start_ms))
at_most 'time from start to DHCP lease, ms' "$took_ms" 2000

is 'every port forwards' \
	"$(ctl stp | jq -r '[.ports[].state] | unique | join(" ")')" forwarding
is 'the uplink is silent' "$(stp "$SW" '.ports[] | select(.name == "up1") | .speaks')" \
	false
# Three probes take two hello times, which are long enough for BPDUs.
start_monitor
probed() { [ "$(stp "$SW" '.ports[] | select(.name == "tb") | .probes_tx')" -ge 3 ]; }
follow_events
within 10 'loop probes go to the machines' probed
is 'the uplink has sent none' \
	"$(stp "$SW" '.ports[] | select(.name == "up1") | .bpdus_tx')" 0
stop_beacon
is 'no BPDU was seen on the LAN' "$(jq .bpdus "$WORK/beacon.json")" 0

# A second uplink to the same LAN, which is a hub from here on.
ip link add up2 type veth peer name up2-end
ip link add up3 type veth peer name up3-end
ip -n lan link del eth0
ip link add lanhub type veth peer name eth0 netns lan
address lan eth0 10.0.0.254
ip link add up1 type veth peer name up1-end
hub hub up1-end up2-end lanhub
ip link set up1 up
ip link set up2 up
within 10 'the uplink came up again by itself' port_is "$SW" up1 designated forwarding
start_beacon ha/ta lan/eth0
check 'a second uplink is added' ctl port add nic:up2,uplink
within 20 'one of the two blocks' port_is "$SW" up2 backup blocking
stop_beacon
finish
