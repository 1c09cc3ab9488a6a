#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Host and guest talk while the cable is out; after the uplink was down, renamed,
# deleted and made again; after the host port's TAP was deleted; and with another
# address and MTU on the uplink.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/host.sh"

host_uplink
start_switch --uplink "$UPLINK" --taps tap0
need_host_access
start_monitor
tap_host h1 10.0.0.1 tap0
check 'host to guest' reaches . 10.0.0.1

seen=$(events)
ip -n lan link set eth0 down
wait_event "$seen" '"port_down".*"enp3s0"'
check 'no cable: host to guest' reaches . 10.0.0.1
check 'no cable: guest to host' reaches h1 10.0.0.9
ip neigh flush all
check 'no cable: they find each other' reaches h1 10.0.0.9
seen=$(events)
ip -n lan link set eth0 up
wait_event "$seen" '"port_up".*"enp3s0"'
check 'the cable is back: host to guest' reaches . 10.0.0.1
check 'host to LAN' reaches . 10.0.0.3
check 'guest to LAN' reaches h1 10.0.0.3

seen=$(events)
ip link set enp3s0 down
wait_event "$seen" '"port_down".*"enp3s0"'
check 'the uplink is down: no host' eval '! in_ns h1 ping -q -n -c 1 -W 1 10.0.0.9 >/dev/null'
seen=$(events)
ip link set enp3s0 up
wait_event "$seen" '"port_up".*"enp3s0"'
check 'up again: guest to host' reaches h1 10.0.0.9

ip link set enp3s0 down
ip link set enp3s0 name lan0
seen=$(events)
ip link set lan0 up
wait_event "$seen" '"port_up".*"enp3s0"'
check 'renamed: guest to host' reaches h1 10.0.0.9
check 'renamed: host to guest' reaches . 10.0.0.1
ip link set lan0 down
ip link set lan0 name enp3s0
ip link set enp3s0 up

tap=$(ctl ports | jq -r '.ports[] | select(.name == "enp3s0-host") | .arg')
ip link set enp3s0 address 02:00:00:00:00:77 mtu 1400
until [ "$(fdb 02:00:00:00:00:77)" = enp3s0-host ]; do :; done
is 'the old address is forgotten' "$(fdb $HOST_MAC)" ''
until [ "$(cat "/sys/class/net/$tap/mtu")" = 1400 ]; do :; done
ip -n h1 neigh flush all # the kernel of the host tells nobody
check 'another address and MTU: guest to host' reaches h1 10.0.0.9

seen=$(events)
ip link del "$tap"
wait_event "$seen" '"port_down".*"enp3s0-host"'
wait_event "$seen" '"port_up".*"enp3s0-host"'
check 'the TAP was deleted: guest to host' reaches h1 10.0.0.9

seen=$(events)
ip link del enp3s0
wait_event "$seen" '"port_down".*"enp3s0"'
is 'without the uplink there is no host' \
	"$(port enp3s0-host state)" disabled
seen=$(events)
wire enp3s0 lan
address lan eth0 10.0.0.3
ip addr add 10.0.0.9/24 dev enp3s0
wait_event "$seen" '"port_up".*"enp3s0"'
check 'made again: host to guest' reaches . 10.0.0.1
check 'guest to host' reaches h1 10.0.0.9
check 'guest to LAN' reaches h1 10.0.0.3

seen=$(events)
ctl port down enp3s0-host >/dev/null
wait_event "$seen" '"port_down".*"enp3s0-host"'
check 'taken down: no host' eval '! in_ns h1 ping -q -n -c 1 -W 1 10.0.0.9 >/dev/null'
check 'but the LAN' reaches h1 10.0.0.3
ctl port up enp3s0-host >/dev/null
check 'up again' reaches h1 10.0.0.9
PORTS_REMOVED=1
ctl port del enp3s0 >/dev/null
is 'the host port goes with the uplink' "$(ctl ports | jq -c '[.ports[].name]')" '["tap0"]'
finish
