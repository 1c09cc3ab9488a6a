#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A sender whose super-frames are longer than 64 KiB (BIG TCP): they are dropped,
# and the log says so, once, with the remedy, which works.
IPV6=1
. "$(dirname "$0")/lib.sh"
need curl busybox

lan_host h3 10.0.0.3 enp3s0
ip -n h3 link set eth0 gso_max_size 200000 2>/dev/null ||
	skip 'this kernel has no BIG TCP'
start_switch --stp off --port nic:enp3s0 --taps tap0
tap_host h1 10.0.0.1 tap0
ip -n h1 addr add fd00::1/64 dev tap0 nodad
ip -n h3 addr add fd00::3/64 dev eth0 nodad
head -c 30000000 /dev/zero >"$WORK/file"
in_ns h3 busybox httpd -p 80 -h "$WORK"

fetch() {
	in_ns h1 curl -sS --max-time "$1" -o "$WORK/got" 'http://[fd00::3]/file'
}

fetch 3 || :
wait_line "$WORK/sw.log" 'enp3s0: dropped a super-frame .*gso_max_size 65536' ||
	fail 'nobody was told'
echo 'ok - the operator is told'
ip -n h3 link set dev eth0 gso_max_size 65536
before=$(port enp3s0 rx_frames)
check 'the remedy helps' fetch 5
is 'all has arrived' "$(stat -c %s "$WORK/got")" 30000000
check 'super-frames are as long as they may be' test \
	$(($(port enp3s0 rx_frames) - before)) -lt 3000
is 'it was said once' "$(grep -c 'dropped a super-frame' "$WORK/sw.log")" 1
finish
