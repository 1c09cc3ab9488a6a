#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What a guest or a peer can cause at will does not fill the log: superior
# BPDUs, connections that close at once, an address that two machines use. Of
# each kind a few lines are logged; the last one comes with the number of the
# others.
. "$(dirname "$0")/lib.sh"
need jq

PORTS_REMOVED=1
start_switch --port tap:tap0,edge=no,bpdu=always --taps tap1 --port qemu:/run/vm.sock,max=8
tap_host h1 10.0.0.1 tap0
tap_host h2 10.0.0.2 tap1

# lines REGEX: how many lines of the log match
lines() {
	grep -Ec "$1" "$WORK/$SW.log" || :
}

check '2000 connections that close at once' pester connects /run/vm.sock 2000
wait_line "$WORK/$SW.log" 'vm-.* more such lines' || fail 'no number is told'
echo "ok - the log tells how many more there were"
at_most 'lines about peers that come' "$(lines 'vm-[0-9]+: up')" 60
at_most 'lines about peers that leave' "$(lines 'vm-[0-9]+: down')" 60

# roots: each BPDU is superior to the one before
roots() {
	echo 'open a h1/tap0'
	seq 3000 -1 1 | while read -r i; do
		# root 0000.02c0ffeeNNNN, cost 0, bridge the same, port 8001
		printf 'send a hex=0180c2000000''02c0ffee0007''0026424203'
		printf '00000000''00''000002c0ffee%04x''00000000' "$i"
		printf '000002c0ffee%04x''8001''0000''1400''0200''0f00' "$i"
		printf '%016d\n' 0
	done
}
check '3000 superior BPDUs' frames < <(roots)
check 'the log tells how many more there were' \
	wait_line "$WORK/$SW.log" 'the root bridge is .* more such lines'
at_most 'lines about the root bridge' "$(lines 'the root bridge is')" 60

# Two machines with QEMU's own address.
SW=two
start_switch --stp off --taps tap2,tap3
tap_host h3 10.0.0.3 tap2
tap_host h4 10.0.0.4 tap3
# in turn: the second frame shows that the first has arrived
in_turn() {
	echo 'open a h3/tap2'
	echo 'open b h4/tap3'
	for _ in 1 2; do
		echo "send a hex=ffffffffffff525400123456080000000000000000000000000000000000"
		printf 'send a dst=bcast src=1\nexpect b\n'
		echo "send b hex=ffffffffffff525400123456080000000000000000000000000000000000"
		printf 'send b dst=bcast src=2\nexpect a\n'
	done
}
check 'both send' frames < <(in_turn)
check 'the log warns of an address on two ports' wait_line "$WORK/$SW.log" \
	'52:54:00:12:34:56 is heard on tap[23] and tap[23] in turn: two machines'
matches 'and gives the remedy' \
	"$(grep 52:54:00:12:34:56 "$WORK/$SW.log")" 'with mac='
finish
