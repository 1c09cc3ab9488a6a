# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# lib.sh - the functions of the namespace tests and the demo.
#
# A script that sources this file runs in a sandbox: private network, mount and
# process namespaces (for an ordinary user, a user namespace too) with a private
# /run. Its `ip netns` names and control sockets are private as well, so any
# number of scripts run side by side. When the script ends, for whatever reason,
# the kernel kills its processes and removes its interfaces.
#
#     the sandbox's own namespace        h1              lan
#     +------------------------+     +---------+     +---------+
#     | qswitchd   (tap0 fd)---|-----| tap0    |     |         |
#     |            enp3s0 -----|-----|---------|-----| eth0    |
#     +------------------------+     +---------+     +---------+
#
# A test in short:
#
#     . "$(dirname "$0")/lib.sh"
#     lan_host h3 10.0.0.3 enp3s0        # veth: enp3s0 here, eth0 in h3
#     start_switch --uplink enp3s0 --taps tap0
#     tap_host h1 10.0.0.1 tap0          # tap0 moves into h1
#     check 'h1 reaches h3' reaches h1 10.0.0.3
#     finish                             # books, clean stop
#
# Exit status: 0 passed, 77 skipped with a reason, any other failed.
# INTERACTIVE=1 opens a shell in the sandbox at the end, also after a failure.
# QSWITCH_BIN names the folder of the programs (default: build/bin).

set -euo pipefail

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
QSWITCH_BIN=${QSWITCH_BIN:-$TOP/build/bin}
# keep the exit status of a sanitizer report apart from all others
export ASAN_OPTIONS=${ASAN_OPTIONS:-exitcode=99} QSWITCH_BIN
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
export PATH=$QSWITCH_BIN:$PATH:/usr/sbin:/sbin LC_ALL=C

skip() {
	echo "skipped: $*"
	FINISHED=1
	exit 77
}

# need COMMAND...: skip where one is missing
need() {
	local c
	for c; do
		command -v "$c" >/dev/null || skip "$c is not installed"
	done
}

# --- the sandbox ------------------------------------------------------------

# Run this very script again inside; never returns.
sandbox_enter() {
	local flags=(-n -m --pid --fork --kill-child --mount-proc) child status=0
	[ "$(id -u)" = 0 ] || flags=(-U -r "${flags[@]}")
	unshare "${flags[@]}" true 2>/dev/null ||
		skip "user $(id -un) may not create namespaces on this system"
	# In the background, so that traps run at once; but with the terminal
	# as standard input and with Ctrl-C as usual.
	QSWITCH_SANDBOX=$(readlink /proc/self/ns/net) \
		env --default-signal=INT,QUIT \
		unshare "${flags[@]}" "$BASH" "$0" "$@" <&0 &
	child=$!
	trap 'kill -KILL $child; exit 130' INT
	trap 'kill -KILL $child; exit 143' TERM HUP
	wait $child || status=$?
	exit $status
}

sandbox_set_up() {
	mount -t tmpfs -o mode=755 tmpfs /run
	# show the interfaces of this namespace, not of the previous one
	mount -t sysfs sysfs /sys 2>/dev/null || :
	mkdir -p /run/netns /run/test
	WORK=/run/test
	FINISHED=
	quiet
	ip link set lo up
	trap sandbox_exit EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
}

# quiet: no IPv6 on interfaces that come up here, unless IPV6=1
quiet() {
	[ "${IPV6:-}" ] ||
		sysctl -qw net.ipv6.conf.{all,default}.disable_ipv6=1 2>/dev/null || :
}

sandbox_exit() {
	local status=$? log
	set +e
	trap - EXIT INT TERM HUP
	if [ ! "$FINISHED" ] && [ $status = 0 ]; then
		echo "not ok - the script ended without calling finish"
		status=1
	fi
	if [ $status != 0 ] && [ $status != 77 ]; then
		for log in "$WORK"/*.log; do
			[ -s "$log" ] && sed "s|^|  ${log##*/}: |" "$log" | tail -n 40
		done
		timeout 5 qswitchctl --name "$SW" ports 2>/dev/null
		timeout 5 qswitchctl --name "$SW" counters 2>/dev/null
	fi
	[ ! "${INTERACTIVE:-}" ] || shell
	exit $status
}

# shell: an interactive shell inside the network of the test
shell() {
	echo "The test network still runs (status $status)." \
		"Hosts: $(ip netns list | tr '\n' ' ')"
	echo "Try: ip -d link; qswitchctl --name $SW ports; in_ns HOST ping ..."
	export -f in_ns
	"$BASH" -i || :
}

# --- assertions --------------------------------------------------------------

fail() {
	echo "not ok - $*"
	exit 1
}

# check MESSAGE COMMAND...: the command succeeds
check() {
	local message=$1
	shift
	"$@" || fail "$message ($*)"
	echo "ok - $message"
}

# is MESSAGE GOT WANT
is() {
	[ "$2" = "$3" ] || fail "$1: got '$2', expected '$3'"
	echo "ok - $1"
}

# matches MESSAGE TEXT REGEX
matches() {
	[[ $2 =~ $3 ]] || fail "$1: '$2' does not match '$3'"
	echo "ok - $1"
}

# at_most MESSAGE VALUE LIMIT
at_most() {
	[ "$2" -le "$3" ] || fail "$1: $2 exceeds the limit $3"
	echo "ok - $1: $2, limit $3"
}

# wait_line FILE REGEX [FROM-LINE [SECONDS]]: wait until a line of a growing
# file matches; inotify wakes it, not a timer
wait_line() {
	local status=0 fd reader
	: >>"$1" # its writer may not have created it yet
	exec {fd}< <(exec timeout "${4:-15}" \
		tail -n "+${3:-1}" -f -- "$1" 2>/dev/null)
	reader=$!
	grep -Eqm1 -- "$2" <&"$fd" || status=$?
	exec {fd}<&-
	kill "$reader" 2>/dev/null || :
	return $status
}

# --- hosts and wires --------------------------------------------------------

# in_ns NAME COMMAND...: run in the network namespace NAME
in_ns() {
	nsenter --net=/run/netns/"$1" -- "${@:2}"
}

# host NAME: a namespace that represents a computer
host() {
	ip netns add "$1"
	in_ns "$1" sh -c "
		[ '${IPV6:-}' ] || sysctl -qw \
			net.ipv6.conf.all.disable_ipv6=1 \
			net.ipv6.conf.default.disable_ipv6=1 2>/dev/null
		ip link set lo up"
}

# address HOST IF IP: MAC 02:00:00:00:00:NN after the last number of IP
address() {
	ip -n "$1" link set "$2" address \
		"$(printf '02:00:00:00:00:%02x' "${3##*.}")"
	ip -n "$1" addr add "$3/24" dev "$2"
	ip -n "$1" link set "$2" up
}

# wire IF HOST: a veth, IF here and eth0 in HOST, both up
wire() {
	ip link add "$1" type veth peer name eth0 netns "$2"
	ip -n "$2" link set eth0 up
	ip link set "$1" up
}

# lan_host NAME IP IF: a host on the wire of the interface IF
lan_host() {
	host "$1"
	wire "$3" "$1"
	address "$1" eth0 "$2"
}

# tap_host NAME IP TAP: a host whose interface is TAP of the running switch
tap_host() {
	host "$1"
	ip link set "$3" netns "$1"
	address "$1" "$3" "$2"
}

# real_root: root outside a user namespace, able to become other users
real_root() {
	[ "$(awk '{ print $3 }' /proc/self/uid_map)" -gt 1 ]
}

# own_tun MODE: a private /dev/net/tun with this mode
own_tun() {
	local node=$WORK/tun.$1
	mknod "$node" c 10 200
	chmod "$1" "$node"
	mount --bind "$node" /dev/net/tun
}

# reaches HOST IP: one ping and its answer; HOST . is the host of the switch
reaches() {
	if [ "$1" = . ]; then
		ping -q -n -c 1 -W 5 "$2" >/dev/null
	else
		in_ns "$1" ping -q -n -c 1 -W 5 "$2" >/dev/null
	fi
}

# frames: run craft (tests/tools/craft.c) with a script on standard input
frames() {
	craft
}

# --- the switch -------------------------------------------------------------

SW=sw # the switch that ctl and friends talk to
declare -A SW_PID=()
SWITCH_BY=()

# start_switch OPTION...: start a qswitchd named $SW and wait until it is ready
start_switch() {
	launch_switch "$@"
	wait_line "$WORK/$SW.log" "^(qswitchd: ready|${SW_PID[$SW]} ended)" || :
	grep -q '^qswitchd: ready' "$WORK/$SW.log" || fail "$SW did not become ready"
}

# launch_switch OPTION...: the same without waiting. SWITCH_BY, if set, is a
# command with its arguments that runs qswitchd.
launch_switch() {
	: >"$WORK/$SW.log"
	"${SWITCH_BY[@]}" qswitchd --name "$SW" "$@" 2>>"$WORK/$SW.log" &
	SW_PID[$SW]=$!
	# when the daemon ends early, wait_line must not wait any longer
	{
		tail -f --pid=$! /dev/null
		echo "${SW_PID[$SW]} ended" >>"$WORK/$SW.log"
	} &
}

# ctl COMMAND...: qswitchctl to $SW, JSON out
ctl() {
	timeout 10 qswitchctl --name "$SW" --json "$@"
}

# port NAME FIELD, e.g. port tap0 tx_frames
port() {
	ctl ports | jq -r --arg n "$1" --arg f "$2" \
		'.ports[] | select(.name == $n) | .[$f]'
}

# verdict NAME: the number of frames with this verdict
verdict() {
	ctl counters | jq -r --arg v "$1" '.verdicts[$v]'
}

# fdb MAC: the port where it was last heard
fdb() {
	ctl fdb | jq -r --arg m "$1" '.fdb[] | select(.mac == $m) | .port'
}

# start_monitor: events of $SW go to $WORK/$SW.events from now on
start_monitor() {
	: >"$WORK/$SW.monitor.log"
	qswitchctl --name "$SW" --json monitor >"$WORK/$SW.events" \
		2>"$WORK/$SW.monitor.log" &
	wait_line "$WORK/$SW.monitor.log" watching || fail "qswitchctl monitor of $SW did not start"
}

# events: the number of events so far, for wait_event
events() {
	wc -l <"$WORK/$SW.events"
}

# wait_event SEEN REGEX: wait for a matching event after the first SEEN
wait_event() {
	wait_line "$WORK/$SW.events" "$2" $(($1 + 1)) 30 ||
		fail "no event matches $2: $(tail -n +$(($1 + 1)) "$WORK/$SW.events")"
}

# memory: resident KiB of $SW
memory() {
	awk '/^VmRSS:/ { print $2 }' "/proc/${SW_PID[$SW]}/status"
}

# check_books: each received frame has one verdict, each queued copy one outcome
check_books() {
	local counters ports sent copies='.copies_queued + .own_frames'
	# a consistent pair: no copy was queued between the two answers
	counters=$(ctl counters)
	until ports=$(ctl ports) sent=$(jq "$copies" <<<"$counters")
		counters=$(ctl counters)
		[ "$(jq "$copies" <<<"$counters")" = "$sent" ]; do :; done
	is "$SW: every frame is accounted for" \
		"$(jq .unaccounted <<<"$counters")" 0
	is "$SW: verdicts add up to frames received" \
		"$(jq '[.verdicts[]] | add' <<<"$counters")" \
		"$(jq .rx_frames <<<"$counters")"
	[ "${PORTS_REMOVED:-}" ] || is "$SW: every copy has one outcome" \
		"$(jq '[.ports[] | .tx_frames, .tx_full, .tx_oversize,
			.tx_error] | add' <<<"$ports")" \
		"$(jq "$copies" <<<"$counters")"
}

# wait_gone PID: wait until the child has ended; its exit status
wait_gone() {
	local status=0
	wait "$1" || status=$?
	return $status
}

# stop_switch [SIGNAL]: stop $SW, which must end with status 0
stop_switch() {
	local status=0
	kill "-${1:-TERM}" "${SW_PID[$SW]}"
	wait "${SW_PID[$SW]}" || status=$?
	unset "SW_PID[$SW]"
	[ $status = 0 ] || fail "$SW: exit status $status after SIG${1:-TERM}"
}

# finish: check and stop all switches; every script ends with it
finish() {
	for SW in "${!SW_PID[@]}"; do
		check_books
		stop_switch
	done
	FINISHED=1
	echo "passed"
}

# QSWITCH_SANDBOX names the namespace outside the sandbox.
case ${QSWITCH_SANDBOX:-} in
"" | "$(readlink /proc/self/ns/net)") sandbox_enter "$@" ;;
*) sandbox_set_up ;;
esac
