#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A ring of three switches with a host on each: one port blocks. It replaces a
# link that fails, with and without loss of carrier. No broadcast ever
# circulates.
#
#            h1
#            |
#           s1              priority 4096: the root
#      s1a /  \ s1b
#         /    \
#    s2a /      \ s3a
#      s2 ------ s3
#    h2  s2b  s3b  h3

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/stp.sh"
need jq

cable s1a s2a
cable s1b s3a
cable s2b s3b
fast_switch s1 --stp-priority 4096 --port nic:s1a --port nic:s1b --taps t1
fast_switch s2 --stp-priority 8192 --port nic:s2a --port nic:s2b --taps t2
fast_switch s3 --stp-priority 12288 --port nic:s3a --port nic:s3b --taps t3
for n in 1 2 3; do tap_host h$n 10.0.0.$n t$n; done
start_beacon h1/t1 h2/t2 h3/t3
follow_events

within 20 's1 is the root for s3' \
	answers "$(stp s1 .bridge_id)" stp s3 .root_id
within 20 's3 blocks its port to s2' port_is s3 s3b alternate blocking
within 20 's3 reaches the root through s3a' port_is s3 s3a root forwarding
within 20 's2 reaches the root through s2a' port_is s2 s2a root forwarding
within 20 's2 is designated on the LAN to s3' port_is s2 s2b designated forwarding
is 's1 has no root port' "$(stp s1 .root_port)" null
is 's2 names its root port' "$(stp s2 .root_port)" s2a
is 's3 knows the designated bridge on the LAN to s2' \
	"$(stp s3 '.ports[] | select(.name == "s3b") | .designated_bridge')" \
	"$(stp s2 .bridge_id)"
check 'h1 reaches h3' reaches h1 10.0.0.3
check 'h2 reaches h3' reaches h2 10.0.0.3
matches 's3 explains why it blocks' "$(qswitchctl --name s3 stp explain s3b)" 'alternate.*8\.6\.'

unplug s3a # s1 keeps its carrier from the hub
within 10 's3 goes through s2 at once when its link is down' \
	port_is s3 s3b root forwarding
within 10 'h1 reaches h3 the other way round' reaches h1 10.0.0.3
plug s3a
within 20 's3 uses the direct link again' port_is s3 s3a root forwarding
within 20 'and blocks the other one' port_is s3 s3b alternate blocking

silence s2a
within 16 's2 goes through s3 when it no longer hears the root' \
	port_is s2 s2b root forwarding
within 16 's3 is now designated on the LAN to s2' port_is s3 s3b designated forwarding
within 10 'h1 reaches h2 the other way round' reaches h1 10.0.0.2
mend s2 s2a
within 20 's2 uses the direct link again' port_is s2 s2a root forwarding
within 20 's3 blocks again' port_is s3 s3b alternate blocking

stop_beacon 16000
SW=s2
wait_event 0 '"listening"'
finish
