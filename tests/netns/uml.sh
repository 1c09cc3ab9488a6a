#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A real User-mode Linux (Debian's package user-mode-linux) plugs in by each of
# its transports that need no TAP: "daemon" into a VDE switch, "bess" into a
# port seq. A ping, and a file of 1 MiB.
. "$(dirname "$0")/lib.sh"

need linux.uml busybox
[ -z "$(ldd "$(command -v busybox)" 2>/dev/null)" ] ||
	skip 'busybox is not static: install busybox-static'

# make_initrd: busybox, and an init that does what `uml=IF,IP` says
make_initrd() {
	local root=$WORK/root
	mkdir -p "$root"/{bin,dev,proc,sys}
	cp "$(command -v busybox)" "$root/bin/busybox"
	cat >"$root/init" <<-'END'
		#!/bin/busybox sh
		/bin/busybox --install -s /bin
		export PATH=/bin
		mount -t proc proc /proc
		if=eth0
		mount -t sysfs sysfs /sys
		[ -e /sys/class/net/vec0 ] && if=vec0
		ip link set $if up
		ip addr add 10.0.0.5/24 dev $if
		ping -c 3 -W 5 10.0.0.1 >/dev/null && echo "uml: ping"
		echo "uml: file $(wget -q -O - http://10.0.0.1/file | md5sum)"
		poweroff -f
	END
	chmod 755 "$root/init"
	(cd "$root" && find . | busybox cpio -o -H newc 2>/dev/null) >"$WORK/initrd"
}

# uml OPTION...: boot; what it says goes to $WORK/uml.log. Its memory is a file
# in $TMPDIR, which must be executable.
uml() {
	mkdir -p "$WORK/uml"
	HOME=$WORK/uml TMPDIR=$WORK/uml linux.uml mem=64M initrd="$WORK/initrd" \
		rdinit=/init con=null con0=null,fd:1 "$@" \
		>"$WORK/uml.log" 2>&1 </dev/null &
	UML=$!
}

make_initrd
mount -t tmpfs -o mode=1777 tmpfs /dev/shm 2>/dev/null || :
start_switch --stp off --taps tap0 --port vde:/run/vde --port seq:/run/seq
tap_host h1 10.0.0.1 tap0
mkdir "$WORK/www"
head -c 1M /dev/urandom >"$WORK/www/file"
in_ns h1 busybox httpd -f -p 80 -h "$WORK/www" &
start_monitor

# plays PORT OPTION: a User-mode Linux with this interface, which becomes PORT
plays() {
	seen=$(events)
	uml "$2"
	check "${1%-*}: User-mode Linux reaches the host" \
		wait_line "$WORK/uml.log" 'uml: ping' 1 60
	check 'it has fetched a file' wait_line "$WORK/uml.log" 'uml: file' 1 60
	matches 'the file is whole' "$(grep 'uml: file' "$WORK/uml.log")" \
		"$(md5sum <"$WORK/www/file" | cut -d' ' -f1)"
	wait_event "$seen" "port_removed.*$1"
	wait $UML || :
}

plays vde-1 eth0=daemon,02:00:00:00:00:05,unix,/run/vde/ctl
plays seq-1 vec0:transport=bess,dst=/run/seq,src=/run/uml,mac=02:00:00:00:00:06
PORTS_REMOVED=1
finish
