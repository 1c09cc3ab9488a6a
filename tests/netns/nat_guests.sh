#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Forty guests get a lease each; their leases survive the death of qswitch-nat
# and, in a file, that of qswitchd; one of them has a fixed address.
. "$(dirname "$0")/nat_lib.sh"
needs_nat
need busybox

lan
all=(--port "nat:,leases=$WORK/leases,lease=02:00:00:00:02:07=.200"
	--taps "$(seq -s , -f t%g 1 40)" --stp off)
start_switch "${all[@]}"
pids=()
for i in $(seq 40); do
	nat_guest "h$i" "t$i"
	ip -n "h$i" link set "t$i" address "$(printf 02:00:00:00:02:%02x "$i")"
	lease "h$i" "t$i" &
	pids+=($!)
done
for pid in "${pids[@]}"; do
	wait "$pid" || fail 'a guest got no lease'
done

addresses() {
	local i
	for i in $(seq 40); do
		ip4 "h$i" "t$i"
	done
}
addresses >"$WORK/addresses"
is 'forty guests have forty addresses' "$(sort -u "$WORK/addresses" | wc -l)" 40
is 'all of the network' "$(grep -c '^10\.0\.2\.' "$WORK/addresses")" 40
is 'the fixed one has its own' "$(ip4 h7 t7)" 10.0.2.200
is 'all are listed' "$(ctl nat leases | jq '.leases | length')" 40
is 'with the name of the guest and its port' \
	"$(ctl nat leases | jq -r '.leases[] | select(.address == "10.0.2.200") | "\(.name) \(.port)"')" \
	'h7 t7'
pids=()
for i in $(seq 40); do
	fetches "h$i" http://192.0.2.9:8000/file &
	pids+=($!)
done
for pid in "${pids[@]}"; do
	wait "$pid" || fail 'a guest could not fetch the file'
done
echo 'ok - all forty fetch a file at once'

same() {
	local i
	for i in $(seq 40); do
		lease "h$i" "t$i" &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid" || return 1
	done
	[ "$(addresses)" = "$(cat "$WORK/addresses")" ]
}
kill -KILL "$(nat_pid nat)"
wait_line "$WORK/$SW.log" 'nat: down'
pids=()
check 'they keep them when qswitch-nat dies' same

taps_back() {
	local i
	for i in $(seq 40); do
		ip link set "t$i" netns "h$i"
		ip -n "h$i" link set "t$i" up address \
			"$(printf 02:00:00:00:02:%02x "$i")"
	done
}
stop_switch
cp "$WORK/leases" "$WORK/kept" # the next write may begin with another guest
is 'the file has them' "$(grep -c '^02:00:00:00:02:' "$WORK/kept")" 40
start_switch "${all[@]}"
taps_back
pids=()
check 'and when qswitchd is started again' same

# nothing that a process needs to do harm
status=/proc/$(nat_pid nat)/status
is 'qswitch-nat has no capabilities' "$(awk '/^Cap(Inh|Prm|Eff|Bnd|Amb)/ { print $2 }' "$status" | sort -u)" 0000000000000000
is 'and no way to new privileges' "$(awk '/^NoNewPrivs/ { print $2 }' "$status")" 1
if grep -q seccomp_load "$QSWITCH_BIN/qswitch-nat"; then
	is 'and a filter of system calls' "$(awk '/^Seccomp:/ { print $2 }' "$status")" 2
fi
if real_root; then
	is 'and is not root' "$(awk '/^Uid/ { print $2, $3, $4 }' "$status")" '65534 65534 65534'
fi
is 'and holds no descriptor of the switch but its own' \
	"$(find "/proc/$(nat_pid nat)/fd" -lname '/dev/net/tun' | wc -l)" 0
finish
