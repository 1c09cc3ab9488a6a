#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A hostile guest of a NAT network sends mangled frames of every protocol there,
# and asks for leases under made-up addresses: qswitch-nat may die of it (then the
# port comes back), the switch and other guests go on.
IPV6=1
. "$(dirname "$0")/nat_lib.sh"
needs_nat
need busybox

lan
start_switch --nat --taps tap0,tap1,tap2 --stp off
for i in 0 1 2; do
	nat_guest "h$i" "tap$i"
done
check 'h1 gets a lease' lease h1 tap1
check 'h0 gets a lease' lease h0 tap0

cat >"$WORK/mangle.py" <<'END'
import random, socket, struct, sys
rng = random.Random(1)
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind(("tap0", 0))
me, gw = bytes.fromhex("020000000009"), bytes.fromhex("52550a000202")
src, dst = socket.inet_aton("10.0.2.15"), socket.inet_aton("10.0.2.2")

def ip(proto, data, to=dst):
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(data), 1, 0, 64, proto, 0)
    head += src + to
    total = sum(struct.unpack("!10H", head))
    total = (total & 0xffff) + (total >> 16)
    total = (total & 0xffff) + (total >> 16)
    return head[:10] + struct.pack("!H", total ^ 0xffff) + head[12:] + data

def ip6(proto, data):
    return (struct.pack("!IHBB", 0x60000000, len(data), proto, 255) +
            socket.inet_pton(socket.AF_INET6, "fec0::99") +
            socket.inet_pton(socket.AF_INET6, "ff02::2") + data)

def udp(port, data):
    return struct.pack("!HHHH", 68, port, 8 + len(data), 0) + data

dhcp = (bytes([1, 1, 6, 0]) + bytes(24) + me + bytes(202) +
        bytes([99, 130, 83, 99, 53, 1, 1, 12, 4]) + b"evil" + b"\xff")
bodies = [
    (0x0800, ip(17, udp(67, dhcp), b"\xff" * 4)),
    (0x0800, ip(17, udp(53, bytes(12) + b"\x04test\0\0\1\0\1"))),
    (0x0800, ip(17, udp(69, b"\0\1/etc/passwd\0octet\0"))),
    (0x0800, ip(6, struct.pack("!HHIIBBHHH", 9, 80, 1, 0, 0x50, 2, 99, 0, 0))),
    (0x0800, ip(1, b"\x08\0\0\0\0\1\0\1" + bytes(32))),
    (0x0806, struct.pack("!HHBBH", 1, 0x800, 6, 4, 1) + me + src + bytes(6) + dst),
    (0x86dd, ip6(58, b"\x85\0\0\0\0\0\0\0\1\1" + me)),
    (0x86dd, ip6(58, b"\x87\0\0\0\0\0\0\0" + bytes(16))),
    (0x86dd, ip6(17, udp(547, b"\x0b\0\0\1\0\6\0\2\0\x17"))),
]
for n in range(int(sys.argv[1])):
    kind, body = rng.choice(bodies)
    body = bytearray(body)
    for _ in range(rng.choice([0, 1, 1, 2, 8])):
        body[rng.randrange(len(body))] = rng.randrange(256)
    if rng.random() < .2:
        body = body[:rng.randrange(len(body))]
    if rng.random() < .1:
        body += bytes(rng.randrange(1400))
    # a new station now and then, which wants an address
    mac = me if n % 50 else bytes([2, 9]) + struct.pack("!I", n)
    if n % 50 == 0:
        kind, body = bodies[0]
        body = bytearray(body)
        body[28 + 28:28 + 34] = mac
    to = b"\xff" * 6 if kind != 0x0800 or n % 50 == 0 else gw
    try:
        s.send(to + mac + struct.pack("!H", kind) + body)
    except OSError:
        pass
END
in_ns h0 python3 "$WORK/mangle.py" 30000
check 'h1 fetches a file afterwards' fetches h1 http://192.0.2.9:8000/file
check 'h1 and h0 reach each other' reaches h1 10.0.2.16
at_most 'qswitch-nat has ended no more than now and then' \
	"$(grep -c 'nat: down' "$WORK/$SW.log" || :)" 3
# 240 addresses and 600 made-up stations: offers end after a minute, so a new
# guest may have to ask again; a guest that has a lease does not
check 'h1 renews its lease meanwhile' lease h1 tap1
is 'and has the same' "$(ip4 h1 tap1)" 10.0.2.15
finish
