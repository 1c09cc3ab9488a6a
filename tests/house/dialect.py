#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-2-Clause
# dialect.py - every C file speaks the dialect of CONTRIBUTING.md.
# dialect.py FILE... - only these
import os
import re
import sys

import house

FILE_LINES = 500
FUNCTION_LINES = 60

ROOMS = {"forwarding", "stp", "ports", "switch", "bench", "lab", "tests"}

# Code that the preprocessor may choose: names that older kernel headers lack,
# a path that the build may set, `watch`, which needs ncurses, and what only
# assertions need.
CHOICES = {"TUN_F_USO4", "TUNGETDEVNETNS", "QSWITCH_BRIDGE_CONF",
           "QSWITCH_WATCH", "NDEBUG"}

# <library> headers; every other <header> is the system's
LIBRARY = re.compile(r"<(ev|pcap|cmocka|n?curses|microhttpd|libslirp|seccomp)\.h>|"
                     r"<(pcap|json-c|bsd|libmnl|ncurses)/")

COMPARE = r"\b(?:str(?:n?case|n)?cmp|memcmp)\s*\("

WORDS = [
    (r"\bsizeof\b(?!\()", "sizeof without (its parentheses)"),
    (r"!\s*" + COMPARE, "! of a comparison: write == 0"),
    (r"\b_Static_assert\b", "_Static_assert: write static_assert"),
    (r"\b(?:int|ssize_t)\s+(?:[^;(){}\n]*,\s*)?(?:rc|ret|r)\s*[=;,)]",
     "a result named rc, ret or r: write result, error or status"),
]


def closing(text, at):
    """The offset after the ) that closes the ( at."""
    depth = 0
    for i in range(at, len(text)):
        depth += (text[i] in "([{") - (text[i] in ")]}")
        if not depth:
            return i + 1
    return len(text)


def truths(text):
    """(start, end) of each comparison that is used as a truth value."""
    for match in re.finditer(COMPARE, text):
        start, end = match.start(), closing(text, match.end() - 1)
        before, after = text[:start].rstrip(), text[end:].lstrip()
        if re.match(r"==|!=|<|>|-|\+", after) or before.endswith("!"):
            continue
        if (before.endswith(("&&", "||")) or after.startswith(("&&", "||"))
                or after.startswith("?")
                or (re.search(r"\b(if|while)\s*\($", before)
                    and after.startswith(")"))
                or re.search(r"\bbool \w+\s*=$", before)):
            yield start, end


def include_kind(path, name):
    stem = re.sub(r"\.c$", ".h", path)
    if name[0] == "<":
        return 2 if LIBRARY.match(name) else 1
    if name[1:-1] in (stem, os.path.basename(stem)) and path.endswith(".c"):
        return 0
    return 3 if "/" in name else 4


def rooms(text):
    """An include of another room goes through a door: from the top, no .."""
    for match in re.finditer(r'^#\s*include\s+"([^"]*)/[^"/]+"', text, re.M):
        folders = match.group(1).split("/")
        if ".." in folders or folders[0] not in ROOMS:
            number = text.count("\n", 0, match.start()) + 1
            yield number, "an include that evades the doors: begin with a room"


def includes(path, text):
    """Blocks: own header, <system>, <library>, "room/x.h", "x.h". Tables
    (x.def) are included where their rows are needed."""
    blocks, last = [], None
    for number, line in enumerate(text.split("\n"), 1):
        match = re.match(r'#\s*include\s+(<[^>]+>|"[^"]+")', line)
        if match and not match.group(1).endswith('.def"'):
            if last != number - 1:
                blocks.append([])
            blocks[-1].append((number, match.group(1)))
            last = number
    before = -1
    # a .c opens with the one header that declares what it defines
    if (path.endswith(".c") and blocks and len(blocks[0]) == 1
            and blocks[0][0][1][0] == '"'):
        blocks, before = blocks[1:], 0
    for block in blocks:
        names = [name for _, name in block]
        kinds = {include_kind(path, name) for name in names}
        at = block[0][0]
        if len(kinds) > 1:
            yield at, "an include block of more than one kind"
        elif min(kinds) <= before:
            yield at, "include blocks out of order"
        elif names != sorted(names, key=lambda n: n[1:-1]):
            yield at, "includes not sorted"
        before = max(kinds)


def functions(text):
    lines = text.split("\n")
    start = None
    for number, line in enumerate(lines, 1):
        if line == "{":
            start = number
        elif line == "}" and start:
            first = start - 1
            while first > 1 and lines[first - 1][:1] in ("\t", " "):
                first -= 1
            if number - first + 1 > FUNCTION_LINES:
                yield first, f"a function of {number - first + 1} lines"
            start = None


def guard(path, text):
    want = re.sub(r"[^A-Z0-9]", "_", path.upper())
    if not re.search(rf"^#ifndef {want}\n#define {want}$", text, re.M):
        yield 1, f"include guard is not {want}"


def choices(text):
    for match in re.finditer(r"^\s*#\s*(if|ifdef|ifndef|elif)\b\s*(.*)$", text,
                             re.M):
        names = set(re.findall(r"\b[A-Z]\w+", match.group(2)))
        if match.group(2).endswith("_H") and match.group(1) == "ifndef":
            continue
        if not names or not names <= CHOICES:
            yield (house.line_of(text, match.start()),
                   f"#{match.group(1)} {match.group(2)}")


def check(path, text):
    """(line, fault) of one file."""
    bare = house.code(text)
    count = text.count("\n")
    if count > FILE_LINES:
        yield count, f"a file of {count} lines"
    for pattern, fault in WORDS:
        for match in re.finditer(pattern, bare):
            yield house.line_of(bare, match.start()), fault
    for start, _ in truths(bare):
        yield (house.line_of(bare, start),
               "a comparison as truth value: write != 0")
    yield from includes(path, bare)
    yield from rooms(text)
    yield from functions(bare)
    yield from choices(bare)
    if path.endswith(".h"):
        yield from guard(path, text)


def main():
    paths = [os.path.relpath(os.path.abspath(p), house.TOP)
             for p in sys.argv[1:]] or house.files(".c", ".h")
    faults = [f"{path}:{line}: {fault}" for path in paths
              for line, fault in check(path, house.read(path))]
    house.finish(faults, f"{len(paths)} files speak the dialect")


if __name__ == "__main__":
    main()
