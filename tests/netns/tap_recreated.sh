#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A TAP is deleted under traffic: its port goes down with a reason and comes up
# again by itself when it was in our namespace, on demand when it was not. The
# other ports are not affected.
. "$(dirname "$0")/lib.sh"

lan_host h3 10.0.0.3 enp3s0
start_switch --uplink enp3s0 --taps tap0,tap1
tap_host h1 10.0.0.1 tap0
tap_host h2 10.0.0.2 tap1
start_monitor
check 'h1 reaches h3' reaches h1 10.0.0.3

# traffic of the neighbors, and traffic to the TAP to be deleted
in_ns h2 ping -q -n -i 0.02 -c 200 10.0.0.3 >"$WORK/neighbors" &
neighbors=$!
in_ns h3 ping -q -n -i 0.02 -c 200 10.0.0.1 >/dev/null &
victim=$!

seen=$(events)
ip -n h1 link del tap0
wait_event "$seen" 'port_down.*tap0'
echo 'ok - tap0 went down'
ctl port up tap0 >/dev/null
wait_event "$seen" 'port_up.*tap0'
echo 'ok - tap0 is back'
seen=$(events)
ip link del tap0
wait_event "$seen" 'port_down.*tap0'
wait_event "$seen" 'port_up.*tap0'
echo 'ok - tap0 is back by itself when it was deleted here'
ip link set tap0 netns h1
address h1 tap0 10.0.0.1
check 'h1 reaches h3 again' reaches h1 10.0.0.3
check 'h2 reaches h1' reaches h2 10.0.0.1

wait $neighbors || fail 'the neighbors lost their ping'
matches 'the neighbors lost nothing' "$(cat "$WORK/neighbors")" ' 0% packet loss'
wait $victim || :
is 'the switch ran on' "$(port tap0 up)" true
finish
