#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What a guest sends never changes what the switch says to the LAN. The LAN is a
# kernel bridge that shuts its port to the switch at the first BPDU (guard on).
# A guest on a vmtap, and one on a TAP, send it BPDUs of every kind; nothing
# leaves by the uplink but the guest's data.
#
#     far --- [ kernel bridge ] access --- up1 [ switch ] vm0, t1

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/stp.sh"
need jq bridge

host lan
ip link add up1 type veth peer name access netns lan
ip link set up1 up
host far
ip link add eth0 netns far type veth peer name far0 netns lan
# shellcheck disable=SC2016 # the inner shell expands it
in_ns lan sh -c '
	ip link add br0 type bridge stp_state 1 forward_delay 400 \
		hello_time 100 max_age 600 mcast_snooping 0
	for i in access far0; do
		ip link set $i master br0
		ip link set $i up
	done
	bridge link set dev access guard on
	ip link set br0 up'
ip -n far link set eth0 up

# What the switch itself sends counts as a test frame of craft's, so that craft
# finds it where it does not belong.
fast_switch sw --uplink up1 --vm-taps vm0 --taps t1 \
	--stp-priority 4096 --stp-address 02:c0:ff:ee:99:99
host h1
ip link set t1 netns h1
ip -n h1 link set t1 up
follow_events

lan_port() {
	ip -n lan -d -j link show access |
		jq -r '.[0].linkinfo.info_slave_data.state'
}
lan_root() {
	ip -n lan -d -j link show br0 | jq -r '.[0].linkinfo.info_data.root_id'
}
forwards() { [ "$(port "$1" state)" = forwarding ]; }
obeys() { [ "$(stp "$SW" .root_port)" = up1 ]; }
within 20 'the LAN forwards to the switch' answers forwarding lan_port
within 20 'the switch, of better priority, obeys the LAN silently' obeys
root=$(lan_root)
# the LAN's own changes, when its ports began to forward, are over
lan_changes() {
	ip -n lan -d -j link show br0 |
		jq -r '.[0].linkinfo.info_data.topology_change'
}
within 30 'the LAN is at rest' answers 0 lan_changes

# The guest in vm0: craft holds the TAP as QEMU does.
exec {GUEST}> >(exec craft 2>"$WORK/craft.log")
CRAFT=$!
guest() { printf '%s\n' "$@" >&"$GUEST"; }
guest 'open G tap:vm0' 'deaf G' 'open H h1/t1' 'deaf H' 'open A lan/access' \
	'open F far/eth0'
within 10 'the guest in vm0 is on the switch' forwards vm0

HEAD=0180c200000002c0ffee0001
# config ROOT BRIDGE: a configuration BPDU (802.1D-1998 9.3.1)
config() {
	echo "${HEAD}00264242030000000000${1}00000000${2}80010000060001000400"
}
# ip(8) leaves out leading zeros: "8000.a:43:31:8:c0:24"
IFS=:. read -ra bytes <<<"$root"
printf -v lan_id '%s%02s%02s%02s%02s%02s%02s' "${bytes[@]}"
lan_id=${lan_id// /0}
attacks=(
	"$(config ffff02aaaaaaaaaa ffff02aaaaaaaaaa)" # inferior
	"$(config 000002aaaaaaaaaa 000002aaaaaaaaaa)" # superior
	"$(config "$lan_id" "$lan_id")"               # the LAN's own
	"${HEAD}000742420300000080"                   # topology change
	"${HEAD}0027424203000002023c000002aaaaaaaaaa00000000000002aaaaaaaaaa8001000006000100040000" # RST
)
PVST=01000ccccccd02c0ffee0001
SSTP=0032aaaa0300000c010b0000000000${lan_id}00000000${lan_id}80010000140002000f0000000000020001
attacks+=("$PVST$SSTP" "${PVST}81000001$SSTP")

changes=$(stp "$SW" .topology_changes)
for card in G H; do
	for bpdu in "${attacks[@]}"; do guest "send $card hex=$bpdu"; done
	# the next test frame on the LAN is the guest's data: nothing before it
	guest "send $card dst=bcast src=$card type=88b5 len=60" 'expect A' 'expect F'
done
filtered() { verdict drop_bpdu_filtered; }
within 10 'no BPDU of a guest is believed' answers $((2 * ${#attacks[@]})) filtered

# Two probes later, so two hello times, still nothing has left.
probes() { stp "$SW" '.ports[] | select(.name == "vm0") | .probes_tx'; }
probed() { [ "$(probes)" -ge "$1" ]; }
within 10 'the guest gets loop probes' probed $(($(probes) + 2))
for card in G H; do
	guest "send $card dst=bcast src=$card type=88b5 len=60" 'expect A' 'expect F'
done
exec {GUEST}>&-
wait_gone "$CRAFT" || fail "craft: $(cat "$WORK/craft.log")"
echo 'ok - nothing but data of the guests leaves by the uplink'
is 'the port of the LAN is up' "$(lan_port)" forwarding
is 'the LAN has its root' "$(lan_root)" "$root"
check 'the switch obeys it' obeys
is 'the uplink is silent' "$(stp "$SW" '.ports[] | select(.name == "up1") |
	"\(.state) \(.speaks) \(.bpdus_tx)"')" 'forwarding false 0'
is 'no address ages early' "$(stp "$SW" .topology_changes)" "$changes"
is 'the guest in t1 forwards as before' "$(port t1 state)" forwarding

# A guarded port goes down, whatever spanning tree the BPDU is of.
check 't1 is guarded' ctl set port t1 bpdu=guard
craft <<-END
	open H h1/t1
	deaf H
	send H hex=${PVST}81000001$SSTP
END
down() { [ "$(port t1 up)" = false ]; }
within 5 'a BPDU of PVST+ takes it down' down
matches 'and the reason is told' "$(port t1 reason)" 'BPDU guard'
is 'the port of the LAN is still up' "$(lan_port)" forwarding
check '"never" protects a machine port' ctl set port t1 bpdu=never
is 'it is the filter' "$(stp "$SW" '.ports[] | select(.name == "t1") | .bpdu')" filter
finish
