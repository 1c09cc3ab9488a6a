#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The system refuses a connection to a socket file before the switch hears of it,
# and QEMU may say nothing: `ports` and `qemu-args` say who may connect.
. "$(dirname "$0")/lib.sh"
need setpriv socat
real_root || skip 'only root can change to another user'

start_switch --port qemu:/run/root.sock \
	--port qemu:/run/nobody.sock,owner=nobody \
	--port qemu:/run/group.sock,group=nogroup,mode=0660 \
	--port qemu:/run/all.sock,mode=0666 --port vde:/run/vde \
	--port dgram:/run/dgram.sock,remote=/run/vm.sock

# who PORT: the sentence of the fact
who() {
	ctl ports | jq -r --arg n "$1" \
		'.ports[] | select(.name == $n).facts["may connect"]'
}
is 'by default root alone' "$(who root.sock)" 'root alone'
is 'owner=' "$(who nobody.sock)" 'user 65534'
is 'group=' "$(who group.sock)" 'root and group 65534'
is 'mode=0666' "$(who all.sock)" 'everyone'
is 'vde' "$(who vde)" 'root alone'
is 'dgram' "$(who dgram.sock)" 'root alone'

! setpriv --reuid=65534 --regid=65534 --clear-groups \
	socat - UNIX-CONNECT:/run/root.sock 2>/dev/null ||
	fail 'nobody connected to the socket of root'
matches 'the table says it, too' "$(qswitchctl --name $SW ports | grep '^root.sock')" \
	'root alone may connect: owner=USER or group=GROUP,mode=0660 lets others'
matches 'not where everyone may' "$(qswitchctl --name $SW ports | grep '^all.sock')" \
	'0 *$'
for name in root.sock vde dgram.sock; do
	qswitchctl --name $SW qemu-args $name --qemu 8.0 >"$WORK/args" 2>"$WORK/note"
	matches "qemu-args $name notes it" "$(cat "$WORK/note")" \
		'root alone may connect.*owner=USER'
	is "qemu-args $name: one line to paste" "$(wc -l <"$WORK/args")" 1
done
qswitchctl --name $SW qemu-args all.sock --qemu 8.0 2>"$WORK/note" >/dev/null
is 'no note where everyone may' "$(cat "$WORK/note")" ''
finish
