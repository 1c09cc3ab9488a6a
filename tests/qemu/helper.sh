#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Guests of an unprivileged user through qswitch-bridge-helper, setuid root; and
# guests that its access list does not allow.
. "$(dirname "$0")/guest.sh"
need setpriv
[ "$(awk '{ print $3 }' /proc/self/uid_map)" -gt 65534 ] ||
	skip 'only root can install a setuid program'

# a private /etc/qemu
mkdir -p "$WORK/etc"
if [ ! -d /etc/qemu ]; then
	cp -a /etc "$WORK/whole"
	mkdir -p "$WORK/whole/qemu"
	mount --bind "$WORK/whole" /etc
fi
mount --bind "$WORK/etc" /etc/qemu
HELPER=$WORK/qswitch-bridge-helper
cp "$QSWITCH_BIN/qswitch-bridge-helper" "$HELPER"
chmod 4755 "$HELPER"
nobody() {
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

lan
start_switch --uplink enp3s0

# refused MESSAGE LIST REGEX: with this access list QEMU fails with such an
# error
refused() {
	printf '%b' "$2" >/etc/qemu/bridge.conf
	nobody qemu-system-x86_64 -accel tcg -nodefaults -display none \
		-netdev "bridge,id=n,br=sw,helper=$HELPER" \
		>"$WORK/refused.log" 2>&1 && fail "$1: QEMU started"
	matches "$1" "$(cat "$WORK/refused.log")" "$3"
}
rm -f /etc/qemu/bridge.conf
refused 'another switch is allowed' 'allow other\n' 'does not allow switch sw'
refused 'everything is denied' 'allow sw\ndeny all\n' 'does not allow switch sw'
refused 'the list has a syntax error' 'let me in\n' 'VERB NAME|does not start with allow'
chmod o+w /etc/qemu/bridge.conf
refused 'everyone may write the list' 'allow sw\n' 'must belong to root'
chmod o-w /etc/qemu/bridge.conf

echo 'allow sw' >/etc/qemu/bridge.conf
as_nobody() {
	on_console "$1" setpriv --reuid=65534 --regid=65534 --clear-groups \
		qemu-system-x86_64 -accel tcg -name "$1" -m 128 -nodefaults \
		-no-reboot -display none -serial stdio \
		-kernel "$QSWITCH_QEMU/vmlinuz" -initrd "$QSWITCH_QEMU/initrd" \
		-append 'console=ttyS0 quiet panic=-1 no_timer_check' "${@:2}"
}
# other users may be unable to read the images
if ! nobody test -r "$QSWITCH_QEMU/initrd"; then
	cp "$QSWITCH_QEMU"/{vmlinuz,initrd} "$WORK/"
	chmod a+r "$WORK"/{vmlinuz,initrd}
	QSWITCH_QEMU=$WORK
fi
as_nobody one -netdev "bridge,id=n,br=sw,helper=$HELPER" \
	-device $NIC,mac=02:00:00:00:01:01
as_nobody two -nic "bridge,br=sw,helper=$HELPER,model=virtio-net-pci,mac=02:00:00:00:01:02"
booted one
booted two
works one '(bridge helper)'
works two '(bridge helper, -nic)'
check 'guest to guest' pings one "$(guest_address two)"
start_monitor
seen=$(events)
kill_guest one
wait_event "$seen" '"port_removed".*"tap'
seen=$(events)
kill_guest two
wait_event "$seen" '"port_removed".*"tap'
PORTS_REMOVED=1
finish
