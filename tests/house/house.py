# SPDX-License-Identifier: BSD-2-Clause
# house.py - what the tests of this folder share: the files of the tree, C
# without its comments and strings, and the end of a test.
import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))


def files(*suffixes, under="."):
    """Paths of the tree, relative to its top, that end in one of suffixes."""
    found = []
    for folder, names, here in os.walk(os.path.join(TOP, under)):
        names[:] = [n for n in names
                    if n != ".git" and not n.startswith("build")]
        found += [os.path.relpath(os.path.join(folder, n), TOP)
                  for n in here if n.endswith(suffixes)]
    return sorted(found)


def read(path):
    with open(os.path.join(TOP, path), encoding="utf-8") as f:
        return f.read()


TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'
                   r"'(?:\\.|[^'\\\n])*'", re.S)


def code(text):
    """C of the same length and lines, comments blank, strings hollow."""
    def blank(match):
        token = match.group()
        if token[0] == "/":
            return re.sub(r"[^\n]", " ", token)
        return token[0] + "_" * (len(token) - 2) + token[0]
    # the name in #include "x.h" is no string
    return "".join(
        part if part.startswith("#include") else TOKEN.sub(blank, part)
        for part in re.split(r'(^#include "[^"\n]*")', text, flags=re.M))


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def finish(faults, what):
    """Print the faults, or what holds, and exit."""
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults" if faults else f"ok: {what}")
    sys.exit(bool(faults))
