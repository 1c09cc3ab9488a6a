#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-2-Clause
"""The bench can tell a switch slowed by 5 us a frame from the same switch at
full speed. It takes a ratio within one run, so a slow machine does not matter.
On a busy one the ranges may overlap by chance: it has three attempts."""
import json
import sys

import run

FAST = "qswitchd-tap-tap"
SLOW = FAST + ":--debug-delay-us 5"


def verdict():
    text = run.output(
         sys.argv[1], "compare", "--json", "--candidate", FAST, "--candidate",
         SLOW, "--baseline", FAST, "--metrics", "packets60", "--duration",
         "300", "--repetitions", "5", "--retries", "0")
    data = json.loads(text)
    if data["failures"]:
        sys.exit(f"tells_slow: {data['failures']}")
    for result in data["results"]:
        if (result["candidate"], result["metric"]) == (SLOW, "packets60"):
            ratio = result["ratios"][0]
            print(ratio["ratio"], ratio["verdict"])
            return ratio
    sys.exit("tells_slow: no result")


def main():
    for _ in range(3):
        ratio = verdict()
        if " times " in ratio["verdict"] and ratio["ratio"]["median"] < 1:
            return
    sys.exit("tells_slow: the slowed switch was not found slower")


main()
