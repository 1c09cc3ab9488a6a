#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# qswitch-nat is killed under load, again and again: the port says so and comes
# back, guests reach the world again, and other ports lose no frame.
. "$(dirname "$0")/nat_lib.sh"
needs_nat
need busybox

lan
start_switch --nat --taps tap0,tap1,tap2 --stp off
for i in 0 1 2; do
	nat_guest "h$i" "tap$i"
	check "h$i gets a lease" lease "h$i" "tap$i"
done
check 'the load works' fetches h0 http://192.0.2.9:8000/file
check 'h1 and h2 reach each other' reaches h1 "$(ip4 h2 tap2)"

while :; do fetches h0 http://192.0.2.9:8000/file || :; done &
load=$!
(exec nsenter --net=/run/netns/h1 -- ping -q -n -f "$(ip4 h2 tap2)") >"$WORK/flood" &
flood=$!
start_monitor
for i in 1 2 3; do
	seen=$(events)
	log=$(($(wc -l <"$WORK/$SW.log") + 1))
	kill -KILL "$(nat_pid nat)"
	wait_event "$seen" '"port_down".*"nat"|"nat".*"port_down"'
	wait_event "$seen" '"port_up".*"nat"|"nat".*"port_up"'
	wait_line "$WORK/$SW.log" 'nat: down: qswitch-nat has ended' "$log" ||
		fail 'the log does not say why'
	echo "ok - death $i is told, and the port comes back"
done
kill -INT "$flood"
wait "$flood" || :
sent=$(awk '/transmitted/ { print $1 }' "$WORK/flood")
check "a flood of $sent between other ports went on" [ "$sent" -gt 100 ]
# the last one may be on its way
at_most 'and has lost nothing' \
	$((sent - $(awk '/transmitted/ { print $4 }' "$WORK/flood"))) 1
kill "$load"
wait "$load" 2>/dev/null || :
check 'the guest reaches the world again' fetches h0 http://192.0.2.9:8000/file

# a stopped one is a peer that does not read: others do not notice, no memory
kill -STOP "$(nat_pid nat)"
in_ns h0 timeout 3 ping -q -n -f -s 1400 192.0.2.9 >/dev/null || :
check 'h1 and h2 reach each other meanwhile' reaches h1 "$(ip4 h2 tap2)"
kill -CONT "$(nat_pid nat)"
check 'and it goes on' fetches h0 http://192.0.2.9:8000/file

# nothing is left of it when the switch is killed
pid=$(nat_pid nat)
check_books
kill -KILL "${SW_PID[$SW]}"
wait "${SW_PID[$SW]}" 2>/dev/null || :
unset "SW_PID[$SW]"
check 'it ends with qswitchd' timeout 10 tail -f --pid="$pid" /dev/null
finish
