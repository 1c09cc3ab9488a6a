#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-2-Clause
# contracts.py - every prototype and inline function in the headers of the rooms
# has its contract directly above it: a /** comment that begins "name() - ".
import re

import house

ROOMS = ["forwarding", "stp", "ports", "switch", "bench", "lab/web"]


def declarations(text):
    """(offset, words) of each declaration outside braces; bodies left out."""
    text = re.sub(r"^[ \t]*#(?:\\\n|[^\n])*",
                  lambda m: re.sub(r"[^\n]", " ", m.group()), text, flags=re.M)
    depth, start, words = 0, None, ""
    for offset, c in enumerate(text):
        if c == "{":
            depth += 1
        elif c == "}":
            depth -= 1
            # the end of a function; a type's goes on to its ;
            if not depth and "(" in words:
                yield start, words
                start, words = None, ""
        elif depth:
            continue
        elif c == ";":
            yield start, words
            start, words = None, ""
        elif start is not None or not c.isspace():
            start = offset if start is None else start
            words += c


def function(words):
    """The name that words declare, if that is a function's."""
    words = re.sub(r"__attribute__\s*\(\(.*?\)\)\)?", "", words, flags=re.S)
    match = re.match(r"(?!typedef\b|static_assert\b)[\w\s*]+?[\s*](\w+)\s*\((?!\*)",
                     words)
    return match and "=" not in words and match.group(1)


def bare(path):
    text = house.read(path)
    lines = text.split("\n")
    for offset, words in declarations(house.code(text)):
        name = function(words)
        if not name:
            continue
        number = house.line_of(text, offset)
        above = "\n".join(lines[:number - 1])
        comment = above[above.rfind("/*"):]
        if not (re.match(rf"/\*\*\s(?:\s*\*\s)?{name}\(\) - \S", comment)
                and comment.endswith("*/") and comment.count("*/") == 1):
            yield f"{path}:{number}: {name}() has no contract above it"


def main():
    paths = [p for room in ROOMS for p in house.files(".h", under=room)]
    house.finish([fault for path in paths for fault in bare(path)],
                 f"every function of {len(paths)} headers has its contract")


main()
