#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A TAP was moved into a container's namespace, and that ends. The switch made
# the TAP, but does not make it again here: what was the container's must not
# appear in the host's namespace. "port up" and "ip tuntap" make it again. A
# port with once=yes goes with its interface.
. "$(dirname "$0")/lib.sh"

# gone NAME: neither an interface nor an open port, for longer than the switch
# leaves to others to make a TAP again (5 s)
gone() {
	! wait_line "$WORK/$SW.events" "port_up.*$1" $((seen + 1)) 7 &&
		! ip link show dev "$1" 2>/dev/null
}

lan_host h3 10.0.0.3 enp3s0
lan_host h4 10.0.0.4 vc0
start_switch --uplink enp3s0 --taps tap0,tap1,tap3 \
	--port nic:vc0,once=yes,edge=yes --port tap:tap2,once=yes
start_monitor
tap_host c1 10.0.0.1 tap0
tap_host c2 10.0.0.2 tap1
check 'the container reaches the LAN' reaches c1 10.0.0.3

seen=$(events)
ip netns del c1
wait_event "$seen" 'port_down.*tap0'
check 'the TAP does not come back in our namespace' gone tap0
is 'its port is down' "$(port tap0 up)" false
matches 'and says what to do' "$(port tap0 reason)" \
	'tap0 was deleted in another namespace.*"qswitchctl port up tap0"'
check 'the other container reaches the LAN' reaches c2 10.0.0.3

# the operator wants it again
seen=$(events)
ctl port up tap0 >/dev/null
wait_event "$seen" 'port_up.*tap0'
host c3
ip link set tap0 netns c3
address c3 tap0 10.0.0.1
check 'it works in the next container' reaches c3 10.0.0.3

# deleted inside, without the end of the namespace
seen=$(events)
ip -n c3 link del tap0
wait_event "$seen" 'port_down.*tap0'
ip tuntap add tap0 mode tap
wait_event "$seen" 'port_up.*tap0'
echo 'ok - a TAP that somebody makes here is taken at once'

# a move and the end before the switch has looked
seen=$(events)
kill -STOP "${SW_PID[$SW]}"
ip link set tap3 netns c3
ip netns del c3
kill -CONT "${SW_PID[$SW]}"
wait_event "$seen" 'port_down.*tap3'
check 'nor does it after a move that went unseen' gone tap3

PORTS_REMOVED=1
seen=$(events)
ip netns del h4
wait_event "$seen" 'port_removed.*vc0'
echo 'ok - the port of a veth goes with it'
seen=$(events)
ip link del tap2
wait_event "$seen" 'port_removed.*tap2'
echo 'ok - so does the port of a TAP'
finish
