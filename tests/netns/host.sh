# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# host.sh - the words of the tests of host access (host=yes). The host of the
# switch has an address of its own on the uplink enp3s0:
#
#     sandbox: enp3s0 10.0.0.9 ------ eth0 10.0.0.3 :lan
#              qswitchd with TAPs of guests

UPLINK=enp3s0${HOST_WAY:+,host=$HOST_WAY}${DRIVER:+,driver=$DRIVER}
HOST_MAC=02:00:00:00:00:99 # craft sends from 02:c0:ff:ee:00:09

# host_uplink: the wire to "lan", with an address on both ends
host_uplink() {
	lan_host lan 10.0.0.3 enp3s0
	ip link set enp3s0 address $HOST_MAC
	ip addr add 10.0.0.9/24 dev enp3s0
}

# need_host_access: skip, with the switch's reason, where it is not possible
need_host_access() {
	local why
	why=$(fact enp3s0 'host access')
	case $why in
	no:*"not permitted"* | no:*"no BPF"* | no:*"Linux 5.14"*) skip "$why" ;;
	esac
	matches 'the uplink has a host port' "$why" '^through enp3s0-host'
}

# fact PORT NAME
fact() {
	ctl ports | jq -r --arg n "$1" --arg f "$2" \
		'.ports[] | select(.name == $n) | .facts[$f]'
}
