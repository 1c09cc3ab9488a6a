#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes the savefiles of tests/replay: run it when a story changes.

Each story is a list of frames (time, ingress port, frame, egress ports),
written by hand from the standard and not taken from what the bridge does. The
tests themselves need no Python.
"""
import os
import shutil
import struct

HERE = os.path.dirname(os.path.abspath(__file__))
BROADCAST = bytes(6 * [255])
STORIES = {}


def mac(n):
    return bytes([2, 0, 0, 0, n >> 8, n & 255])


def frame(dst, src, tags=(), etype=0x88B5, size=60):
    """A frame; dst and src are numbers of hosts or bytes, tags (TPID, TCI)."""
    dst = dst if isinstance(dst, bytes) else mac(dst)
    src = src if isinstance(src, bytes) else mac(src)
    head = dst + src
    for tpid, tci in tags:
        head += struct.pack(">HH", tpid, tci)
    head += struct.pack(">H", etype)
    return head + bytes(i & 255 for i in range(max(0, size - len(head))))


def story(ports, options=""):
    def note(fn):
        STORIES[fn.__name__.replace("_", "-")] = (fn, ports, options)
        return fn
    return note


@story(ports=4)
def unknown_flood():
    """Nothing has been learned: each frame goes to every port but its own.
    Group addresses are flooded for ever (802.1D-1998 7.7.2)."""
    multicast = bytes.fromhex("01005e000009")
    yield 0.0, 1, frame(9, 1), {2, 3, 4}
    yield 0.1, 2, frame(8, 2), {1, 3, 4}
    yield 0.2, 3, frame(BROADCAST, 3), {1, 2, 4}
    yield 0.3, 4, frame(multicast, 4), {1, 2, 3}
    yield 0.4, 4, frame(multicast, 4), {1, 2, 3}
    yield 0.5, 1, frame(9, 1, size=14), {2, 3, 4}
    yield 0.6, 1, frame(9, 1, size=1514), {2, 3, 4}


@story(ports=3)
def learned():
    """Frames for a learned address leave through its port alone; a frame for
    the port that it came from is filtered; a source that is zero or a group
    address teaches nothing."""
    group, zero = bytes.fromhex("030000000001"), bytes(6)
    yield 0.0, 1, frame(2, 1), {2, 3}
    yield 0.1, 2, frame(1, 2), {1}
    yield 0.2, 1, frame(2, 1), {2}
    yield 0.3, 3, frame(1, 3, size=1514), {1}
    yield 0.4, 3, frame(2, 3), {2}
    yield 0.5, 1, frame(1, 1), set()        # to itself
    yield 0.6, 1, frame(3, 4), {3}          # a second host on port 1
    yield 0.7, 1, frame(4, 1), set()        # both on port 1
    yield 0.8, 2, frame(4, 2), {1}
    yield 0.9, 1, frame(3, group), set()
    yield 1.0, 1, frame(3, zero), set()
    yield 1.1, 2, frame(zero, 2), {1, 3}    # so it is unknown
    yield 1.2, 2, frame(2, 1)[:13], set()   # a runt


@story(ports=3)
def moved():
    """A host moves from port 1 to port 3: traffic follows its first frame."""
    yield 0.0, 1, frame(BROADCAST, 1), {2, 3}
    yield 1.0, 2, frame(1, 2), {1}
    yield 2.0, 3, frame(2, 1), {2}
    yield 2.1, 2, frame(1, 2), {3}
    yield 3.0, 1, frame(2, 1), {2}
    yield 3.1, 2, frame(1, 2), {1}
    yield 3.2, 3, frame(1, 3), {1}


@story(ports=3)
def aged():
    """Hours of virtual time. Known for 300 s from when it was last heard and
    not after (802.1D-1998 7.9.2); an address heard again is known again;
    frames sent to an address do not keep it known."""
    yield 0.0, 1, frame(BROADCAST, 1), {2, 3}
    yield 299.0, 2, frame(1, 2), {1}
    yield 301.0, 2, frame(1, 2), {1, 3}
    yield 302.0, 1, frame(2, 1), {2}
    yield 600.0, 2, frame(1, 2), {1}
    yield 603.0, 2, frame(1, 2), {1, 3}
    for hour in range(1, 49):
        at = hour * 3600.0
        yield at, 1, frame(2, 1), {2, 3}
        yield at + 1, 2, frame(1, 2), {1}
        yield at + 290, 1, frame(2, 1), {2}
        yield at + 580, 2, frame(1, 2), {1}


@story(ports=3, options="ageing 10\n")
def aged_fast():
    """The same with the shortest ageing time that may be set."""
    yield 5.0, 1, frame(BROADCAST, 1), {2, 3}
    yield 14.0, 2, frame(1, 2), {1}
    yield 17.0, 2, frame(1, 2), {1, 3}


@story(ports=3)
def tagged():
    """The bridge is VLAN-unaware: tags of all kinds pass unchanged, whatever
    their VID, and an address heard in one VLAN is known in all."""
    q, ad = 0x8100, 0x88A8
    yield 0.0, 1, frame(2, 1, [(q, 5)], size=64), {2, 3}
    yield 0.1, 2, frame(1, 2, [(q, 5)], size=64), {1}
    yield 0.2, 2, frame(1, 2, [(q, 6)], size=64), {1}
    yield 0.3, 1, frame(2, 1), {2}
    yield 0.4, 1, frame(2, 1, [(q, 0xE000)], size=18), {2}
    yield 0.5, 1, frame(2, 1, [(ad, 0xB123)], size=1518), {2}
    yield 0.6, 2, frame(1, 2, [(ad, 100), (q, 7)], size=1522), {1}
    yield 0.7, 2, frame(BROADCAST, 2, [(q, 4095), (q, 1), (q, 2)]), {1, 3}
    yield 0.8, 1, frame(2, 1, [(q, 5)])[:17], set()  # a runt for a tagged one


def reserved_frames():
    for last in range(0, 16):
        yield bytes.fromhex("0180c20000") + bytes([last])


@story(ports=3)
def reserved():
    """01-80-C2-00-00-00 to -0F are not relayed (802.1D-1998 7.12.6); the next
    addresses are. Their sources are learned all the same."""
    at = 0.0
    for dst in reserved_frames():
        yield at, 1, frame(dst, 1, etype=0x0026), set()
        at += 0.1
    yield 2.0, 1, frame(bytes.fromhex("0180c2000010"), 1), {2, 3}
    yield 2.1, 1, frame(bytes.fromhex("0180c20000ff"), 1), {2, 3}
    yield 2.2, 2, frame(1, 2), {1}


@story(ports=3, options="forward-reserved\n")
def reserved_forwarded():
    """... but in a lab that wants a wire."""
    at = 0.0
    for dst in reserved_frames():
        yield at, 1, frame(dst, 1, etype=0x0026), {2, 3}
        at += 0.1


@story(ports=4, options="state 3 learning\nstate 4 blocking\n")
def port_states():
    """Port 3 learns without forwarding, port 4 does neither (802.1D-1998
    8.4)."""
    yield 0.0, 1, frame(BROADCAST, 1), {2}
    yield 0.1, 3, frame(1, 3), set()
    yield 0.2, 4, frame(1, 4), set()
    yield 0.3, 1, frame(3, 1), set()   # known on a port that forwards nothing
    yield 0.4, 1, frame(4, 1), {2}     # never learned
    yield 0.5, 2, frame(1, 2), {1}


@story(ports=2, options="fdb-max 1 3\n")
def port_limit():
    """Port 1 may teach three addresses: the fourth evicts the oldest entry of
    port 1, and of no other port."""
    yield 0.0, 2, frame(BROADCAST, 9), {1}
    for n in range(1, 5):
        yield float(n), 1, frame(9, n), {2}
    yield 6.0, 2, frame(1, 9), {1}     # forgotten, flooded: the same port
    yield 7.0, 1, frame(9, 1), {2}     # evicts 2
    yield 8.0, 1, frame(2, 1), {2}     # flooded; were it known: filtered
    yield 9.0, 1, frame(3, 1), set()   # known on its own port: filtered


class Savefile:
    def __init__(self, path):
        self.file = open(path, "wb")
        self.file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))

    def add(self, at, data):
        usec = round(at * 1e6)
        self.file.write(struct.pack(
            "<IIII", usec // 1000000, usec % 1000000, len(data), len(data)))
        self.file.write(data)


def write(name, fn, ports, options):
    folder = os.path.join(HERE, name)
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder)
    tapes = {(which, n): Savefile(os.path.join(folder, f"{which}-{n}.pcap"))
             for which in ("in", "expect") for n in range(1, ports + 1)}
    for number, (at, port, data, out) in enumerate(fn()):
        if len(data) >= 60:  # tell frames apart
            data = data[:-2] + struct.pack(">H", number)
        tapes["in", port].add(at, data)
        for n in out:
            tapes["expect", n].add(at, data)
    if options:
        with open(os.path.join(folder, "options"), "w") as f:
            f.write(options)


for story_name, story_args in STORIES.items():
    write(story_name, *story_args)
