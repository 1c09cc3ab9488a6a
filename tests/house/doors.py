#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-2-Clause
# doors.py BIN - what the programs of a build are made of, by their symbols: the
# clients are small, and the core does nothing but compute.
import os
import re
import subprocess
import sys

import house

# What clients may share with the core: the names of things.
TEXT = re.compile(r"(verdict_(name|text|clause)|mac_\w+)$")
CLIENTS = ["qswitchctl", "qswitch-web", "qswitch-bridge-helper"]
NOT_FOR_CLIENTS = {"libpcap", "libmnl"}

# What the core may ask of libc; compilers and sanitizers call more.
PURE = re.compile(r"mem(cpy|move|set|cmp|chr)$|str(n?len|n?cmp|r?chr|l?cat|"
                  r"l?cpy)$|v?snprintf$|qsort$|bsearch$|abort$|"
                  r"__errno_location$|__isoc99_sscanf$")
COMPILER = re.compile(r"__\w+_chk$|__stack_chk_fail$|__\w+di2$|__assert_fail$|"
                      r"_GLOBAL_OFFSET_TABLE_$|__(asan|ubsan|sanitizer|gcov)_")
# Only where something is made or ended: x_new() and x_free().
MEMORY = {"malloc", "calloc", "free", "mmap", "munmap", "madvise"}
PLACES = re.compile(r"\w+_(new|free)$|map_slots$")


def run(*command):
    return subprocess.run(command, check=True, text=True,
                          capture_output=True).stdout


def symbols(path, kinds):
    return {words[-1] for words in map(str.split, run("nm", path).split("\n"))
            if len(words) >= 2 and words[-2] in kinds}


def library(build, room):
    folder, name = room.split("/")[0], os.path.basename(room)
    return os.path.join(build, folder, f"lib{name}.a")


def client(build, name):
    program = os.path.join(build, "bin", name)
    needs = re.findall(r"\(NEEDED\).*\[(\w+)", run("readelf", "-d", program))
    needs += re.findall(r"^\s*(\w+)", run("ldd", program), re.M)
    for lib in sorted(NOT_FOR_CLIENTS & set(needs)):
        yield f"{name} needs {lib}"
    has = symbols(program, "TDBR")
    if "main" not in has:
        yield f"{name} has no symbols: build it unstripped"
    for room in ("forwarding", "stp", "ports", "switch", "switch/control"):
        core = symbols(library(build, room), "TDBR")
        for symbol in sorted(core & has):
            if not TEXT.match(symbol):
                yield f"{name} contains {symbol} of {room}/"


def pure(build, room):
    archive = library(build, room)
    strange = {s for s in symbols(archive, "U") - symbols(archive, "TDBR")
               if not PURE.match(s) and not COMPILER.match(s)}
    for symbol in sorted(strange - MEMORY):
        yield f"{room}/ uses {symbol}"


def memory(path):
    """Calls of MEMORY in functions that neither make nor end something."""
    name = ""
    for number, line in enumerate(house.code(house.read(path)).split("\n"), 1):
        match = re.match(r"\w.*?(\w+)\(", line)
        name = match.group(1) if match else name
        for call in re.findall(r"\b(\w+)\(", line):
            if call in MEMORY and not PLACES.match(name):
                yield f"{path}:{number}: {name}() calls {call}()"


def main():
    build = os.path.dirname(os.path.abspath(sys.argv[1]))
    faults = []
    for name in CLIENTS:
        if os.path.exists(os.path.join(build, "bin", name)):
            faults += client(build, name)
    for room in ("forwarding", "stp"):
        faults += pure(build, room)
        for path in house.files(".c", ".h", under=room):
            faults += memory(path)
    house.finish(faults, "clients are small, the core is pure")


main()
