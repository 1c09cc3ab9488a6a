#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What is shown is so: frames to a TAP that is not up yet are no errors, a guest
# that has left has no address, hosts behind another switch are not a port's, and
# ages and times are those that count.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/stp.sh"
need jq

addresses() {
	ctl ports | jq -r --arg n "$1" \
		'.ports[] | select(.name == $n) | .addresses | join(" ")'
}

# --- a TAP that moves to a host is down until the host brings it up
lan_host h3 10.0.0.3 enp3s0
start_switch --uplink enp3s0 --taps tap0 --vm-taps v0
start_monitor
tap_host h1 10.0.0.1 tap0
check 'h1 reaches h3' reaches h1 10.0.0.3
is 'a TAP that has moved has no errors' "$(port tap0 tx_error)" 0
is 'and nothing was sent to it while it was down' "$(port tap0 tx_down)" 0
is 'and has the address of its host' "$(addresses tap0)" 10.0.0.1

# --- a guest that comes and goes
is 'no guest yet' "$(port v0 reason)" 'no VM has opened v0 yet'
seen=$(events)
: >"$WORK/guest.log"
guest v0 02:00:00:00:00:09 10.0.0.9 2>"$WORK/guest.log" &
guest=$!
wait_line "$WORK/guest.log" '^guest: ready'
wait_event "$seen" 'port_up.*v0|v0.*port_up'
check 'h1 reaches the guest' reaches h1 10.0.0.9
is 'its address' "$(addresses v0)" 10.0.0.9
seen=$(events)
kill $guest
wait $guest || :
wait_event "$seen" 'port_down.*v0|v0.*port_down'
is 'it has left' "$(port v0 reason)" \
	'the VM that had opened v0 has left, and no other has opened it'
is 'and so has its address' "$(addresses v0)" ''
check_books
stop_switch

# --- hosts behind another switch
cable s1a s2a
fast_switch s1 --stp-priority 4096 --ageing 200 --port nic:s1a --taps t1
fast_switch s2 --port nic:s2a --taps t2,t3
follow_events
tap_host g1 10.0.0.11 t1
tap_host g2 10.0.0.12 t2
tap_host g3 10.0.0.13 t3
SW=s1
within 15 's1a forwards' port_is s1 s1a designated forwarding
check 'g1 reaches g2' reaches g1 10.0.0.12
is 'the host of a port is shown' "$(addresses t1)" 10.0.0.11
check 'g3 reaches g1' reaches g3 10.0.0.11
is 'those behind another switch are not' "$(addresses s1a)" ''
matches 'only how many' "$(qswitchctl --name s1 ports s1a)" '  2 hosts'
cable s1b s2b
ctl port add nic:s1b >/dev/null # a ring: now they speak
SW=s2
ctl port add nic:s2b >/dev/null
within 15 'a BPDU tells of a switch' answers 'false' \
	stp s2 '[.ports[] | select(.name == "s2a") | .bpdus_rx == 0] | all'
is 'so its port has no address' "$(addresses s2a)" ''
SW=s1

# --- times
is 'the ageing time that is set' "$(ctl info | jq .ageing_set_s)" 200
SW=quiet
start_switch --taps q0
is 'there was no topology change' "$(ctl stp | jq .topology_changes)" 0
matches 'so there is no time since the last' \
	"$(qswitchctl --name quiet stp)" $'topology changes 0\n'
finish
