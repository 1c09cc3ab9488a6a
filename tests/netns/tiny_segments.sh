#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A guest broadcasts super-frames of 65000 bytes that ask for tiny segments, to
# 30 guests on streams. Those that ask for more than a sender would are refused;
# what the others become is bounded in each turn of the loop, over all ports.
. "$(dirname "$0")/lib.sh"
need python3

start_switch --stp off --port qemu:"$WORK/vm.sock" --port vmtap:guest0

cat >"$WORK/guest.py" <<'EOF'
import fcntl
import json
import os
import select
import socket
import struct
import subprocess
import sys
import threading

SUPER, GUESTS = 40, 30
TUNSETIFF, TUNSETVNETHDRSZ, TAP_NO_PI_VNET = 0x400454CA, 0x400454D8, 0x5002


def ports():
    out = subprocess.run(["qswitchctl", "--name", "sw", "--json", "ports"],
                         stdout=subprocess.PIPE, check=True).stdout
    return json.loads(out)["ports"]


def until(what, condition):
    for _ in range(1000):
        if condition():
            return
        select.select([], [], [], 0.01)  # counters do not announce themselves
    sys.exit("tiny_segments: " + what)


def read_all(sock):
    while sock.recv(1 << 20):
        pass


def connect(path):
    for _ in range(GUESTS):
        sock = socket.socket(socket.AF_UNIX)
        sock.connect(path)
        threading.Thread(target=read_all, args=(sock,), daemon=True).start()
        yield sock


def super_frame(size):
    """IPv4 TCP to everybody, in segments of SIZE bytes."""
    length = 65000 - 14
    ip = struct.pack("!BBHHHBBHII", 0x45, 0, length, 1, 0, 64, 6, 0,
                     0x0A000001, 0x0A0000FE)
    tcp = struct.pack("!HHIIBBHHH", 1, 2, 3, 4, 0x50, 0x10, 512, 0, 0)
    header = struct.pack("=BBHHHH", 1, 1, 54, size, 34, 16)
    return (header + b"\xff" * 6 + b"\2\xc0\xff\xee\0\1" + b"\x08\0" + ip +
            tcp + bytes(length - 40))


def main():
    tap = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", b"guest0",
                                            TAP_NO_PI_VNET))
    fcntl.ioctl(tap, TUNSETVNETHDRSZ, struct.pack("i", 10))
    guests = list(connect(sys.argv[1]))
    until("not all ports came up", lambda: sum(
        p["state"] == "forwarding" for p in ports()) == GUESTS + 1)
    for size, invalid in ((30, True), (40, False)):
        for _ in range(SUPER):
            os.write(tap, super_frame(size))
        until(f"frames of {size} were not taken", lambda: [
            p["rx_frames"] if not invalid else p["rx_invalid"]
            for p in ports() if p["name"] == "guest0"][0] >= SUPER)
    made = sum(p["tx_segments"] for p in ports())
    asked = SUPER * GUESTS * -(-(65000 - 54) // 40)
    print(f"{made} segments were made of {asked}")
    # each frame becomes 1624 at the first port; that is all for one turn of the
    # loop, and no frame waits for a second turn
    if not 0 < made <= SUPER * 1624 or len(guests) != GUESTS:
        sys.exit("tiny_segments: too many, or none")


main()
EOF
check 'the work is bounded' python3 "$WORK/guest.py" "$WORK/vm.sock"
PORTS_REMOVED=1 # the guests have left
finish
