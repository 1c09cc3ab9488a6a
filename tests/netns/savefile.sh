#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A switch without any device: savefiles in, savefiles out, byte for byte; as
# fast as it can be done, and at the pace at which they were caught.
. "$(dirname "$0")/lib.sh"
need tcpdump

# recording FILE N: the first N frames of a file that may still grow, as text
recording() {
	local fd reader
	exec {fd}< <(exec timeout 20 tail -c +1 -f "$1")
	reader=$!
	tcpdump -r - -c "$2" -t -n -xx <&"$fd" 2>/dev/null
	exec {fd}<&-
	kill $reader 2>/dev/null || :
}

frames_of() {
	tcpdump -r "$1" -t -n -xx 2>/dev/null
}

# Between two ports each frame goes to the other one, but for those that are
# for the port that they came from; the runt in the first file goes nowhere.
story=$TOP/tests/replay/tagged
start_switch --stp off \
	--port "pcap:$story/in-1.pcap,out=$WORK/fast-1.pcap,name=one" \
	--port "pcap:$story/in-2.pcap,out=$WORK/fast-2.pcap,name=two"
is 'what left by two is what came in by one' \
	"$(recording "$WORK/fast-2.pcap" 4)" "$(frames_of "$story/expect-2.pcap")"
is 'what left by one is what came in by two' \
	"$(recording "$WORK/fast-1.pcap" 4)" "$(frames_of "$story/expect-1.pcap")"
is 'the runt was counted' "$(verdict drop_runt)" 1
check_books
stop_switch

# At the pace at which it was caught one file plays just the same.
start_switch --stp off \
	--port "pcap:$story/in-1.pcap,name=player,pace=real" \
	--port "pcap:-,out=$WORK/real.pcap,name=recorder"
is 'played in real time' \
	"$(recording "$WORK/real.pcap" 4)" "$(frames_of "$story/expect-2.pcap")"
is 'nothing was lost' "$(port recorder tx_frames)" 4
finish
