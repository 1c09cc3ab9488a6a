#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The host access of kernels before 6.6, by a clsact qdisc: the tests of the
# other one.
set -e
export HOST_WAY=clsact
for test in host_frames host_ping host_killed host_flap; do
	"$(dirname "$0")/$test.sh"
done
