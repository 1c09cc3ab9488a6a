# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# world.sh - the parts of a lesson's network, and the commands that lessons may
# use besides the common tools. Read by lab/lesson after lib.sh.
#
#     topology
#         host h1 10.0.0.1 p1        a computer; p1 is our end of its cable
#         cable a b                  a cable with the ends a and b
#         switch s1 p1 a -- OPTION   qswitchd with these ports
#         hub p1 p2                  a repeater: lab/hub.c
#         tap_host v1 10.0.0.4 tap0  a computer on a TAP of a switch

export PATH=$QSWITCH_LAB:$QSWITCH_LAB/tools:$PATH

world_host() {
	lan_host "$@"
}

world_tap_host() {
	tap_host "$@"
}

world_cable() {
	ip link add "$1" type veth peer name "$2"
	ip link set "$1" up
	ip link set "$2" up
}

# switch NAME PORT[,KEY=VALUE]... [-- OPTION...]: a port with a colon is a
# complete specification, any other is an interface
world_switch() {
	local args=(--lab)
	SW=$1
	shift
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		case $1 in
		*:*) args+=(--port "$1") ;;
		*) args+=(--port "nic:$1") ;;
		esac
		shift
	done
	[ $# = 0 ] || shift
	start_switch "${args[@]}" "$@"
}

world_hub() {
	hub "$@" 2>>"$WORK/hub.log" &
	HUB_PID=$!
	wait_line "$WORK/hub.log" '^hub: ready'
}

# --- for the commands of a lesson -------------------------------------------

# restart NAME PORT... [-- OPTION...]: stop a switch and start it again
restart() {
	SW=$1
	stop_switch
	world_switch "$@"
}

# wait_for SWITCH REGEX COMMAND...: wait until the output of qswitchctl COMMAND
# matches REGEX, and print what matches
wait_for() {
	watch_until "$1" said "$@"
}

said() {
	qswitchctl --name "$1" "${@:3}" | grep -Eo -- "$2"
}

# settled: wait until no port of any switch is listening or learning
settled() {
	local name
	for name in "${!SW_PID[@]}"; do
		watch_until "$name" is_settled "$name" || return
	done
	echo "all ports are settled"
}

is_settled() {
	qswitchctl --name "$1" --json ports |
		jq -e 'all(.ports[]; .state | IN("listening", "learning") | not)'
} >/dev/null

# watch_until SWITCH COMMAND...: run COMMAND until it succeeds, again after each
# event of the switch and once a second
watch_until() {
	local until_s=$((SECONDS + 40)) fd name=$1
	shift
	exec {fd}< <(exec qswitchctl --name "$name" --json monitor 2>/dev/null)
	local monitor=$!
	until "$@"; do
		[ $SECONDS -lt $until_s ] || break
		read -rt 1 -u "$fd" _ || :
	done
	kill $monitor
	exec {fd}<&-
	[ $SECONDS -lt $until_s ]
}

# states SWITCH PORT COMMAND...: run COMMAND, and print the states that the port
# passes through until it forwards
states() {
	local name=$1 port=$2 fd line state seen=
	shift 2
	exec {fd}< <(exec timeout 40 qswitchctl --name "$name" --json monitor \
		2>&1)
	local monitor=$!
	read -r _ <&"$fd" # "watching": it misses nothing from here on
	"$@"
	while [ "${state:-}" != forwarding ] && read -r line <&"$fd"; do
		state=$(jq -r --arg p "$port" 'select(.port == $p and
			.event == "port_state").detail' <<<"$line")
		seen+=${state:+${seen:+, }$state}
	done
	kill $monitor
	exec {fd}<&-
	echo "${seen:-never}"
}

# every COMMAND...: run qswitchctl COMMAND for each switch of the lesson
every() {
	local name
	for name in "${!SW_PID[@]}"; do
		qswitchctl --name "$name" "$@"
	done
}

# A shell inside, for learners who want to look around.
lab_shell() {
	local hosts
	hosts=$(ip netns list | cut -d' ' -f1 | sort | tr '\n' ' ')
	echo "${hosts:+Hosts: $hosts- run \"enter HOST\" to go there, }\"exit\"" \
		"goes on with the lesson."
	PS1='switches$ ' inner_shell --norc -i
}

# replace_hub NAME PORT... [-- OPTION...]: put a switch in place of the hub
replace_hub() {
	kill "$HUB_PID"
	wait "$HUB_PID" 2>/dev/null || :
	world_switch "$@"
	grep ready "$WORK/$SW.log"
}

# pass_time SWITCH SECONDS: let that much of the switch's time pass, 50 times
# faster than usual
pass_time() {
	local until_ms
	until_ms=$(($(switch_ms "$1") + $2 * 1000))
	qswitchctl --name "$1" slow 0.02 >/dev/null
	while [ "$(switch_ms "$1")" -lt $until_ms ]; do
		sleep 0.05
	done
	qswitchctl --name "$1" slow 1 >/dev/null
}

switch_ms() {
	qswitchctl --name "$1" --json lab | jq .now_ms
}

# start_guest TAP MAC ADDRESS: start lab/guest.c, a very small virtual machine
start_guest() {
	: >"$WORK/guest.log"
	guest "$@" 2>>"$WORK/guest.log" &
	GUEST_PID=$!
	wait_line "$WORK/guest.log" '^guest: ready'
	echo "guest: process $GUEST_PID holds $1"
}

stop_guest() {
	kill "$GUEST_PID"
	wait "$GUEST_PID" 2>/dev/null || :
}

# The books of each switch balance, and it ends without an error. One answer has
# to contain all counts: they change between two questions, because spanning
# trees send BPDUs all the time.
close_books() {
	for SW in "${!SW_PID[@]}"; do
		check "$SW: the books balance" balanced
		stop_switch
	done
}

balanced() {
	ctl counters | jq -e '.unaccounted == 0 and
		([.verdicts[]] | add) + .waiting == .rx_frames and
		.tx_outcomes == .copies_queued + .own_frames'
} >/dev/null
