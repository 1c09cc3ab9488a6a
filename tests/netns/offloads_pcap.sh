#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# offloads.sh with the pcap driver for the NIC.
DRIVER=pcap
. "$(dirname "$0")/offloads.sh"
