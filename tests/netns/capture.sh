#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# capture: a pcap file that tcpdump reads, and lines for people; and how
# qswitchctl ends when it cannot do what it is told.
. "$(dirname "$0")/lib.sh"
need tcpdump

start_switch --taps tap0,tap1
tap_host h1 10.0.0.1 tap0
tap_host h2 10.0.0.2 tap1

# status COMMAND...: its exit status
status() {
	local rc=0
	"$@" >"$WORK/out" 2>&1 || rc=$?
	echo $rc
}

touch "$WORK/c.err" "$WORK/t.err"
qswitchctl --name "$SW" capture tap0 -c 6 -w "$WORK/c.pcap" 2>"$WORK/c.err" &
pcap=$!
qswitchctl --name "$SW" capture all -c 6 >"$WORK/c.txt" 2>"$WORK/t.err" &
text=$!
wait_line "$WORK/c.err" 'capturing on tap0'
wait_line "$WORK/t.err" 'capturing on all'
check 'h1 reaches h2' reaches h1 10.0.0.2
check 'h1 reaches h2 again' reaches h1 10.0.0.2
check 'the captures end after their count' wait $pcap $text
is 'tcpdump finds six frames' \
	"$(tcpdump -nr "$WORK/c.pcap" 2>/dev/null | wc -l)" 6
matches 'with a ping in them' \
	"$(tcpdump -nr "$WORK/c.pcap" 2>/dev/null)" 'ICMP echo request'
matches 'lines tell of it as well' "$(cat "$WORK/c.txt")" \
	'ICMP 10.0.0.1 > 10.0.0.2, echo request'

is 'what is refused' "$(status qswitchctl --name "$SW" port up nix)" 1
matches 'has a reason' "$(cat "$WORK/out")" 'no port named nix'
is 'no switch' "$(status qswitchctl --name nix ports)" 1
matches 'has a remedy' "$(cat "$WORK/out")" \
	'no switch named nix is running .*: start qswitchd'
is 'a wrong command line' "$(status qswitchctl nix)" 2
finish
