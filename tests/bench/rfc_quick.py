#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-2-Clause
"""`qswitch-bench rfc --json` runs every test with each kind of endpoint, and
its results are plausible. No threshold on speed."""
import json
import sys

import run

TESTS = ("26.1", "26.2", "26.3", "26.4", "5.1", "5.2", "5.5", "5.7", "5.8",
         "5.9", "5.10")


def fail(text):
    sys.exit("rfc_quick: " + text)


def column(sheet, title):
    at = sheet["columns"].index(title)
    return [row[at] for row in sheet["rows"]]


def check(candidate):
    text = run.output(
         sys.argv[1], "rfc", "--json", "--candidate", candidate, "--sizes",
         "64,1518", "--ports", "4", "--trial", "30", "--trials", "2",
         "--resolution", "25", "--addresses", "512")
    data = json.loads(text)
    if data["failures"]:
        fail(f"{candidate}: {data['failures']}")
    sheets = {sheet["name"].split()[2]: sheet for sheet in data["tests"]}
    for clause in TESTS:
        if clause not in sheets:
            fail(f"{candidate}: no {clause}")
        if not sheets[clause]["rows"]:
            fail(f"{candidate}: {clause} is empty")
        for row in sheets[clause]["rows"]:
            if len(row) != len(sheets[clause]["columns"]):
                fail(f"{candidate}: {clause} has a ragged row")
    if any(strays != 0 for strays in column(sheets["5.1"], "strays")):
        fail(f"{candidate}: known addresses were flooded")
    losses = [loss for row in sheets["26.3"]["rows"] for loss in row[2:]]
    if any(not 0 <= loss <= 100 for loss in losses):
        fail(f"{candidate}: impossible loss {losses}")
    if max(column(sheets["5.1"], "FRMOL/s")) <= 0:
        fail(f"{candidate}: nothing was forwarded")
    legal = [row for row in sheets["5.9"]["rows"] if row[0] == "legal"]
    if any(row[3] != row[2] for row in legal):
        fail(f"{candidate}: legal frames were lost at 1000/s: {legal}")


for name in ("kernel-bridge", "qswitchd-tap-nic", "qswitchd-stream"):
    check(name)
