#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A learner at a terminal: "!" opens a shell with job control, and the lesson
# goes on after "exit"; "q" leaves.
set -euo pipefail
TOP=$(cd "$(dirname "$0")/../.." && pwd)
command -v python3 >/dev/null || { echo 'skipped: no python3' && exit 77; }
DIR=$(mktemp -d)
trap 'rm -rf "$DIR"' EXIT
export QSWITCH_LESSONS=$DIR
# shellcheck disable=SC2016 # the lesson's shell expands it
printf '%s\n' '# 98. A test' '' '    $ echo first $((6 * 7))' \
	'    $ echo second $((6 * 9))' 'The end.' >"$DIR/98-test.lesson"
python3 - "$TOP/lab/lesson" <<'PYTHON'
import os, pty, re, select, signal, sys, time

def play(*talk):
    """Start lesson 98 on a terminal; for each pair, wait for the pattern and
    type the answer. Return the exit status and what was shown."""
    child, fd = pty.fork()
    if child == 0:
        os.execv(sys.argv[1], [sys.argv[1], '98'])
    seen, shown, until = '', '', time.monotonic() + 60
    for pattern, answer in talk + ((None, None),):
        while pattern is None or not re.search(pattern, seen):
            left = until - time.monotonic()
            ready = left > 0 and select.select([fd], [], [], left)[0]
            try:
                data = os.read(fd, 4096) if ready else b''
            except OSError: # the other side has ended
                data = b''
            if not data:
                if not ready:
                    os.kill(child, signal.SIGKILL)
                break
            seen += data.decode(errors='replace')
            shown += data.decode(errors='replace')
        if pattern is None:
            break
        match = re.search(pattern, seen)
        if not match:
            break
        seen = seen[match.end():]
        os.write(fd, answer)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown

def check(message, ok, shown):
    print('ok -' if ok else 'not ok -', message)
    if not ok:
        print(shown)
        sys.exit(1)

status, shown = play((r'Enter: run it', b'!\n'), (r'switches\$ ',
                     b"sh -c 'echo $((6*6)); exec sleep 60'\n"),
                     (r'36', b'\x03'), (r'switches\$ ', b'exit\n'),
                     (r'Enter: run it', b'\n'), (r'first 42', b''),
                     (r'Enter: run it', b'\n'), (r'second 54', b''),
                     (r'Enter: end', b'\n'))
if status == 77:
    print(shown)
    sys.exit(77)
check('the lesson goes on after its shell', status == 0 and
      'second 54' in shown, shown)
check('the shell has job control', 'no job control' not in shown, shown)
check('each command is told from the last one', 'step 1 of 2' in shown and
      'step 2 of 2' in shown, shown)
status, shown = play((r'q: leave', b'q\n'))
check('q leaves', status == 0 and 'first 42' not in shown, shown)
PYTHON
