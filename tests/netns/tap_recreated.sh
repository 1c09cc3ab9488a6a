#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A TAP that is deleted under traffic takes its port down with a reason; the
# port comes back by itself, and the other ports do not notice.
. "$(dirname "$0")/lib.sh"

lan_host h3 10.0.0.3 enp3s0
start_switch --uplink enp3s0 --taps tap0,tap1
tap_host h1 10.0.0.1 tap0
tap_host h2 10.0.0.2 tap1
start_monitor
check 'h1 reaches h3' reaches h1 10.0.0.3

# the neighbours' traffic, and some towards the one that goes
in_ns h2 ping -q -n -i 0.02 -c 200 10.0.0.3 >"$WORK/neighbours" &
neighbours=$!
in_ns h3 ping -q -n -i 0.02 -c 200 10.0.0.1 >/dev/null &
victim=$!

seen=$(events)
ip -n h1 link del tap0
wait_event "$seen" 'port_down.*tap0'
echo 'ok - tap0 went down'
wait_event "$seen" 'port_up.*tap0'
echo 'ok - tap0 is back'
ip link set tap0 netns h1
address h1 tap0 10.0.0.1
check 'h1 reaches h3 again' reaches h1 10.0.0.3
check 'h2 reaches h1' reaches h2 10.0.0.1

wait $neighbours || fail 'the neighbours lost their ping'
matches 'the neighbours lost nothing' "$(cat "$WORK/neighbours")" ' 0% packet loss'
wait $victim || :
is 'the switch ran on' "$(port tap0 up)" true
finish
