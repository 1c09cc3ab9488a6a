#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Hostile peers of stream and VDE ports: the switch disconnects them, its memory
# stays bounded, and the other ports are not affected.
. "$(dirname "$0")/lib.sh"

PORTS_REMOVED=1
start_switch --stp off --taps tap0,tap1 --port qemu:/run/vm.sock,max=8 \
	--port vde:/run/vde
tap_host h1 10.0.0.1 tap0
tap_host h2 10.0.0.2 tap1
check 'h1 reaches h2 before' reaches h1 10.0.0.2

start_monitor
# half a length; 0; 13; 70 000; 4 GiB
for bytes in 0000 00000000 0000000d00112233445566778899aabbcc 00011170 \
	ffffffff; do
	seen=$(events)
	check "$bytes: disconnected" pester bytes /run/vm.sock $bytes
	wait_event "$seen" '"port_removed".*"vm-1"'
done
matches 'the log gives the reason' "$(cat "$WORK/sw.log")" \
	'announced a frame of 4294967295 bytes'

# Flooded frames go to every port; a peer that does not read delays no other.
flood() {
	ip -n h1 neigh replace 10.0.0.99 lladdr 02:00:00:00:00:99 dev tap0
	in_ns h1 bash -c 'exec 3>/dev/udp/10.0.0.99/9
		dd if=/dev/zero bs=1400 count=20000 status=none >&3'
}
pester deaf /run/vm.sock &
deaf=$!
wait_event "$seen" '"port_up".*"vm-1"'
before=$(memory)
flood
check 'h1 reaches h2 while one peer does not read' reaches h1 10.0.0.2
full=$(port vm-1 tx_full)
[ "$full" -gt 0 ] || fail "tx_full is 0 although one peer does not read"
echo "ok - frames that it did not read are counted: $full"
at_most 'memory growth in KiB' $(($(memory) - before)) 4096
kill $deaf
wait_gone $deaf 2>/dev/null || :

before=$(memory)
check '3000 connections that close at once' pester connects /run/vm.sock 3000
check 'the same to the VDE port' pester connects /run/vde/ctl 3000
check 'h1 still reaches h2' reaches h1 10.0.0.2
at_most 'memory growth in KiB' $(($(memory) - before)) 4096

seen=$(wc -l <"$WORK/sw.log")
check 'a VDE client that speaks something else' pester bytes /run/vde/ctl 474554202f
check 'the log reports it' wait_line "$WORK/sw.log" 'does not speak VDE' "$seen"
check 'h2 reaches h1 afterwards' reaches h2 10.0.0.1
finish
