#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Whoever may use the control socket does not thereby have the rights of the
# switch: files are written in one directory alone, sockets of the switch's own
# are not taken over, and no request makes it wait.
. "$(dirname "$0")/lib.sh"
need jq

PORTS_REMOVED=1
refused() {
	local said
	said=$(ctl port add "$1,name=new" 2>&1) && fail "port add $1 is accepted"
	matches "port add $1 is refused" "$said" "$2"
}

lan_host h3 10.0.0.3 enp3s0
echo precious >"$WORK/precious"
start_switch --uplink enp3s0 --taps tap0
tap_host h1 10.0.0.1 tap0
refused "pcap:-,out=$WORK/precious" '--pcap-dir DIR'
mkfifo "$WORK/pipe"
refused "pcap:-,out=$WORK/pipe" '--pcap-dir DIR'
for fd in "/proc/${SW_PID[$SW]}"/fd/*; do
	[[ $(readlink "$fd") == socket:* ]] || continue
	refused "fd:${fd##*/}" 'not a socket that this process inherited'
done
check 'frames pass' reaches h1 10.0.0.3
check_books
stop_switch

mkdir "$WORK/recordings"
ln -s ../precious "$WORK/recordings/link"
mkfifo "$WORK/recordings/pipe"
ip link del enp3s0
ip netns del h1
lan_host h4 10.0.0.4 enp4s0
start_switch --uplink enp4s0 --taps tap0 --pcap-dir "$WORK/recordings"
tap_host h5 10.0.0.5 tap0
refused "pcap:-,out=$WORK/precious" 'without /'
refused 'pcap:-,out=link' 'symbolic links'
refused 'pcap:-,out=pipe' 'No such device'
exec {pipe}<>"$WORK/recordings/pipe"
refused 'pcap:-,out=pipe' 'not a regular file'
check 'a recording in the directory' \
	ctl port add 'pcap:-,out=a.pcap,name=a' >"$WORK/answer"
check 'frames pass' reaches h5 10.0.0.4
check 'and are recorded' test -s "$WORK/recordings/a.pcap"
is 'no other file was touched' "$(cat "$WORK/precious")" precious
finish
