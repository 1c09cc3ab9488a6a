#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-2-Clause
"""Measures every kind of port for virtual machines: frames arrive, 64 KiB
frames arrive whole where they can exist, and nothing fails. No threshold on
speed."""
import json
import sys

import run

HELD = ("kernel-bridge-held", "qswitchd-held")
SOCKETS = ("qswitchd-stream", "qswitchd-stream-tcp", "qswitchd-dgram",
           "qswitchd-dgram-udp", "qswitchd-vde", "vde-switch-vde")


def fail(text):
    sys.exit("plugs: " + text)


def measure():
    text = run.output(
         sys.argv[1], "compare", "--json", "--candidates",
         ",".join(HELD + SOCKETS), "--metrics", "packets60,super,rtt",
         "--repetitions", "1", "--duration", "50", "--retries", "0")
    return json.loads(text)


def check(candidate, results):
    for metric in ("packets60", "cpu60", "rtt-p50"):
        values = results[candidate, metric]["values"]
        if not values or not all(value and value > 0 for value in values):
            fail(f"{candidate}: {metric} is {values}")
    values = results[candidate, "super"]["values"]
    told = "inapplicable" in results[candidate, "super"]
    if candidate in HELD and (told or not values[0] or values[0] <= 0):
        fail(f"{candidate}: no 64 KiB frame arrived whole: {values}")
    if candidate in SOCKETS and not told:
        fail(f"{candidate}: 64 KiB frames through a socket: {values}")


def main():
    data = measure()
    if data["failures"]:
        fail(f"{data['failures']}")
    results = {(result["candidate"], result["metric"]): result
               for result in data["results"]}
    for one in data["candidates"]:
        if one["available"]:
            check(one["name"], results)
        elif one["name"] != "vde-switch-vde":
            fail(f"{one['name']}: {one['reason']}")


main()
