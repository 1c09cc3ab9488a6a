#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Frames around the MTU, of every type, from a port of MTU 9000 to ports of MTU
# 1500: what arrives is what a kernel bridge delivers, and a frame that the
# device refuses takes no other along.
. "$(dirname "$0")/lib.sh"
need python3

# pair NAME MTU: NAME, and far-NAME at the other end
pair() {
	ip link add "$1" mtu "$2" type veth peer name "far-$1" mtu "$2"
	ip link set "$1" up
	ip link set "far-$1" up
}

pair in 9000
for name in packet lone pcap; do
	pair $name 1500
done
ip link add kbr type bridge forward_delay 0 2>/dev/null ||
	skip 'this kernel has no bridge'
ip link set kbr up
pair kin 9000
pair kout 1500
ip link set kin master kbr
ip link set kout master kbr

start_switch --stp off --port nic:in --port nic:packet \
	--port nic:lone,xdp=no --port nic:pcap,driver=pcap --port tap:tap0
ip link set tap0 up

cat >"$WORK/compare.py" <<'EOF'
import select
import socket
import struct
import sys

ALL, SOL_PACKET, AUXDATA, RCVBUFFORCE = 3, 263, 8, 33
BROADCAST, SOURCE = b"\xff" * 6, b"\x02\xc0\xff\xee\0\1"
OURS = ("far-packet", "far-lone", "far-pcap", "tap0")
TAGS = [[], [0x8100], [0x88A8], [0x8100, 0x8100], [0x88A8, 0x8100]]
TYPES = [0x9100, 0x8847, 0x88E7, 0x88E5, 0x8864, 0x88B5]


def listen(name):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    sock.setsockopt(socket.SOL_SOCKET, RCVBUFFORCE, 16 << 20)
    sock.setsockopt(SOL_PACKET, AUXDATA, 1)
    sock.bind((name, ALL))
    return sock


def frame(serial, tags, kind, length):
    """LENGTH bytes behind the last type field."""
    head = b"".join(struct.pack("!HH", tag, 5) for tag in tags)
    body = struct.pack("!I", serial) + b"\x5a" * (length - 4)
    return BROADCAST + SOURCE + head + struct.pack("!H", kind) + body


def heard(sock, last):
    """{serial: length} up to the frame @last."""
    found = {}
    while last not in found:
        if not select.select([sock], [], [], 10)[0]:
            sys.exit(f"{sock.getsockname()[0]}: {last} never came")
        data = sock.recv(10000)
        if data[:12] != BROADCAST + SOURCE:
            continue
        at = 12
        while data[at:at + 2] in (b"\x81\0", b"\x88\xa8"):
            at += 4
        found[struct.unpack("!I", data[at + 2:at + 6])[0]] = len(data) - at
    return found


def wait_for_bridge():
    """A port of the bridge forwards once its carrier has been noticed."""
    sock, sender = listen("far-kout"), listen("far-kin")
    probe = BROADCAST + SOURCE + b"\x88\xb5" + bytes(46)
    for _ in range(500):
        sender.send(probe)
        if select.select([sock], [], [], 0.02)[0]:
            return
    sys.exit("the bridge forwards nothing")


def run(frames):
    """What arrives of FRAMES: at the bridge's end and at each of ours."""
    results = {}
    last = len(frames)
    for source, ends in (("far-kin", ("far-kout",)), ("far-in", OURS)):
        socks = [listen(name) for name in ends]
        sender = listen(source)
        for n, one in enumerate(frames):
            sender.send(one)
            if n % 16 == 15:  # let it pass: no queue shall overflow
                mark = frame(1000000 + n, [], 0x88B5, 50)
                sender.send(mark)
                for sock, name in zip(socks, ends):
                    results.setdefault(name, {}).update(
                        heard(sock, 1000000 + n))
        sender.send(frame(last, [], 0x88B5, 50))
        for sock, name in zip(socks, ends):
            results.setdefault(name, {}).update(heard(sock, last))
    return results


def around_the_mtu():
    """Every type and tag, every length about the limit."""
    frames, names = [], []
    for tags in TAGS:
        for kind in TYPES:
            for length in range(1490, 1510):
                names.append((tags, hex(kind), length))
                frames.append(frame(len(frames), tags, kind, length))
    results = run(frames)
    bridge = results["far-kout"]
    passed = 0
    for name in OURS:
        for serial, what in enumerate(names):
            if (serial in bridge) == (serial in results[name]):
                passed += serial in bridge
            # a veth lets one tag of 4 bytes pass in band, the bridge's second
            # one is not in band
            elif len(frames[serial]) <= 1518 or serial not in bridge:
                sys.exit(f"{name}: {what}: the bridge "
                         f"{'passes' if serial in bridge else 'drops'} it")
    if passed < 4 * len(TYPES) * 10:
        sys.exit(f"only {passed} frames passed: nothing was compared")


def refused_frames():
    """400 good frames, every fifth followed by one that a veth refuses."""
    for tpid in (0x8100, 0x88A8):
        frames, good = [], set()
        for n in range(400):
            good.add(len(frames))
            frames.append(frame(len(frames), [], 0x88B5, 100 + n))
            if n % 5 == 0:
                frames.append(
                    frame(len(frames), [tpid, 0x8100], 0x88B5, 1500))
        for name, found in run(frames).items():
            lost = good - set(found)
            if lost:
                sys.exit(f"{name}: {len(lost)} of 400 good frames are lost")


wait_for_bridge()
globals()[sys.argv[1]]()
EOF
check 'the same frames pass' python3 "$WORK/compare.py" around_the_mtu
check 'good frames pass beside refused ones' \
	python3 "$WORK/compare.py" refused_frames
for name in packet lone pcap; do
	is "$name: no device was full" "$(port $name tx_full)" 0
	check "$name: refused frames are oversize" \
		test "$(port $name tx_oversize)" -gt 160
done
finish
