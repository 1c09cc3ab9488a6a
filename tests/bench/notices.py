#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-2-Clause
"""The bench notices another user of the machine: it repeats the measurement as
often as allowed, then marks it."""
import json
import subprocess
import sys

import run

HOG = "import time\nend = time.monotonic() + 30\n" \
      "while time.monotonic() < end: pass"


def main():
    hog = subprocess.Popen([sys.executable, "-c", HOG])
    try:
        text = run.output(
         sys.argv[1], "compare", "--json", "--candidates",
             "kernel-bridge", "--metrics", "packets60", "--duration", "500",
             "--repetitions", "2", "--retries", "1")
    finally:
        hog.kill()
        hog.wait()
    for result in json.loads(text)["results"]:
        for note in result["repetitions"]:
            if not note["marked"] or note["attempts"] != 2:
                sys.exit(f"notices: a hog was not noticed: {note}")
            if not 0.05 < note["foreign"]:
                sys.exit(f"notices: too little foreign time: {note}")


main()
