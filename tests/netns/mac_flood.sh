#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# 10 000 source addresses on one port evict only the oldest entries of that
# port, and memory stays below 32 MiB.
. "$(dirname "$0")/lib.sh"

lan_host h3 10.0.0.3 enp3s0
start_switch --uplink enp3s0 --taps tap0,tap1
tap_host h1 10.0.0.1 tap0
tap_host h2 10.0.0.2 tap1
check 'h2 is known' reaches h2 10.0.0.3

check '10 000 addresses on a TAP' frames <<-EOF2
	open a h1/tap0
	open c h3/eth0
	stream a c n=10000 dst=3 src=100+ len=60
EOF2
on_port() { ctl fdb | jq --arg p "$1" '[.fdb[] | select(.port == $p)] | length'; }
is 'a TAP keeps as many addresses as its limit' "$(on_port tap0)" 1024
is 'the newest address is kept' "$(fdb 02:c0:ff:ee:28:0f)" tap0
is 'the oldest address is not' "$(fdb 02:c0:ff:ee:01:00)" ''
is 'h2 is still known' "$(fdb 02:00:00:00:00:02)" tap1
is 'h3 is still known' "$(fdb 02:00:00:00:00:03)" enp3s0

check '10 000 addresses on the uplink' frames <<-EOF2
	open a h1/tap0
	open c h3/eth0
	stream c a n=10000 dst=bcast src=3000+ len=60
EOF2
is 'h2 is still known' "$(fdb 02:00:00:00:00:02)" tap1
check 'h2 and h3 reach each other' reaches h2 10.0.0.3
[ -n "${QSWITCH_SANITIZED:-}" ] || at_most 'KiB resident' "$(memory)" 32768
finish
