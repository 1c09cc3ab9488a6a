#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The host access with an uplink through libpcap: the tests of the other driver.
set -e
export DRIVER=pcap
for test in host_frames host_ping host_tcp; do
	"$(dirname "$0")/$test.sh"
done
