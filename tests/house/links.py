#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-2-Clause
# links.py - what the documents and lessons point at exists: relative links,
# headings, paths of the repository, and the functions that lessons name.
import os
import re

import house

# A path as text: it begins with a folder of the repository. Globs and `...`
# stand for many files, X and NAME for what the reader puts in.
PATH = re.compile(r"(?<![\w/.$~{-])((?:forwarding|stp|ports|switch|bench|lab|"
                  r"tests|docs|packaging|\.ci)/[\w./-]*\w)(?![\w*{/]|\.\.\.)")
NOT_A_FILE = re.compile(r"bench/results\b|.*(\bNAME\b|_X\b)")


def exists(path):
    return os.path.exists(os.path.join(house.TOP, path))


def anchors(path):
    """The anchors that GitHub makes of a document's headings."""
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-")
            for h in re.findall(r"^#+ +(.*?) *$", house.read(path), re.M)}


def links(path, text):
    for match in re.finditer(r"\]\(([^)\s#]*)(?:#([^)\s]*))?\)", text):
        target, anchor = match.groups()
        if "://" in target or target.startswith("mailto:"):
            continue
        to = os.path.normpath(os.path.join(os.path.dirname(path), target)
                              if target else path)
        number = house.line_of(text, match.start())
        if not exists(to):
            yield f"{path}:{number}: {target} does not exist"
        elif anchor and to.endswith(".md") and anchor not in anchors(to):
            yield f"{path}:{number}: {to} has no heading #{anchor}"


def paths(path, text):
    # links have been looked at; addresses are not ours
    text = re.sub(r"\]\([^)]*\)|\w+://\S+", lambda m: " " * len(m.group()),
                  text)
    for match in PATH.finditer(text):
        named = match.group(1)
        # switch/clock is both clock.h and clock.c
        if (not exists(named) and not exists(named + ".h")
                and not exists(named + ".c") and not NOT_A_FILE.match(named)):
            number = house.line_of(text, match.start())
            yield f"{path}:{number}: {named} does not exist"


def functions(path, text):
    """Lessons point at code: @ FILE FUNCTION()"""
    for match in re.finditer(r"^@ (\S+) (\w+)\(\)", text, re.M):
        source, name = match.groups()
        if exists(source) and not re.search(
                rf"^\w.*\b{name}\(", house.read(source), re.M):
            number = house.line_of(text, match.start())
            yield f"{path}:{number}: {source} has no {name}()"


def main():
    documents = house.files(".md", ".lesson")
    faults = []
    for path in documents:
        text = house.read(path)
        for find in (links, paths, functions):
            faults += find(path, text)
    house.finish(faults, f"{len(documents)} documents point at what exists")


main()
