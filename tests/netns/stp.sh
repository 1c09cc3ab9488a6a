# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# stp.sh - functions of the spanning tree tests, to be sourced after lib.sh:
# switches in rings, links that fail with and without loss of carrier, and a
# check that no broadcast circulated.

# Timers at the low end of their ranges (802.1D-1998 table 8-3), so that a test
# takes seconds.
FAST=(--stp-hello 1 --stp-forward-delay 4 --stp-max-age 6)

# hub NAME IF...: a hub that connects interfaces and passes BPDUs too
hub() {
	local hub=$1 i
	ip link add "$hub" type bridge stp_state 0 ageing_time 0 \
		mcast_snooping 0
	ip link set "$hub" up
	for i in "${@:2}"; do
		ip link set "$i" master "$hub" up
	done
}

# cable A B: the interfaces A and B, connected by a wire with a hub in the
# middle; A-end and B-end belong to the hub
declare -A HUB_OF=()
cable() {
	local i
	for i in "$1" "$2"; do
		ip link add "$i" type veth peer name "$i-end"
		ip link set "$i" up
		HUB_OF[$i]=$1-hub
	done
	hub "$1-hub" "$1-end" "$2-end"
}

# silence A: the wire loses all frames, but A keeps its carrier
silence() {
	ip link set "$1-end" nomaster
}

# mend SWITCH A: repair the wire after silence A, as by a new cable: A of SWITCH
# loses its carrier and regains it. (If a silent wire just resumes, it closes a
# loop for up to a hello time: 802.1D keeps a root port forwarding when it
# becomes designated.)
mend() {
	unplug "$2"
	within 5 "$1 notices that $2 is unplugged" port_is "$1" "$2" disabled disabled
	ip link set "$2-end" master "${HUB_OF[$2]}"
	plug "$2"
}

# unplug A, plug A: A loses its carrier, A regains it
unplug() {
	ip link set "$1-end" down
}
plug() {
	ip link set "$1-end" up
}

# fast_switch NAME OPTION...: events go to $WORK/NAME.events
fast_switch() {
	SW=$1
	start_switch "${FAST[@]}" "${@:2}"
	start_monitor
}

# stp SWITCH JQ: a value from `qswitchctl stp --json`
stp() {
	qswitchctl --name "$1" --json stp | jq -r "$2"
}

# port_is SWITCH PORT ROLE STATE
port_is() {
	[ "$(stp "$1" ".ports[] | select(.name == \"$2\") | .role + \" \" + .state")" = "$3 $4" ]
}

# answers WANT COMMAND...: the command prints WANT
answers() {
	[ "$("${@:2}")" = "$1" ]
}

# within SECONDS MESSAGE COMMAND...: it becomes true; tried again after each
# event of a switch, and once a second for changes in the kernel bridge
within() {
	local limit=$1 message=$2 start=$SECONDS line
	shift 2
	while ! "$@"; do
		[ $((SECONDS - start)) -le "$limit" ] ||
			fail "$message: not within $limit s ($*)"
		read -r -t 1 line <&"${EVENTS[0]}" || :
	done
	echo "ok - $message (after $((SECONDS - start)) s)"
}

# follow_events: from now on events wake `within`
follow_events() {
	coproc EVENTS { exec tail -qn0 -F "$WORK"/*.events 2>/dev/null; }
}

# start_beacon FROM TO...: marked broadcasts, ten a second
start_beacon() {
	beacon 100 "$@" >"$WORK/beacon.json" &
	BEACON=$!
}

# stop_beacon [GAP-MS]: no beacon arrived twice anywhere, and no gap between
# them was longer than GAP-MS
stop_beacon() {
	local at
	kill "$BEACON"
	wait "$BEACON" || :
	cat "$WORK/beacon.json"
	for at in $(jq -r .at "$WORK/beacon.json"); do
		is "no broadcast arrived twice at $at" "$(jq -r \
			"select(.at == \"$at\") | .most_copies" \
			"$WORK/beacon.json")" 1
		[ ! "${1:-}" ] || at_most "longest silence at $at, ms" \
			"$(jq -r "select(.at == \"$at\") | .longest_gap_ms" \
				"$WORK/beacon.json")" "$1"
	done
}
