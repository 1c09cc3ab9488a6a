#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""On a machine that others use, compare and rfc name them, conclude that the
figures are not usable, print none of them, and end with status 3."""
import os
import re
import subprocess
import sys
import tempfile

HOG = "import time\nend = time.monotonic() + 60\n" \
      "while time.monotonic() < end: pass"


def bench(*words):
    run = subprocess.run([sys.argv[1], *words], text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    print(run.stderr, run.stdout, sep="")
    return run


def check(run, hogs):
    if run.returncode != 3:
        sys.exit(f"disturbed: exit status {run.returncode}, expected 3")
    said = re.search("Conclusion: not usable, because .*", run.stdout)
    named = re.findall(r"process (\d+) \(", said.group() if said else "")
    # three are named: where more disturb, it may be others
    if len(named) < 3 and str(hogs[0].pid) not in named:
        sys.exit(f"disturbed: the conclusion does not name {hogs[0].pid}")


def main():
    hogs = [subprocess.Popen([sys.executable, "-c", HOG])
            for _ in range(os.cpu_count())]
    try:
        with tempfile.TemporaryDirectory() as directory:
            saved = directory + "/saved"
            run = bench("compare", "--candidates", "kernel-bridge",
                        "--metrics", "packets60", "--duration", "300",
                        "--repetitions", "2", "--retries", "0", "--output",
                        saved)
            check(run, hogs)
            if "median" in run.stdout:
                sys.exit("disturbed: figures are printed")
            run = bench("show", "--file", saved)
            if "median" not in run.stdout or "not usable" not in run.stdout:
                sys.exit("disturbed: show does not print what was saved")
        run = bench("rfc", "--candidate", "kernel-bridge", "--tests",
                    "frame-loss-rate", "--sizes", "64", "--trial", "100")
        check(run, hogs)
        if not re.search(r"1 test of kernel-bridge .*about \d+ s", run.stderr):
            sys.exit("disturbed: rfc does not say what it will do")
        if "what comes then is lost" not in run.stdout:
            sys.exit("disturbed: rfc does not explain loss")
    finally:
        for hog in hogs:
            hog.kill()
            hog.wait()


main()
