#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What is wrong with a command line is said at once: with exit status 2 whoever
# checks it, and before a loop comes of it.
. "$(dirname "$0")/lib.sh"
need jq

lan_host h1 10.0.0.1 e0
lan_host h2 10.0.0.2 e1

# refuses STATUS REGEX COMMAND...: it ends at once with that status, says so in
# one line, and that it matches
refuses() {
	local want=$1 regex=$2 said status=0
	shift 2
	said=$(timeout 10 "$@" 2>&1 >"$WORK/out") || status=$?
	is "$*: exit status" "$status" "$want"
	matches "$*" "$said" "$regex"
	is "$*: one line" "$(wc -l <<<"$said")" 1
}

# --- a value that only the kind of port can check is wrong all the same --------

control=(--control "$WORK/x.sock" --log-level error)
while read -r spec; do
	refuses 2 . qswitchd "${control[@]}" --port "$spec"
done <<'.'
nic:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,name=x
tap:abcdefghijklmnopqrst,name=x
vmtap:abcdefghijklmnopqrst,name=x
vmtap:v0,create=maybe
qemu:tcp:foo
qemu:/tmp/x.sock,mode=999
qemu:/tmp/x.sock,max=0
qemu:/tmp/x.sock,owner=nobody-of-that-name
vde:/tmp/x.ctl,mode=999
vde:/tmp/x.ctl,max=0
dgram:/tmp/x.sock
dgram:udp:1.2.3.4:5
pcap:/nope,pace=slow
nic:e0,xdp=maybe
nic:e0,mtu=1
.
# the status passes through --daemon
refuses 2 pace=slow \
	qswitchd "${control[@]}" --daemon --port pcap:/nope,pace=slow
# what the system does not have is not the fault of the command line
refuses 1 'cannot play /nope: .*: give the path of a savefile' \
	qswitchd "${control[@]}" --port pcap:/nope
echo junk >"$WORK/junk"
refuses 1 'cannot play .*junk: .*: give a savefile' \
	qswitchd "${control[@]}" --port "pcap:$WORK/junk"
refuses 1 'cannot record to /nope/x: .*: (make its directory|choose)' \
	qswitchd "${control[@]}" --port "pcap:$TOP/tests/replay/tagged/in-1.pcap,out=/nope/x"
refuses 1 'cannot bind a socket to /nope/x.sock: .*: make its directory' \
	qswitchd "${control[@]}" --port qemu:/nope/x.sock
refuses 1 'no such user|cannot make|/proc/nope.*: ' \
	qswitchd "${control[@]}" --port vde:/proc/nope
refuses 1 'cannot write the pidfile: .*: give another path with --pidfile' \
	qswitchd "${control[@]}" --pidfile /proc/nope/x.pid

# --- the same interface twice is a loop that the spanning tree does not see ----

refuses 1 'e0 is already attached as port x: ' \
	qswitchd "${control[@]}" --uplink e0,name=x --port nic:e0
start_switch --uplink e0,name=x --taps t0 --port "qemu:$WORK/q.sock,name=q" \
	--port nic:e1
refuses 1 'e0 is already attached as port x: ' qswitchctl --name sw port add nic:e0
refuses 1 'e0 is already attached as port x: ' \
	qswitchctl --name sw port add nic:e0,driver=pcap,name=again
refuses 1 't0 is already attached as port t0: ' \
	qswitchctl --name sw port add nic:t0,name=again
refuses 1 't0 is already attached as port t0: ' \
	qswitchctl --name sw port add vmtap:t0,name=again
refuses 1 't0 is already attached as port t0: ' \
	qswitchctl --name sw port add tap:t0,name=again
ip link add ve type veth peer name vf
check 'another interface is fine' qswitchctl --name sw port add nic:ve,name=e0 \
	>"$WORK/out"
# a port that waits for its interface finds it attached when it comes
ip link del ve
wait_line "$WORK/sw.log" 'e0: down: ' || fail 'e0 is not down'
ip link set e1 down
ip link set e1 name ve
matches 'what has been renamed is attached, too' \
	"$(qswitchctl --name sw port up e0)" \
	'still down: ve is already attached as port e1'

# --- the client ----------------------------------------------------------------

refuses 1 'port q only accepts peers' qswitchctl --name sw capture q
refuses 2 '-c 0: ' qswitchctl --name sw capture all -c 0
refuses 2 "port needs a subcommand: add, del, up or down" \
	qswitchctl --name sw port
refuses 2 'port has no subcommand remove: use add, del, up or down' \
	qswitchctl --name sw port remove tap0
refuses 2 'set needs a subcommand: stp or port' qswitchctl set
refuses 1 '/etc/passwd is not a socket: ' qswitchctl --control /etc/passwd ports
refuses 2 '--name a/b: a name has letters' qswitchctl --name a/b ports
if command -v qswitch-bench >"$WORK/which"; then
	refuses 1 '^qswitch-bench show: cannot read /nope: No such file or directory: ' \
		qswitch-bench show --file /nope
fi
if command -v qswitch-web >"$WORK/which"; then
	qswitch-web --name zz --listen 127.0.0.1:0 2>"$WORK/web.log" &
	web=$!
	wait_line "$WORK/web.log" 'no switch answers at .*zz.sock' ||
		fail 'qswitch-web says nothing of a switch that is not there'
	kill "$web"
	wait "$web" || :
	is 'it says so once' "$(grep -c zz.sock "$WORK/web.log")" 1
fi
finish
