#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Frame by frame: what host, guests and LAN send to each other arrives once, and
# on the wire is nothing between host and guest. In 1000 frames each way no
# address moves. HOST_WAY=clsact: as with kernels before 6.6; DRIVER: of the NIC.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/host.sh"

host_uplink
start_switch --uplink "$UPLINK" --taps tap0,tap1
need_host_access
start_monitor
tap_host h1 10.0.0.1 tap0
tap_host h2 10.0.0.2 tap1

# H: what the host's stack sends and gets; L: the wire; G, O: two guests
frames <<-END
	open H enp3s0
	open L lan/eth0
	open G h1/tap0
	open O h2/tap1
	# a broadcast reaches each of the others once
	send G dst=bcast src=1 type=88b5 len=60
	expect L
	expect H
	expect O
	send H dst=bcast src=9 type=88b5 len=60
	expect L
	expect G
	expect O
	send L dst=bcast src=3 type=88b5 len=60
	expect H
	expect G
	expect O
	# so does a multicast
	send H dst=01:00:5e:00:00:05 src=9 type=88b5 len=60
	expect L
	expect G
	expect O
	# host and guest: nothing on the wire, nothing at others
	send H dst=1 src=9 type=88b5 len=300
	expect G
	send G dst=9 src=1 type=88b5 len=300
	expect H
	# host and LAN: nothing for guests
	send H dst=3 src=9 type=88b5 len=60
	expect L
	send L dst=9 src=3 type=88b5 len=60
	expect H
	# guest and LAN; the host's NIC, promiscuous now, hears the answer
	send G dst=3 src=1 type=88b5 len=60
	expect L
	send L dst=1 src=3 type=88b5 len=60
	expect H
	expect G
	# to nobody that is known
	send H dst=77 src=9 type=88b5 len=60
	expect L
	expect G
	expect O
	send G dst=77 src=1 type=88b5 len=60
	expect L
	expect H
	expect O
	# 802.1Q frames keep their tags
	send H dst=1 src=9 tag=8100:0007 type=88b5 len=300
	expect G
	send G dst=9 src=1 tag=8100:6007 type=88b5 len=300
	expect H
	send H dst=bcast src=9 tag=8100:0007 type=88b5 len=300
	expect L
	expect G
	expect O
END
is 'why says what became of a frame from the LAN to the host' "$(ctl why --last 60 |
	jq '[.frames[] | select(.verdict == "filter_horizon")] | length')" \
	"$(verdict filter_horizon)"
frames <<-END
	open H enp3s0
	open G h1/tap0
	# long enough for any address that moved to be told
	stream H G n=1000 dst=1 src=9 type=88b5 len=200
	stream G H n=1000 dst=9 src=1 type=88b5 len=200
END
# heard on the host's NIC, too: so not with H
frames <<-END
	open L lan/eth0
	open G h1/tap0
	stream L G n=1000 dst=1 src=3 type=88b5 len=200
	stream G L n=1000 dst=3 src=1 type=88b5 len=200
END
echo 'ok - each frame went where it should, and nowhere else'

is 'no address moved' "$(grep -c mac_moved "$WORK/sw.events")" 0
is 'the host is on its port' "$(fdb 02:c0:ff:ee:00:09)" enp3s0-host
is 'the LAN is on the uplink' "$(fdb 02:c0:ff:ee:00:03)" enp3s0
matches 'explain knows the split horizon' \
	"$(ctl explain enp3s0 --src 02:00:00:00:00:03 --dst $HOST_MAC | jq -r '.sentences[]')" \
	'uplink and the host behind it are one LAN'
is 'a broadcast of the LAN does not go to the host port' \
	"$(ctl explain enp3s0 --src 02:00:00:00:00:03 --dst ff:ff:ff:ff:ff:ff |
		jq -c '.egress')" '["tap0","tap1"]'
matches 'and explain says why' "$(ctl explain enp3s0 --src 02:00:00:00:00:03 \
	--dst ff:ff:ff:ff:ff:ff | jq -r '.sentences[]')" 'not sent to enp3s0-host'
is 'the host port is not in the spanning tree' \
	"$(ctl stp | jq -c '[.ports[].port // .ports[].name] | sort')" '["enp3s0","tap0","tap1"]'
finish
