#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Checks that the output of `qswitch-bench compare --json` is complete and
plausible. No threshold on speed: a busy machine is not a bug."""
import json
import sys


def fail(text):
    sys.exit("check_compare: " + text)


def need(obj, what, *keys):
    for key in keys:
        if key not in obj:
            fail(f"{what} has no {key}")


def check_summary(result):
    values = [v for v in result["values"] if v is not None]
    summary = result["summary"]
    name = f"{result['candidate']} {result['metric']}"
    if not values:
        if summary is not None:
            fail(name + " has a summary of nothing")
        return
    if summary["n"] != len(values):
        fail(name + " counts failures")
    if not summary["min"] <= summary["median"] <= summary["max"]:
        fail(name + " is not in order")
    if summary["min"] < 0:
        fail(name + " is negative")
    if abs(summary["min"] - min(values)) > 1e-6 * max(1, abs(min(values))):
        fail(name + " has another minimum than its values")


def check_ratios(result):
    for ratio in result["ratios"]:
        need(ratio, "a ratio", "baseline", "ratio", "verdict")
        if ratio["baseline"] == result["candidate"]:
            fail("compared with itself: " + result["candidate"])
        if ratio["ratio"] and ratio["ratio"]["min"] < 0:
            fail("negative ratio of " + result["candidate"])
        if ratio["ratio"] and ratio["ratio"]["median"] == 0 and \
                result["metric"] in ("tcp1", "packets60", "rtt-p50"):
            fail("ratio 0 of " + result["candidate"])


def check_measured(results, failed, candidate, metric, probe):
    """A metric must be measured, or its failure reported."""
    for result in results:
        if (result["candidate"], result["metric"]) != (candidate, metric):
            continue
        got = any(v is not None for v in result["values"])
        told = (candidate, probe) in failed or (candidate, "start") in failed
        if not got and not told and "inapplicable" not in result:
            fail(f"{candidate} {metric}: neither measured nor failed")
        return got
    fail(f"{candidate} {metric} is missing")


def main():
    data = json.load(sys.stdin)
    need(data, "the run", "tool", "environment", "settings", "candidates",
         "metrics", "results", "failures")
    need(data["environment"], "environment", "kernel", "cpu", "cpus",
         "cpus_usable", "memory_mib", "version", "commit", "date")
    need(data["settings"], "settings", "repetitions", "repetitions_done",
         "pin", "duration_s", "load")
    units = {m["name"]: m["unit"] for m in data["metrics"]}
    for result in data["results"]:
        if result["metric"] not in units:
            fail("unknown metric " + result["metric"])
        check_summary(result)
        check_ratios(result)
        if units[result["metric"]] == "%" and result["summary"] and \
                result["summary"]["max"] > 100:
            fail("more than all lost")
    failed = {(f["candidate"], f["probe"]) for f in data["failures"]}
    for failure in data["failures"]:
        if not failure["reason"]:
            fail("a failure without a reason")
    for one in data["candidates"]:
        if not one["available"]:
            if not one.get("reason"):
                fail(one["name"] + " is missing without a reason")
            continue
        for metric, probe in (("packets60", "packets60"),
                              ("loss60", "packets60"),
                              ("loss-at-load", "load"),
                              ("rtt-p50", "rtt")):
            check_measured(data["results"], failed, one["name"], metric,
                           probe)
    if not check_measured(data["results"], failed, "kernel-bridge",
                          "packets60", "packets60"):
        fail("the kernel bridge passed no frame")


main()
