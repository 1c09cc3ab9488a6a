#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Two TAP hosts and a host on the LAN reach each other.
. "$(dirname "$0")/lib.sh"

lan_host h3 10.0.0.3 enp3s0
start_switch --uplink enp3s0 --taps tap0,tap1
tap_host h1 10.0.0.1 tap0
tap_host h2 10.0.0.2 tap1

check 'TAP to TAP' reaches h1 10.0.0.2
check 'TAP to LAN' reaches h1 10.0.0.3
check 'LAN to TAP' reaches h3 10.0.0.2

is 'h1 was learned on its port' "$(fdb 02:00:00:00:00:01)" tap0
is 'h2 was learned on its port' "$(fdb 02:00:00:00:00:02)" tap1
is 'h3 was learned on its port' "$(fdb 02:00:00:00:00:03)" enp3s0
finish
