# SPDX-License-Identifier: BSD-2-Clause
"""Runs the bench where the figures themselves do not matter."""
import subprocess
import sys

USABLE, NOT_USABLE = 0, 3  # a test's machine may be busy


def output(*words):
    run = subprocess.run(words, stdout=subprocess.PIPE, text=True)
    if run.returncode not in (USABLE, NOT_USABLE):
        sys.exit(f"{' '.join(words)}: exit status {run.returncode}")
    return run.stdout
