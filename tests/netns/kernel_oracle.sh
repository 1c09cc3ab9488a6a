#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Random frames through the switch and through a kernel bridge: out of each port
# must come the same frames in the same order. In between, links go down and up.
# SEED=N repeats a run.
. "$(dirname "$0")/lib.sh"

SEED=${SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
echo "SEED=$SEED"

# link_pair NAME: a veth, NAME here and NAME-end in the namespace `ends`
link_pair() {
	ip link add "$1" type veth peer name "$1-end" netns ends
	ip -n ends link set "$1-end" up
	ip link set "$1" up
}

# in_bridge PORT STATE: wait until the kernel bridge has put a port into a state
in_bridge() {
	until [ "$(cat "/sys/class/net/$1/brport/state")" = "$2" ]; do :; done
}

# a bridge that decides by itself
for tables in ip ip6 arp; do
	sysctl -qw net.bridge.bridge-nf-call-${tables}tables=0 2>/dev/null || :
done
host ends
ip link add br0 type bridge stp_state 0 mcast_snooping 0 forward_delay 0
ip link set br0 up
pairs=()
for i in 0 1 2 3; do
	link_pair k$i
	ip link set k$i master br0
	in_bridge k$i 3
done
for i in 0 1 2; do
	link_pair s$i
	pairs+=("ends/k$i-end=ends/s$i-end")
done
start_switch --stp off --taps s3-end --port nic:s0 --port nic:s1,xdp=no \
	--port nic:s2
start_monitor
ip link set s3-end netns ends
ip -n ends link set s3-end up
while [ "$(port s3-end up)" = false ]; do :; done
pairs+=("ends/k3-end=ends/s3-end")

# differ_once SECONDS
total=0
differ_once() {
	local frames
	SEED=$((SEED + 1))
	frames=$(differ "$1" $SEED "${pairs[@]}") || fail "SEED=$SEED: $frames"
	total=$((total + frames))
}

# flap N NAME: the link of port N of both bridges goes down and up
flap() {
	local seen
	seen=$(events)
	ip -n ends link set "k$1-end" down
	ip -n ends link set "$2-end" down
	wait_event "$seen" "port_down.*$2"
	in_bridge "k$1" 0
	seen=$(events)
	ip -n ends link set "k$1-end" up
	ip -n ends link set "$2-end" up
	wait_event "$seen" "port_up.*$2"
	in_bridge "k$1" 3
}
differ_once 5
for i in 0 1 2; do
	flap $i s$i
	differ_once 3
done
[ $total -gt 10000 ] || fail "only $total frames were compared"
echo "ok - $total frames, the same through both"
finish
