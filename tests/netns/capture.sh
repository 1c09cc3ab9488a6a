#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# capture writes a pcap file that tcpdump reads, or readable lines; and the exit
# status of qswitchctl when a command fails.
. "$(dirname "$0")/lib.sh"
need tcpdump

start_switch --taps tap0,tap1
tap_host h1 10.0.0.1 tap0
tap_host h2 10.0.0.2 tap1

# status_of COMMAND...: its exit status
status_of() {
	local status=0
	"$@" >"$WORK/out" 2>&1 || status=$?
	echo $status
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
matches 'one of them is an echo request' \
	"$(tcpdump -nr "$WORK/c.pcap" 2>/dev/null)" 'ICMP echo request'
matches 'the readable capture shows it too' "$(cat "$WORK/c.txt")" \
	'ICMP 10.0.0.1 > 10.0.0.2, echo request'

is 'a rejected command has exit status 1' "$(status_of qswitchctl --name "$SW" port up nix)" 1
matches 'it gives a reason' "$(cat "$WORK/out")" 'no port is named nix'
is 'without a switch, the exit status is 1' "$(status_of qswitchctl --name nix ports)" 1
matches 'the error names a remedy' "$(cat "$WORK/out")" \
	'no switch named nix is running .*: start qswitchd'
is 'a wrong command line has exit status 2' "$(status_of qswitchctl nix)" 2
finish
