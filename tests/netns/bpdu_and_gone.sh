#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A peer sends BPDUs that require an answer, but cannot receive one: its port
# fails in the middle of the batch. The switch must not look at the rest of the
# batch, because its memory was freed with the port.

. "$(dirname "$0")/lib.sh"
need jq python3

PORTS_REMOVED=1
start_switch --taps tap0 --stp-hello 9 \
	--port "qemu:$WORK/vm.sock,bpdu=always"
start_monitor

# Inferior configuration BPDUs (802.1D-1998 9.3.1), which 8.6.5 answers as soon
# as the hold time, which is a second from the first hello, is over.
timeout 20 python3 - "$WORK/vm.sock" <<-'END'
	import select, socket, struct, sys, time

	IDENTIFIER = bytes.fromhex("ffff02c0ffee0001")
	bpdu = (bytes(5) + IDENTIFIER + bytes(4) + IDENTIFIER +
	        struct.pack(">HHHHH", 0x8001, 0, 20 << 8, 2 << 8, 15 << 8))
	frame = (bytes.fromhex("0180c2000000" "02c0ffee0001" "0026" "424203") +
	         bpdu).ljust(60, b"\0")
	peer = socket.socket(socket.AF_UNIX)
	peer.connect(sys.argv[1])
	peer.recv(100)
	time.sleep(2.5)
	peer.shutdown(socket.SHUT_RD)
	peer.send(60 * (struct.pack(">I", len(frame)) + frame))
	gone = select.poll()
	gone.register(peer, 0)
	gone.poll(10000)
END
wait_event 0 '"port_removed"'
is 'one BPDU reached the spanning tree' "$(verdict to_stp)" 1
is 'the others count as received on a port that is down' "$(verdict drop_port_disabled)" 59
finish
