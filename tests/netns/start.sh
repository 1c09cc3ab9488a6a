#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Whatever the switch is started with: closed standard descriptors, relative
# paths, a low limit of open files, ignored signals, a limit of file sizes, a
# pidfile in a directory that is yet to be made, another one at the same moment.
. "$(dirname "$0")/lib.sh"
need jq

SW=d
fails() { ! ("$@") 2>"$WORK/said"; }

# shut PID: end a daemon that is no child of ours
shut() {
	ctl shutdown >"$WORK/answer" || fail 'it does not end on request'
	timeout 20 tail -f --pid="$1" /dev/null || fail "process $1 still runs"
}

# --- closed standard descriptors ---------------------------------------------

for closed in '<&-' '>&-' '2>&-' '<&- >&- 2>&-'; do
	check "it starts with $closed" eval \
		"qswitchd --name d --daemon --pidfile $WORK/pid --taps tap0 $closed"
	pid=$(tr '\n' ' ' <"$WORK/pid")
	matches 'its pidfile holds the process ID alone' "$pid" '^[0-9]+ ?$'
	pid=${pid% }
	is 'it answers' "$(port tap0 up)" true
	is 'its descriptors' \
		"$(readlink "/proc/$pid/fd/"{0,1,2} | sort -u)" /dev/null
	shut "$pid"
done

# past the loader, the first thing that a program opens is /dev/null
opens_first() {
	strace -o "$WORK/calls" -e trace=openat,socket -- "$@" \
		<&- >&- 2>&- || :
	grep -vE '/lib|ld\.so|/etc/|/proc/|/sys/' "$WORK/calls" | head -n 1
}
for program in 'qswitchctl --name none ports' 'qswitch-bench --help' \
	'qswitch-bridge-helper --fd=9 --br=none' 'hub none' \
	'guest none' 'ear none' \
	'qswitch-web --port 70000'; do
	command -v strace "${program%% *}" >"$WORK/which" || continue
	# shellcheck disable=SC2086
	matches "${program%% *}: the first thing that it opens" \
		"$(opens_first $program)" '/dev/null'
done

# --- relative paths ----------------------------------------------------------

mkdir "$WORK/here" "$WORK/there"
cp "$TOP/tests/replay/tagged/in-1.pcap" "$WORK/here/in.pcap"
cd "$WORK/here"
check 'a daemon takes relative paths' qswitchd --name d --daemon \
	--pidfile x.pid --control x.sock --port qemu:vm.sock \
	--port pcap:in.pcap,out=out.pcap
cd "$WORK/there"
pid=$(cat ../here/x.pid)
for file in x.sock vm.sock out.pcap; do
	check "$file is where it was started" test -e "../here/$file"
done
timeout 10 qswitchctl --control ../here/x.sock shutdown
timeout 20 tail -f --pid="$pid" /dev/null
is 'at its end it removes what it made' "$(ls ../here)" "in.pcap
out.pcap"
cd "$TOP"

# --- the directory of the control sockets ------------------------------------

check 'there is no /run/qswitch yet' test ! -e /run/qswitch
check 'a pidfile in it' qswitchd --name d --daemon --taps tap0 \
	--pidfile /run/qswitch/x.pid
shut "$(cat /run/qswitch/x.pid)"
check 'nothing of it is left behind' test ! -e /run/qswitch

answers() { ctl version >"$WORK/answer"; }

# --- limits ------------------------------------------------------------------

# limited LIMIT... -- COMMAND...: becomes COMMAND, with these arguments of ulimit
limited() {
	local limits=()
	while [ "$1" != -- ]; do
		limits+=("$1")
		shift
	done
	ulimit "${limits[@]}"
	exec "${@:2}"
}
taps=$(seq -s, -f 'tap%g' 60)
SWITCH_BY=(limited -Sn 40 --)
start_switch --taps "$taps"
is 'it opens more files than the soft limit' "$(ctl ports | jq '.ports | length')" 60
stop_switch
check 'it says what to do when the hard limit is too low' fails \
	limited -n 40 -- qswitchd --name d --taps "$taps"
matches 'as a sentence' "$(cat "$WORK/said")" 'tap[0-9]+.*Too many open files.*limit'

SWITCH_BY=(limited -f 1 --)
start_switch --stp off --taps tap0 --port "pcap:-,out=$WORK/big.pcap,name=big"
tap_host h1 10.0.0.1 tap0
check 'frames past the limit of file sizes' frames < <(
	echo 'open a h1/tap0'
	for _ in 1 2 3 4 5; do
		echo 'send a dst=bcast src=1 len=1000'
	done
)
until [ "$(port tap0 rx_frames)" -ge 5 ]; do
	kill -0 "${SW_PID[$SW]}" || fail 'they end the switch'
done
check 'are no reason to end' answers
stop_switch
SWITCH_BY=()

# --- signals -----------------------------------------------------------------

ignoring() {
	trap '' HUP INT
	exec "$@"
}
SWITCH_BY=(ignoring)
start_switch --taps tap1
for signal in HUP INT; do
	kill -"$signal" "${SW_PID[$SW]}"
	for _ in 1 2; do
		answers || fail "SIG$signal, ignored, ends it"
	done
	echo "ok - it goes on ignoring SIG$signal"
done
stop_switch
SWITCH_BY=()

# --- two at the same moment --------------------------------------------------

# a stale socket, as after kill -9
stale() {
	socat "UNIX-LISTEN:$1,unlink-close=0" /dev/null &
	until [ -S "$1" ]; do kill -0 $!; done
	kill -KILL $!
	wait $! 2>/dev/null || :
}
for round in $(seq 30); do
	mkdir -p /run/qswitch
	stale /run/qswitch/d.sock
	for i in 1 2; do
		: >"$WORK/$i.log"
		{
			qswitchd --name d --stp off 2>>"$WORK/$i.log" &
			echo $! >"$WORK/$i.pid"
			wait $! || echo "qswitchd: ended" >>"$WORK/$i.log"
		} 2>/dev/null &
	done
	for i in 1 2; do
		wait_line "$WORK/$i.log" '^qswitchd: (ready|ended)'
	done
	n=$(cat "$WORK"/[12].log | grep -c 'qswitchd: ready' || :)
	[ "$n" = 1 ] || fail "round $round: $n of two daemons of one name run"
	grep -q 'is in use by a running qswitchd' "$WORK"/[12].log ||
		fail "round $round: the other one does not say why it ended"
	pid=$(ctl info | jq .pid)
	shut "$pid"
	wait
done
echo "ok - of two daemons that start at the same moment one runs, 30 times"
unset "SW_PID[$SW]"
finish
