#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-2-Clause
# reading_order.py - README.md names what a newcomer reads, in order, and how
# many lines that is: the number is true and stays small.
import os
import re

import house

PHRASE = r"A\s+newcomer\s+reads\s+about\s+(\d+)\s+lines:"
MOST = 800


def lines(path):
    return house.read(path).count("\n")


def main():
    readme = house.read("README.md")
    match = re.search(PHRASE, readme)
    if not match:
        house.finish(['README.md: the sentence "A newcomer reads about N '
                      'lines:" is missing'], "")
    claimed = int(match.group(1))
    # to the end of the paragraph, and of the list that it may introduce
    rest = readme[match.end():]
    end = re.search(r"\n\s*\n(?!\s*(?:[-*]|\d+\.)\s)", rest)
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", rest[:end and end.start()])
    faults = []
    paths = ["README.md"]
    for link in links:
        if not os.path.isfile(os.path.join(house.TOP, link)):
            faults.append(f"README.md: {link} is not a file")
        elif link not in paths:
            paths.append(link)
    total = sum(lines(path) for path in paths)
    if not links:
        faults.append("README.md: no links follow the sentence")
    if claimed > MOST:
        faults.append(f"README.md claims {claimed} lines: more than {MOST}")
    if total > claimed * 1.05:
        faults.append(f"README.md claims about {claimed} lines, "
                      f"but these have {total}:")
        faults += [f"    {lines(path):4} {path}" for path in paths]
    house.finish(faults, f"{total} lines in {len(paths)} files, "
                 f"{claimed} claimed")


main()
