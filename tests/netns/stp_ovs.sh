#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A ring of two switches and the user-space datapath of Open vSwitch, first with
# its STP, then with its RSTP, which falls back to STP when it hears the
# switches: the root, the blocked port, and a cut with loss of carrier. Open
# vSwitch runs in the sandbox, with a private database.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/stp.sh"
need jq ovs-vswitchd ovsdb-server ovs-vsctl

start_ovs() {
	local schema=/usr/share/openvswitch/vswitch.ovsschema
	export OVS_RUNDIR=$WORK/ovs OVS_LOGDIR=$WORK/ovs OVS_DBDIR=$WORK/ovs
	mkdir -p "$OVS_RUNDIR"
	ovsdb-tool create "$OVS_RUNDIR/conf.db" "$schema"
	ovsdb-server "$OVS_RUNDIR/conf.db" --detach --no-chdir --pidfile \
		--remote="punix:$OVS_RUNDIR/db.sock" \
		--log-file="$WORK/ovsdb.log" -vconsole:off
	ovs-vsctl --no-wait init
	ovs-vswitchd "unix:$OVS_RUNDIR/db.sock" --detach --no-chdir \
		--disable-system --pidfile --log-file="$WORK/vswitchd.log" \
		-vconsole:off || skip 'ovs-vswitchd did not start on this system'
}

# ovs_bridge NAME stp|rstp: a bridge with the ports o1 and o2, of low priority
ovs_bridge() {
	local name=$1 kind=$2
	ovs-vsctl --timeout=15 add-br "$name" -- set bridge "$name" \
		datapath_type=netdev "${kind}_enable=true" \
		"other-config:$kind-priority=61440" \
		"other-config:$kind-max-age=6" \
		"other-config:$kind-forward-delay=4" \
		"other-config:stp-hello-time=1" \
		-- add-port "$name" o1 -- add-port "$name" o2
}

# ovs_is PORT ROLE STATE: according to Open vSwitch
ovs_is() {
	local status
	status=$(ovs-vsctl --timeout=15 get port "$1" status rstp_status | tr '[:upper:]' '[:lower:]')
	[[ $status =~ (stp_role|rstp_port_role)=\"?$2 ]] &&
		[[ $status =~ (stp_state|rstp_port_state)=\"?$3 ]]
}

start_ovs
cable s1a s2a
cable s1b o1
cable s2b o2
fast_switch s1 --stp-priority 4096 --port nic:s1a --port nic:s1b --taps t1
fast_switch s2 --stp-priority 8192 --port nic:s2a --port nic:s2b --taps t2
tap_host h1 10.0.0.1 t1
tap_host h2 10.0.0.2 t2
start_beacon h1/t1 h2/t2
follow_events

for kind in stp rstp; do
	echo "# Open vSwitch with $kind"
	ovs_bridge ovs$kind $kind
	within 20 "$kind: its root port is o1" ovs_is o1 root forwarding
	# STP calls the blocked port blocking, RSTP discarding; both alternate
	within 20 "$kind: it blocks its port to s2" \
		ovs_is o2 alternate '(blocking|discarding)'
	within 20 "$kind: s2 is designated on the LAN between them" \
		port_is s2 s2b designated forwarding
	within 20 "$kind: s2 reaches the root directly" \
		port_is s2 s2a root forwarding
	within 10 "$kind: h1 reaches h2" reaches h1 10.0.0.2

	unplug s2a
	within 10 "$kind: s2 goes through Open vSwitch when its link is down" \
		port_is s2 s2b root forwarding
	within 20 "$kind: Open vSwitch is designated on that LAN" \
		ovs_is o2 designated forwarding
	within 10 "$kind: h1 reaches h2 through Open vSwitch" \
		reaches h1 10.0.0.2
	plug s2a
	within 20 "$kind: s2 uses the direct link again" \
		port_is s2 s2a root forwarding
	ovs-vsctl --timeout=15 del-br ovs$kind
done
stop_beacon
ovs-appctl -t ovs-vswitchd exit
finish
