#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# NAT without any privilege: an ordinary user runs the switch, with a socket for
# the guest, whose wire is another switch.
. "$(dirname "$0")/nat_lib.sh"
real_root || skip 'only root can change to another user'
needs_nat
need busybox

lan
mkdir -p "$WORK/bin" "$WORK/user"
cp "$QSWITCH_BIN"/{qswitchd,qswitchctl,qswitch-nat} "$WORK/bin"
chmod -R a+rX "$WORK"
chown 65534:65534 "$WORK/user"
# an ordinary user, with all that root has left it
setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all \
	--inh-caps=-all --no-new-privs env XDG_RUNTIME_DIR="$WORK/user" HOME=/ \
	"$WORK/bin/qswitchd" --name mine --nat --port "qemu:$WORK/user/vm.sock" \
	2>"$WORK/mine.log" &
pid=$!
wait_line "$WORK/mine.log" '^qswitchd: ready' || fail 'it did not become ready'
is 'the switch has no capabilities' \
	"$(awk '/^CapEff/ { print $2 }' /proc/$pid/status)" 0000000000000000

start_switch --port "qemu:$WORK/user/vm.sock,connect=yes,name=out" --taps tap0 --stp off
nat_guest h1 tap0
check 'h1 gets a lease' lease h1 tap0
check 'it fetches a file' fetches h1 http://192.0.2.9:8000/file
check 'it pings' reaches h1 192.0.2.9
mine=(qswitchctl --control "$WORK/user/qswitch/mine.sock")
check 'a forward' "${mine[@]}" nat forward add tcp:127.0.0.1:2222:.15:22
"${mine[@]}" nat forward add tcp:127.0.0.1:22:.15:22 2>"$WORK/said" &&
	fail 'a privileged port was not refused'
matches 'a privileged port is refused with a sentence' "$(cat "$WORK/said")" \
	'Permission denied: .*a port from 1024 on'
is 'the books balance' "$("${mine[@]}" --json counters | jq .unaccounted)" 0
kill "$pid"
check 'it stops cleanly' wait "$pid"
finish
