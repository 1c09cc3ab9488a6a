#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-2-Clause
"""qswitch-bench leaves no process and no namespace behind when it ends, is
interrupted or killed, or when a candidate fails."""
import glob
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

import run

BENCH = sys.argv[1]
LONG = [BENCH, "compare", "--candidates", "kernel-bridge,vde-switch",
        "--metrics", "packets60", "--duration", "3000", "--repetitions", "9"]
OPAQUE = ("pid:", "net:", "mnt:")


def links_of(pid):
    """The namespaces that a process is in or holds a descriptor of."""
    found = set()
    for path in glob.glob(f"/proc/{pid}/ns/*") + glob.glob(
            f"/proc/{pid}/fd/*"):
        try:
            target = os.readlink(path)
        except OSError:
            continue
        if target.startswith(OPAQUE):
            found.add(target)
    return found


def pids():
    return [p for p in os.listdir("/proc") if p.isdigit()]


def children(pid):
    found = []
    for other in pids():
        try:
            with open(f"/proc/{other}/stat") as stat:
                if stat.read().rsplit(")", 1)[1].split()[1] == str(pid):
                    found.append(other)
        except OSError:
            continue
    return found


def until(what, condition, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    sys.exit("cleans_up: " + what)


def cell_namespaces(outer):
    """The namespaces of the measurement, once it has made its testbed."""
    mine = links_of("self")
    for pid in children(outer):
        made = links_of(pid) - mine
        # its own network namespace, the switch's and two hosts'
        if sum(link.startswith("net:") for link in made) >= 4:
            return made
    return None


def nobody_holds(namespaces):
    return not any(links_of(pid) & namespaces for pid in pids())


def interrupted(number):
    outer = subprocess.Popen(LONG, stdout=subprocess.DEVNULL)
    made = until("no testbed was made", lambda: cell_namespaces(outer.pid))
    os.kill(outer.pid, number)
    status = outer.wait()
    until(f"namespaces are left after signal {number}",
          lambda: nobody_holds(made))
    return status


def failing():
    """A candidate that ends at once is reported and affects no other."""
    text = run.output(
         BENCH, "compare", "--candidates",
         "kernel-bridge,qswitchd-tap-tap@/bin/false", "--metrics",
         "packets60", "--duration", "100", "--repetitions", "3")
    if "qswitchd ended with status 1" not in text:
        sys.exit("cleans_up: the failure was not reported:\n" + text)


def dying():
    """A candidate that dies during a measurement is reported, not averaged."""
    real = os.path.join(os.path.dirname(BENCH), "qswitchd")
    with tempfile.TemporaryDirectory() as where:
        wrapper = os.path.join(where, "mortal")
        with open(wrapper, "w") as script:
            script.write(f"""#!/bin/sh
case $* in --help|--version) exec {real} "$@" ;; esac
(sleep 1.5; kill -KILL $$) &
exec {real} "$@"
""")
        os.chmod(wrapper, 0o755)
        text = run.output(
         BENCH, "compare", "--json", "--candidates",
             f"kernel-bridge,qswitchd-tap-tap@{wrapper}", "--metrics",
             "packets60", "--duration", "2500", "--repetitions", "2",
             "--retries", "0")
    data = json.loads(text)
    reasons = [failure["reason"] for failure in data["failures"]]
    if not reasons or not all("signal 9" in reason for reason in reasons):
        sys.exit(f"cleans_up: a killed switch gives {reasons}")
    for result in data["results"]:
        killed = result["candidate"] != "kernel-bridge"
        if killed != all(value is None for value in result["values"]):
            sys.exit(f"cleans_up: {result['candidate']}: {result['values']}")


def main():
    before = set(glob.glob("/tmp/qswitch-bench-*"))
    for number in (signal.SIGINT, signal.SIGTERM):
        if interrupted(number) != 130:
            sys.exit(f"cleans_up: wrong exit status after {number}")
    failing()
    dying()
    left = set(glob.glob("/tmp/qswitch-bench-*")) - before
    if any(os.listdir(path) for path in left):
        sys.exit(f"cleans_up: files are left in {left}")
    # Killed with no chance to do anything: only an empty directory stays.
    interrupted(signal.SIGKILL)
    for path in set(glob.glob("/tmp/qswitch-bench-*")) - before:
        try:
            os.rmdir(path)
        except OSError:
            pass  # of another run, which is still using it


main()
