#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A guest that sends with the host's address gets nothing of it: the address has
# a static entry, the claim is told and counted. One that sends with the
# gateway's address takes over what the host sends there, as in any bridge; that
# is told as a move, and a static entry prevents it.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/host.sh"

host_uplink
start_switch --uplink "$UPLINK" --taps tap0,tap1
need_host_access
start_monitor
tap_host h1 10.0.0.1 tap0
tap_host h2 10.0.0.2 tap1
check 'host to LAN' reaches . 10.0.0.3
check 'guest to host' reaches h1 10.0.0.9

seen=$(events)
frames <<-END
	open T h2/tap1
	open H enp3s0
	open G h1/tap0
	send T dst=$HOST_MAC src=$HOST_MAC type=88b5 len=60
	send T dst=bcast src=2 type=88b5 len=60
	expect H
	expect G
END
wait_event "$seen" '"mac_claimed".*"tap1"'
is 'the host keeps its address' "$(fdb $HOST_MAC)" enp3s0-host
is 'the claim was counted' "$(ctl counters | jq .claims)" 1
check 'guest to host' reaches h1 10.0.0.9

# gateway: the LAN's host is it
seen=$(events)
frames <<-END
	open L lan/eth0
	open H enp3s0
	open T h2/tap1
	open G h1/tap0
	send L dst=bcast src=3 type=88b5 len=60
	expect H
	expect G
	expect T
	send T dst=bcast src=3 type=88b5 len=60
	expect H
	expect G
	expect L
	send H dst=3 src=1009 type=88b5 len=60
	expect T
END
wait_event "$seen" '"mac_moved".*"tap1"'
ctl fdb add 02:c0:ff:ee:00:03 enp3s0 >/dev/null
frames <<-END
	open L lan/eth0
	open H enp3s0
	open T h2/tap1
	open G h1/tap0
	send T dst=bcast src=3 type=88b5 len=60
	expect H
	expect G
	expect L
	send H dst=3 src=1009 type=88b5 len=60
	expect L
END
is 'a static entry keeps the gateway' "$(ctl counters | jq .claims)" 2
finish
