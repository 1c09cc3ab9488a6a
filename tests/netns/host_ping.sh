#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The host keeps its address on the uplink and reaches guests and LAN; guests
# reach both. On the wire is nothing between host and guest, and each broadcast
# once. No address moves.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/host.sh"

host_uplink
start_switch --uplink "$UPLINK" --taps tap0,tap1
need_host_access
start_monitor
tap_host h1 10.0.0.1 tap0
tap_host h2 10.0.0.2 tap1
check 'host to guest' reaches . 10.0.0.1
qswitchctl --name sw ports; qswitchctl --name sw fdb
finish
