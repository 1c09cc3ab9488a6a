#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# image.sh DIR - create the guest of the QEMU tests: DIR/vmlinuz, Debian's cloud
# kernel, and DIR/initrd, busybox with the virtio network modules of that
# kernel. Downloads the kernel package and unpacks it without installing it.
# Does nothing if both files exist, but looks whether the modules are in.
#
# The guest runs each line from its console; the output of each line ends with
# "qs: STATUS".
set -euo pipefail

skip() {
	echo "skipped: $*"
	exit 77
}

for program in busybox dpkg-deb apt-get; do
	command -v $program >/dev/null || skip "$program is not installed"
done
DIR=$(mkdir -p "$1" && cd "$1" && pwd)
BUSYBOX=$(command -v busybox)
TEMP=$(mktemp -d)
trap 'rm -rf "$TEMP"' EXIT
chmod 755 "$TEMP"

# the package on which linux-image-cloud-amd64 depends
fetch_kernel() {
	local package
	package=$(apt-cache depends linux-image-cloud-amd64 |
		awk '$1 == "Depends:" { print $2; exit }')
	[ -n "$package" ] ||
		skip "apt does not know linux-image-cloud-amd64: run apt-get update"
	(cd "$TEMP" && apt-get -q download "$package") ||
		skip "cannot download the package $package"
	dpkg-deb -x "$TEMP"/linux-image-*.deb "$TEMP/kernel"
	cp "$TEMP"/kernel/boot/vmlinuz-* "$DIR/vmlinuz"
}

MODULES="virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev
virtio_pci failover net_failover virtio_net"

# take_module NAME FOLDER: from the package, plain or compressed
take_module() {
	local file
	file=$(find "$TEMP/kernel" -name "$1.ko*" | head -n 1)
	case $file in
	*.ko) cat "$file" ;;
	*.xz) "$BUSYBOX" xzcat "$file" ;;
	*.gz) "$BUSYBOX" zcat "$file" ;;
	*.zst) zstd -dcq "$file" ;;
	'') return 0 ;; # built in, or not of this kernel: check_image decides
	*) echo "not ok - a compression that is not known: $file"; return 1 ;;
	esac >"$2/$1.ko"
	[ -s "$2/$1.ko" ] || rm "$2/$1.ko"
}

make_initrd() {
	local root=$TEMP/root module
	mkdir -p "$root"/{bin,dev,proc,sys,etc,tmp,modules}
	cp "$BUSYBOX" "$root/bin/busybox"
	for module in $MODULES; do
		take_module "$module" "$root/modules"
	done
	{
		echo '#!/bin/busybox sh'
		echo "MODULES='${MODULES//$'\n'/ }'"
		cat <<-'END'
			/bin/busybox --install -s /bin
			export PATH=/bin
			mount -t proc proc /proc
			mount -t sysfs sysfs /sys
			mount -t devtmpfs dev /dev
			for m in $MODULES; do
				[ ! -e /modules/$m.ko ] || insmod /modules/$m.ko
			done
			ip link set lo up
			ip link set eth0 up
			stty -echo
			echo "qs: ready"
			while read -r line; do
				sh -c "$line" 2>&1
				echo "qs: $?"
			done
			poweroff -f
		END
	} >"$root/init"
	cat >"$root/bin/lease" <<-'END'
		#!/bin/sh
		[ "$1" = bound ] || exit 0
		ip addr flush dev $interface
		ip addr add $ip/$mask dev $interface
		echo "qs: address $ip"
	END
	chmod 755 "$root/init" "$root/bin/lease"
	(cd "$root" && find . | "$BUSYBOX" cpio -o -H newc 2>/dev/null) |
		gzip -1 >"$DIR/initrd.new"
	mv "$DIR/initrd.new" "$DIR/initrd"
}

# The guest has a driver for its network card: an ELF file, not a compressed one,
# which its insmod would not take.
check_image() {
	mkdir -p "$TEMP/check"
	(cd "$TEMP/check" && gzip -dc "$DIR/initrd" | "$BUSYBOX" cpio -id 2>/dev/null)
	[ "$(head -c 4 "$TEMP/check/modules/virtio_net.ko" | tail -c 3)" = ELF ] || {
		echo "not ok - $DIR/initrd has no module virtio_net"
		exit 1
	}
}

if [ ! -s "$DIR/vmlinuz" ] || [ ! -s "$DIR/initrd" ]; then
	fetch_kernel
	make_initrd
fi
check_image
