#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# When a start fails, one sentence says what failed, on which object, why, and
# what to do. The failed start leaves nothing behind.
. "$(dirname "$0")/lib.sh"

lan_host h3 10.0.0.3 enp3s0
wire enp4s0 h3b 2>/dev/null || { host h3b; wire enp4s0 h3b; }
ip link add br0 type bridge
ip link set enp4s0 master br0
ip tuntap add tun0 mode tun

# what_is: the host, without the carrier, which the kernel reports later
what_is() {
	ip -o -d link | sed -E 's/(NO-CARRIER,|,LOWER_UP| state [A-Z]+)//g'
	ls -A /run/qswitch 2>/dev/null || :
}

# refuses MESSAGE REGEX COMMAND...: it fails with one sentence that matches
refuses() {
	local message=$1 regex=$2 before said status=0
	shift 2
	before=$(what_is)
	said=$(timeout 10 "$@" --log-level error 2>&1 >/dev/null) || status=$?
	[ $status = 1 ] || [ $status = 2 ] || fail "$message: exit status $status: $said"
	[[ $said =~ $regex ]] || fail "$message: '$said' does not match '$regex'"
	is "$message: one line" "$(wc -l <<<"$said")" 1
	is "$message: nothing is left behind" "$(what_is)" "$before"
	echo "   $said"
}

refuses 'no such interface' 'no interface nosuch0' \
	qswitchd --uplink nosuch0
refuses 'no such interface, after a TAP was made' 'nosuch0' \
	qswitchd --taps tap0,tap1 --uplink nosuch0
refuses 'no such interface, by pcap' 'nosuch0' \
	qswitchd --uplink nosuch0,driver=pcap
refuses 'too few descriptors' 'Too many open files' \
	bash -c 'ulimit -n 8; exec qswitchd --taps tap0 "$@"' _
if real_root; then
	unprivileged=(setpriv --reuid=65534 --regid=65534 --clear-groups
		--inh-caps=-all --bounding-set=-all)
	refuses 'NIC not permitted' 'enp3s0.*CAP_NET_RAW' \
		"${unprivileged[@]}" "$(command -v qswitchd)" --uplink enp3s0 \
		--control /tmp/qswitch-errors-$$.sock
	tap_unprivileged=("${unprivileged[@]}" "$(command -v qswitchd)" --taps tap0
		--control /tmp/qswitch-errors-$$.sock)
	own_tun 600
	refuses 'TAP device not permitted' '/dev/net/tun.*[Pp]ermi' \
		"${tap_unprivileged[@]}"
	umount /dev/net/tun
	own_tun 666
	refuses 'TAP not permitted' 'tap0.*CAP_NET_ADMIN' "${tap_unprivileged[@]}"
fi
refuses 'a member of a kernel bridge' 'enp4s0.*bridge.*br0' \
	qswitchd --uplink enp4s0
refuses 'a TUN is not a TAP' 'tun0' qswitchd --taps tun0
refuses 'not an Ethernet interface' 'lo.*Ethernet' qswitchd --uplink lo

# a folder in sysfs marks a wireless interface
mkdir -p "$WORK/net/enp3s0/phy80211"
cp /sys/class/net/enp3s0/ifindex "$WORK/net/enp3s0"
mount --bind "$WORK/net" /sys/class/net
refuses 'a wireless uplink' 'enp3s0.*[Ww]ireless' qswitchd --uplink enp3s0
umount /sys/class/net

refuses 'the same name twice' 'tap0' qswitchd --taps tap0,tap0
refuses 'two ports with the same name' 'two ports.*lan' qswitchd \
	--port tap:tap0,name=lan --port nic:enp3s0,name=lan
refuses 'a name that is too long' 'abcdefghijklmnopqrst.*15' \
	qswitchd --taps abcdefghijklmnopqrst
refuses 'an empty name' 'tap' qswitchd --taps tap0,,tap1
refuses 'ageing too short' '9.*10 to 1000000' qswitchd --ageing 9 --taps tap0
refuses 'ageing too long' '10 to 1000000' qswitchd --ageing 1000001 --taps tap0
refuses 'ageing is not a number' 'soon.*10 to 1000000' \
	qswitchd --ageing soon --taps tap0
refuses 'a table too small' '16 to 1048576' qswitchd --fdb-size 1 --taps tap0
refuses 'a table too large' '16 to 1048576' \
	qswitchd --fdb-size 1048577 --taps tap0
refuses 'an MTU out of range' 'mtu=67.*68 to 65535' \
	qswitchd --port tap:tap0,mtu=67
refuses 'an unknown kind' 'tape' qswitchd --port tape:x
refuses 'an unknown option' '--uplinks' qswitchd --uplinks enp3s0
refuses 'an unknown option of a port' 'speed' qswitchd --port tap:tap0,speed=9
refuses 'an unknown driver' 'dpdk' qswitchd --uplink enp3s0,driver=dpdk

start_switch --uplink enp3s0 --taps tap0
pid=${SW_PID[$SW]}
refuses 'the control socket of a live daemon' "sw.sock.*$pid" \
	qswitchd --name sw --taps tap1
refuses 'a TAP that another process holds' "tap0.*$pid.*--port nic:tap0" \
	qswitchd --name other --taps tap0
is 'the first switch still runs' "$(port tap0 up)" true
kill -KILL "$pid"
wait "$pid" || :
unset "SW_PID[$SW]"
check 'kill -9 leaves the control socket' [ -S /run/qswitch/sw.sock ]
start_switch --uplink enp3s0 --taps tap0
check 'a new switch replaces the stale socket' ctl version >/dev/null
finish
