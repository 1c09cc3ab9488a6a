#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A request for the checksum of SCTP, as a veth delivers it: the packet arrives
# with its CRC32c at every kind of port.
. "$(dirname "$0")/lib.sh"
need python3

for name in in packet lone pcap; do
	ip link add "$name" type veth peer name "far-$name"
	ip link set "$name" up
	ip link set "far-$name" up
done
start_switch --stp off --port nic:in --port nic:packet \
	--port nic:lone,xdp=no --port nic:pcap,driver=pcap --port tap:tap0
ip link set tap0 up

cat >"$WORK/sctp.py" <<'EOF'
import select
import socket
import struct
import sys

ALL, SOL_PACKET, VNET_HDR, NEEDS_CSUM = 3, 263, 15, 1
ADDRESSES = b"\xff" * 6 + b"\x02\xc0\xff\xee\0\1"


def crc32c(data):
    """RFC 9260 appendix A, bit by bit."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return struct.pack("<I", crc ^ 0xFFFFFFFF)


def sctp(field):
    return struct.pack("!HHI", 1000, 2000, 7) + field + \
        b"\x0b\0\0\4" + bytes(range(96))


def frame(field):
    body = sctp(field)
    ip = struct.pack("!BBHHHBBHII", 0x45, 0, 20 + len(body), 1, 0, 64, 132, 0,
                     0x0A000001, 0x0A0000FE)
    return ADDRESSES + b"\x08\0" + ip + body


def main():
    want = frame(crc32c(sctp(bytes(4))))
    ends = []
    for name in ("far-packet", "far-lone", "far-pcap", "tap0"):
        end = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        end.bind((name, ALL))
        ends.append((name, end))
    sender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    sender.setsockopt(SOL_PACKET, VNET_HDR, 1)
    sender.bind(("far-in", 0))
    sender.send(struct.pack("=BBHHHH", NEEDS_CSUM, 0, 34, 0, 34, 8) +
                frame(bytes(4)))
    for name, end in ends:
        got = b""
        while got[:12] != ADDRESSES:
            if not select.select([end], [], [], 10)[0]:
                sys.exit(f"{name}: nothing came")
            got = end.recv(2000)
        if got != want:
            sys.exit(f"{name}: the checksum is {got[42:46].hex()}, "
                     f"not {want[42:46].hex()}")


main()
EOF
check 'the checksum is right everywhere' python3 "$WORK/sctp.py"
for name in packet lone pcap tap0; do
	is "$name: it was finished by the switch" "$(port $name tx_csummed)" 1
done
finish
