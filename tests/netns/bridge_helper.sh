#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# qswitch-bridge-helper, setuid root, as ordinary users run it: it reads the
# access list and what that includes with the rights of its caller, and one user
# gets only so many ports.
. "$(dirname "$0")/lib.sh"
need setpriv
real_root || skip 'only root can install a setuid program'

ALICE=1001 BOB=1002
# a private /etc/qemu and /etc/qswitch
cp -a /etc "$WORK/etc"
rm -rf "$WORK/etc/qemu" "$WORK/etc/qswitch"
mkdir "$WORK/etc/qemu" "$WORK/etc/qswitch"
mount --bind "$WORK/etc" /etc
HELPER=$WORK/qswitch-bridge-helper
cp "$QSWITCH_BIN/qswitch-bridge-helper" "$QSWITCH_BIN/socketpair" "$WORK"
chmod 4755 "$HELPER"
own_tun 666
start_switch

# gets USER: one TAP, held until the end; the error is in $WORK/USER.err
gets() {
	local fd
	rm -f "$WORK/got"
	mkfifo "$WORK/got" "$WORK/keep.$((++TAKEN))"
	exec {fd}<>"$WORK/keep.$TAKEN"
	# the TAP lives in the message on the socket while that is open
	setpriv --reuid="$1" --regid="$1" --clear-groups "$WORK/socketpair" stream sh -c "
		$HELPER --use-vnet --fd=8 --br=sw; echo \$? >&7; exec 7>&-; read -r _" \
		<&"$fd" 7>"$WORK/got" 2>"$WORK/$1.err" &
	[ "$(cat "$WORK/got")" = 0 ]
}
TAKEN=0

# ports: how many the switch has
ports() {
	ctl ports | jq '.ports | length'
}

echo 'include /etc/qemu/alice.conf' >/etc/qemu/bridge.conf
echo 'allow sw' >/etc/qemu/alice.conf
chown root:$ALICE /etc/qemu/alice.conf
chmod 640 /etc/qemu/alice.conf
check 'alice may read the list that names her switch' gets $ALICE
! gets $BOB || fail 'bob got a TAP by a list that he may not read'
matches 'bob may not' "$(cat "$WORK/$BOB.err")" 'does not allow switch sw'

echo 'allow sw' >/etc/qemu/bridge.conf
chmod 640 /etc/qemu/bridge.conf
! gets $BOB || fail 'bob got a TAP by a bridge.conf that he may not read'
chmod 644 /etc/qemu/bridge.conf
check 'bob reads a list for everyone' gets $BOB

# Rules that could not be read for another reason than bob's rights count.
printf 'allow sw\ninclude /etc/qemu/loop\n' >/etc/qemu/bridge.conf
ln -s loop /etc/qemu/loop
! gets $BOB || fail 'bob got a TAP though a list could not be read'
matches 'a list that cannot be read' "$(cat "$WORK/$BOB.err")" 'cannot be read'

# 32 ports of one user, by default
echo 'allow sw' >/etc/qemu/bridge.conf
for ((i = 1; i < 32; i++)); do
	gets $BOB || fail "bob's port $((i + 1)): $(cat "$WORK/$BOB.err")"
done
! gets $BOB || fail 'bob got port 33'
matches 'bob has enough' "$(cat "$WORK/$BOB.err")" \
	"user $BOB has 32 ports .*ports-per-user"
check 'alice is not meant' gets $ALICE
is 'the switch has 32 and 2' "$(ports)" 34

# bob cannot give his ports to somebody else: the note is not his to write
matches 'a note says whose it is' "$(ip link)" \
	"made by qswitch-bridge-helper for user $BOB"

printf '# a class room\nports-per-user 34\n' >/etc/qswitch/bridge-helper.conf
chmod 600 /etc/qswitch/bridge-helper.conf
check 'root raises the limit' gets $BOB
echo 'ports-per-user many' >/etc/qswitch/bridge-helper.conf
! gets $BOB || fail 'a wrong limit is none'
matches 'a wrong limit is told' "$(cat "$WORK/$BOB.err")" \
	'bridge-helper.conf.*ports-per-user'
PORTS_REMOVED=1
finish
