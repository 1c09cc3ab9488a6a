#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Every pair of lines in docs/qemu.md works as it stands there: a guest gets its
# address from the LAN and reaches it.
. "$(dirname "$0")/guest.sh"

SW=qswitch # as the lines have it
lan
mkdir -p "$WORK/etc"
if [ ! -d /etc/qemu ]; then
	cp -a /etc "$WORK/whole"
	mkdir -p "$WORK/whole/qemu"
	mount --bind "$WORK/whole" /etc
fi
mount --bind "$WORK/etc" /etc/qemu
echo 'allow qswitch' >/etc/qemu/bridge.conf
# where the lines have what is not installed
mkdir -p "$WORK/libexec"
cp "$QSWITCH_BIN/qswitch-bridge-helper" "$TOP"/packaging/qswitch-if* \
	"$WORK/libexec/"

# lines PROGRAM: its lines, without its name
lines() {
	sed -n "s/^    $1 //p" "$TOP/docs/qemu.md"
}

mapfile -t switches < <(lines qswitchd)
mapfile -t guests < <(lines qemu-system-x86_64)
is 'the lines come in pairs' "${#switches[@]}" "${#guests[@]}"
at_most 'and there are some' 10 "${#guests[@]}"
for i in "${!switches[@]}"; do
	read -ra options <<<"${switches[i]}"
	start_switch "${options[@]}"
	guest=${guests[i]/#-m 512 disk.qcow2 /}
	guest=${guest//\/usr\/libexec\/qswitch/$WORK/libexec}
	read -ra options <<<"$guest"
	guest "vm$i" "${options[@]}"
	check "${guests[i]#*disk.qcow2 }: DHCP" gets_address "vm$i"
	check 'and ping' pings "vm$i" "$SERVER"
	kill_guest "vm$i"
	stop_switch
done
PORTS_REMOVED=1
finish
