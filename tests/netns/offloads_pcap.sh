#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The same as offloads.sh where libpcap drives the NIC.
DRIVER=pcap
. "$(dirname "$0")/offloads.sh"
