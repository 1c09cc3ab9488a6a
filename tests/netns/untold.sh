#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A super-frame that the kernel cannot describe to a packet socket (here UFO, of
# old guests) is lost and makes the ring deaf. The ring is made again, and the
# log says what was lost, once, with the remedy.
. "$(dirname "$0")/lib.sh"
need python3

ip link add out type veth peer name far-out
ip link set out up
ip link set far-out up
start_switch --stp off --port vmtap:guest0 --port nic:out

cat >"$WORK/guest.py" <<'EOF'
import fcntl
import os
import select
import socket
import struct
import sys

TUNSETIFF, TAP_NO_PI_VNET, UFO = 0x400454CA, 0x5002, 3
BROADCAST = b"\xff" * 6
MARK = BROADCAST + b"\2\xc0\xff\xee\0\2" + b"\x88\xb5" + bytes(46)


def ufo():
    payload = bytes(3000)
    udp = struct.pack("!HHHH", 1, 2, 8 + len(payload), 0)
    ip = struct.pack("!BBHHHBBHII", 0x45, 0, 28 + len(payload), 1, 0, 64, 17,
                     0, 0x0A000001, 0x0A0000FE)
    return (struct.pack("=BBHHHH", 1, UFO, 42, 1400, 34, 6) + BROADCAST +
            b"\2\xc0\xff\xee\0\1" + b"\x08\0" + ip + udp + payload)


def main():
    tap = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", b"guest0",
                                            TAP_NO_PI_VNET))
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    sock.bind(("far-out", 3))
    try:
        os.write(tap, ufo())
    except OSError as error:
        sys.exit(f"skipped: no UFO here: {error}")
    for _ in range(500):  # both ways, until the guest is heard again
        sock.send(BROADCAST + b"\2\xc0\xff\xee\0\3" + MARK[12:])
        os.write(tap, bytes(10) + MARK)
        if select.select([sock], [], [], 0.02)[0] and \
                sock.recv(2000)[:14] == MARK[:14]:
            if open(sys.argv[1]).read().count("cannot describe"):
                return
    sys.exit("the guest was not heard again, or nobody was told")


main()
EOF
status=0
python3 "$WORK/guest.py" "$WORK/sw.log" 2>"$WORK/guest.log" || status=$?
! grep -q '^skipped' "$WORK/guest.log" || skip "$(cat "$WORK/guest.log")"
is 'the ring was made again, and the operator told' $status 0
check 'with the remedy' grep -q \
	'guest0: lost super-frames .* tx-sctp-segmentation off' "$WORK/sw.log"
is 'once' "$(grep -c 'lost super-frames' "$WORK/sw.log")" 1
finish
