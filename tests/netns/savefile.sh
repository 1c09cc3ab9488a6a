#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A switch without devices: savefiles in, savefiles out, byte for byte; at full
# speed, and at the pace of the recording.
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

# With two ports each frame goes to the other one, except frames to a
# destination on their own port; the runt in the first file is dropped.
story=$TOP/tests/replay/tagged
start_switch --stp off \
	--port "pcap:$story/in-1.pcap,out=$WORK/fast-1.pcap,name=one" \
	--port "pcap:$story/in-2.pcap,out=$WORK/fast-2.pcap,name=two"
is 'port two sent what port one received' \
	"$(recording "$WORK/fast-2.pcap" 4)" "$(frames_of "$story/expect-2.pcap")"
is 'port one sent what port two received' \
	"$(recording "$WORK/fast-1.pcap" 4)" "$(frames_of "$story/expect-1.pcap")"
is 'the runt was counted' "$(verdict drop_runt)" 1
check_books
stop_switch

# At the pace of the recording the output is the same.
start_switch --stp off \
	--port "pcap:$story/in-1.pcap,name=player,pace=real" \
	--port "pcap:-,out=$WORK/real.pcap,name=recorder"
is 'the output in real time is the same' \
	"$(recording "$WORK/real.pcap" 4)" "$(frames_of "$story/expect-2.pcap")"
is 'nothing was lost' "$(port recorder tx_frames)" 4
finish
