#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# `compare --quick --json` ends within its time and prints JSON that is whole.
set -eu
bench=$1
out=$(mktemp)
trap 'rm -f "$out"' EXIT

"$bench" compare --quick --json >"$out"
"$(dirname "$0")/check_compare.py" <"$out"
