#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-2-Clause
# commands.py - every command of switch/protocol/commands.def is documented: a
# COMMAND in qswitchctl(8) and docs/control-protocol.md, a CLIENT_COMMAND only
# in the first, a DAEMON_COMMAND only in the second. And no manual page leaves it
# to the reader's system to name what it belongs to.
import re

import house

TABLE = "switch/protocol/commands.def"
PAGE = "packaging/man/qswitchctl.8"
PROTOCOL = "docs/control-protocol.md"

ROW = re.compile(r"^\s*(CLIENT_|DAEMON_)?COMMAND\(\s*\w+\s*,\s*\"([^\"]+)\"",
                 re.M)


def main():
    try:
        rows = ROW.findall(house.read(TABLE))
    except FileNotFoundError:
        house.finish([f"{TABLE} is missing"], "")
    page = re.findall(r"^\.It Cm (\S+(?: [a-z]\S*)*)", house.read(PAGE), re.M)
    headings = re.findall(r"^### (.*)$", house.read(PROTOCOL), re.M)
    protocol = {name for line in headings for name in line.split(", ")}
    faults = []
    for kind, name in rows:
        if kind != "DAEMON_" and name not in page:
            faults.append(f"{PAGE}: the command {name} is missing")
        if kind != "CLIENT_" and name not in protocol:
            faults.append(f"{PROTOCOL}: the command {name} is missing")
    known = {name for _, name in rows}
    faults += [f"{PAGE}: {name} is not a command" for name in page
               if name not in known]
    faults += [f"{PROTOCOL}: {name} is not a command" for name in protocol
               if name not in known]
    for path in house.files(".8"):
        if re.search(r"^\.Os\s*$", house.read(path), re.M):
            faults.append(f"{path}: .Os without a name prints \"BSD\"")
    if not rows:
        faults.append(f"{TABLE}: no rows found")
    house.finish(faults, f"{len(rows)} commands are documented")


main()
