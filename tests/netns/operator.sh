#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What an operator types first: help in every place, one port, an order, a
# filter, tables on a terminal, counters since the last look; and an ordinary
# user who asks for root's switch.
. "$(dirname "$0")/lib.sh"
need jq script

# fails STATUS REGEX COMMAND...: it ends with that status and such a sentence
fails() {
	local status=0
	"${@:3}" >"$WORK/out" 2>&1 </dev/null || status=$?
	is "${*:3}: exit status" "$status" "$1"
	matches "${*:3}: the sentence" "$(<"$WORK/out")" "$2"
}

# on_terminal COLUMNS COMMAND: its output on a terminal
on_terminal() {
	script -qec "stty cols $1; $2" /dev/null | tr -d '\r'
}

# --- help needs no switch
for words in help --help -h; do
	matches "qswitchctl $words" "$(qswitchctl $words)" 'Ports:.*ports \[PORT\]'
done
for words in 'ports --help' 'ports -h' 'help ports'; do
	# shellcheck disable=SC2086
	matches "qswitchctl $words" "$(qswitchctl $words)" \
		'^usage: .* ports \[PORT\].*List ports'
done
fails 2 'port needs a subcommand: add, del, up or down' qswitchctl port
fails 2 'there is no command por, but there is: ports, port add' qswitchctl por
fails 2 'give an Ethernet address' qswitchctl fdb --mac zz
fails 2 'give a VLAN from 1' qswitchctl fdb --vlan 4095

# --- a switch without ports says what to do next
start_switch
matches 'a switch without ports' "$(<"$WORK/sw.log")" \
	'with 0 ports: add one with "qswitchctl .*port add .*", or see'
ctl shutdown >"$WORK/out"
wait "${SW_PID[sw]}"
unset 'SW_PID[sw]'

start_switch --taps tap0,tap1,tap10
matches 'one port is not ports' "$(qswitchctl --name sw info)" 'ports +3'
tap_host h0 10.0.0.1 tap0
tap_host h1 10.0.0.2 tap1
check 'h0 reaches h1' reaches h0 10.0.0.2

# --- one port, and an order
sw=(qswitchctl --name sw)
is 'ports NAME shows that port' "$("${sw[@]}" -j ports tap1 |
	jq -r '[.ports[].name] | join(" ")')" tap1
fails 1 'no port is named nix' "${sw[@]}" ports nix
names() { awk 'NR > 1 { print $1 }' | tr '\n' ' '; }
is 'by name' "$("${sw[@]}" ports --sort name | names)" 'tap0 tap1 tap10 '
is 'by frames, the most first' "$("${sw[@]}" ports --sort rx-frames | names)" \
	"$(ctl ports | jq -r '.ports | sort_by(-.rx_frames)[] | .name' | tr '\n' ' ')"
is 'the upper case of the header' "$("${sw[@]}" ports --sort NAME | names)" \
	'tap0 tap1 tap10 '
fails 2 'no such column' "${sw[@]}" ports --sort nix
is 'fdb show is fdb' "$("${sw[@]}" fdb show --sort port | wc -l)" 3
is 'addresses by port' "$("${sw[@]}" fdb --sort port | awk '{ print $3 }' |
	tr '\n' ' ')" 'PORT tap0 tap1 '
in_ns h0 ping -q -c 30 -i 0.002 -s 1400 10.0.0.2 >/dev/null
matches 'human units' "$("${sw[@]}" ports tap0 --human)" ' 4[0-9]k '

# --- tables on a terminal
wide=$(on_terminal 200 'TERM=xterm qswitchctl --name sw ports')
narrow=$(on_terminal 60 'TERM=xterm NO_COLOR=1 qswitchctl --name sw ports')
matches 'a wide terminal shows all, in color' "$wide" \
	$'OVERSIZE.*\e\\[32mforwarding\e\\[0m'
matches 'a narrow one breaks rows' "$narrow" $'^NAME.*\n    [A-Z].*\ntap0'
at_most 'and fits' "$(wc -L <<<"$narrow")" 60
[[ $narrow != *$'\e'* ]] || fail "NO_COLOR is ignored: $narrow"
COLUMNS=40
at_most 'COLUMNS wins' "$(on_terminal 200 \
	'COLUMNS=40 NO_COLOR=1 qswitchctl --name sw ports' | wc -L)" 40
unset COLUMNS
[[ $("${sw[@]}" ports) != *$'\e'* ]] || fail 'a pipe gets color'

# --- a filter: ARP, but no ICMP
: >"$WORK/capture.log"
qswitchctl --name sw capture tap0 'arp or' vlan 7 >"$WORK/capture" \
	2>"$WORK/capture.log" &
capture=$!
wait_line "$WORK/capture.log" capturing
ip -n h0 neigh flush dev tap0
check 'h0 reaches h1' reaches h0 10.0.0.2
wait_line "$WORK/capture" 'ARP.*reply|reply.*ARP|is at|is-at' || :
kill $capture
wait $capture || :
matches 'the filter takes ARP' "$(<"$WORK/capture")" 'ARP'
is 'and nothing else' "$(grep -c ICMP "$WORK/capture")" 0
fails 2 'filter "no such".*pcap-filter' "${sw[@]}" capture tap0 no such
is 'the client is not linked with libpcap' \
	"$(ldd "$(command -v qswitchctl)" | grep -c pcap)" 0

# --- counters since the last look
export XDG_STATE_HOME=$WORK/state
matches 'the first look' "$("${sw[@]}" counters --since)" 'since its start'
check 'h0 reaches h1' reaches h0 10.0.0.2
matches 'the second look' "$("${sw[@]}" counters --since --all)" \
	'last look, .* ago:.*forward  *2 '

# --- an ordinary user, and root's switch
user=(setpriv --reuid=65534 --regid=65534 --clear-groups env
	-u XDG_RUNTIME_DIR HOME=/)
chmod 755 "$WORK"
cp "$QSWITCH_BIN/qswitchctl" "$WORK"
if real_root && "${user[@]}" "$WORK/qswitchctl" --version >/dev/null; then
	for name in '' --name=sw; do
		# shellcheck disable=SC2086
		fails 1 'runs as root .*/run/qswitch/sw.sock.*sudo.*--control-group' \
			"${user[@]}" "$WORK/qswitchctl" $name ports
	done
	fails 2 'no group is named' qswitchd --control-group nosuchgroup
	SW=sw2
	start_switch --control-group 65533 --taps t9
	is 'the socket is of that group' \
		"$(stat -c '%a %u %g' /run/qswitch/sw2.sock)" '660 0 65533'
	user=(setpriv --reuid=65534 --regid=65534 --groups=65533 env
		-u XDG_RUNTIME_DIR HOME=/)
	check 'a member may ask' "${user[@]}" "$WORK/qswitchctl" --name sw2 info
fi
finish
