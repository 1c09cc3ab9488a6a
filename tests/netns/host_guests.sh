#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The kernel's copy of the database has 1000 guests, those that moved, those that
# are static, and none of a port that is down; it follows a flush of more than
# the journal holds. A guest whose entry has expired is still reached, and so is
# one that has not spoken.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/host.sh"

host_uplink
start_switch --uplink "$UPLINK" --taps tap0,tap1 --lab --ageing 10
need_host_access
tap_host h1 10.0.0.1 tap0
tap_host h2 10.0.0.2 tap1

# guests N: wait until the copy has N guests
guests() {
	local fact
	until
		fact=$(fact enp3s0 'host access')
		[[ $fact == *", $1 guests" ]]
	do
		((SECONDS < end)) || fail "expected $1 guests: $fact"
	done
	echo "ok - the kernel knows $1 guests"
}

end=$((SECONDS + 60))
frames <<-END
	open G h1/tap0
	open H enp3s0
	stream G H n=1000 dst=bcast src=1+ type=88b5 len=60
END
guests 1000
frames <<-END
	open H enp3s0
	open L lan/eth0
	open G h1/tap0
	open O h2/tap1
	# the last of them, and a static one
	send H dst=3e8 src=1009 type=88b5 len=60
	expect G
	send H dst=20 src=1009 type=88b5 len=60
	expect G
	# one moves to another port, one to the LAN
	send O dst=bcast src=5 type=88b5 len=60
	expect H
	expect G
	expect L
	send H dst=5 src=1009 type=88b5 len=60
	expect O
	send L dst=bcast src=6 type=88b5 len=60
	expect H
	expect G
	expect O
	send H dst=6 src=1009 type=88b5 len=60
	expect L
END
guests 999
ctl fdb add 02:aa:00:00:00:01 tap1 >/dev/null
guests 1000
ctl fdb del 02:aa:00:00:00:01 >/dev/null
guests 999
ctl fdb flush >/dev/null
guests 0
frames <<-END
	open H enp3s0
	open L lan/eth0
	open G h1/tap0
	open O h2/tap1
	# unknown: to all
	send H dst=20 src=1009 type=88b5 len=60
	expect L
	expect G
	expect O
	send G dst=bcast src=20 type=88b5 len=60
	expect H
	expect L
	expect O
	send O dst=bcast src=21 type=88b5 len=60
	expect H
	expect L
	expect G
END
guests 2
ctl port down tap1 >/dev/null
guests 1
ctl port up tap1 >/dev/null

ctl slow 0.02 >/dev/null
until [ ! "$(fdb 02:c0:ff:ee:00:20)" ]; do
	((SECONDS < end)) || fail 'the entry of the guest did not expire'
done
ctl slow 1 >/dev/null
frames <<-END
	open H enp3s0
	open L lan/eth0
	open G h1/tap0
	open O h2/tap1
	# expired: to all, once each
	send H dst=20 src=1009 type=88b5 len=60
	expect L
	expect G
	expect O
	send G dst=bcast src=20 type=88b5 len=60
	expect H
	expect L
	expect O
	send H dst=20 src=1009 type=88b5 len=60
	expect G
END
is 'an expired entry had taken it off the wire' "$(verdict flood_redirected)" 1
echo 'ok - unknown and expired guests are reached'
finish
