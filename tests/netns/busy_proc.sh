#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Who a peer is, the switch finds out beside its work: a process with very many
# descriptors, all of which are looked at, holds up nobody.
. "$(dirname "$0")/lib.sh"
need jq python3

start_switch --stp off --taps tap0,tap1 --vm-taps tap2
tap_host h1 10.0.0.1 tap0
tap_host h2 10.0.0.2 tap1
start_monitor

# One process has very many descriptors, the next one holds the TAP.
cat >"$WORK/hoard.py" <<-'EOF2'
	import os, resource, signal
	most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
	resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
	for _ in range(min(20000, most - 100)):
	    os.open("/dev/net/tun", os.O_RDWR)
	print("ready", flush=True)
	signal.pause()
EOF2
cat >"$WORK/hold.py" <<-'EOF2'
	import fcntl, os, signal, struct
	tun = os.open("/dev/net/tun", os.O_RDWR)
	fcntl.ioctl(tun, 0x400454ca, struct.pack("16sH", b"tap2", 0x5002))
	signal.pause()
EOF2
python3 "$WORK/hoard.py" >"$WORK/hoard.log" &
hoard=$!
wait_line "$WORK/hoard.log" ready || fail 'no process with many descriptors'
seen=$(events)
python3 "$WORK/hold.py" -name guest=one &
holder=$!
wait_event "$seen" '"port_up".*"tap2"'

# fact KEY VALUE: a port's fact has this value, soon
fact() {
	timeout 60 bash -c "until qswitchctl --name $SW --json ports |
		jq -e '.ports[] | select(.facts.$1 == \"$2\")' >/dev/null
	do :; done"
}
check 'the holder of the TAP is found' fact vm one
is 'with its process' \
	"$(ctl ports | jq -r '.ports[] | select(.name == "tap2") | .facts.pid')" \
	"$holder"
# answering takes no walk through /proc: ten times, each shows the same
# ticks: of processor time that the loop has used
ticks() {
	local pid=${SW_PID[$SW]}
	awk '{ print $14 + $15 }' "/proc/$pid/task/$pid/stat"
}
before=$(ticks)
for _ in 1 2 3 4 5 6 7 8 9 10; do
	ctl ports >"$WORK/answer"
done
at_most 'clock ticks of the loop for ten answers' $(($(ticks) - before)) 20

check 'frames pass' reaches h1 10.0.0.2
kill "$hoard" "$holder"
finish
