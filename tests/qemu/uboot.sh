#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A boot loader does not wait: U-Boot on an ARM board with its own TAP runs
# dhcp, ping and tftp with the default spanning tree. And the QEMU command of
# the old recipe runs unchanged.
. "$(dirname "$0")/guest.sh"
UBOOT=/usr/lib/u-boot/qemu_arm/u-boot.bin
need qemu-system-arm
[ -r $UBOOT ] || skip 'u-boot-qemu is not installed'

# uboot COMMAND: its output, once the prompt is back
uboot() {
	local from=$(($(wc -l <"$WORK/board.log") + 1))
	echo "$1; echo qs: \$?" >&"${GUEST_FD[board]}"
	wait_line "$WORK/board.log" '^qs: [01]' "$from" $BOOT_S ||
		fail "U-Boot did not finish: $1"
	tail -n "+$from" "$WORK/board.log" | tr -d '\r'
}

lan
start_switch --uplink enp3s0 --vm-taps tap0,tap1
on_console board qemu-system-arm -accel tcg -M virt -nographic -bios $UBOOT \
	-net nic,model=virtio -net tap,ifname=tap0,script=no,downscript=no
wait_line "$WORK/board.log" '^U-Boot 2' 1 $BOOT_S || fail 'U-Boot did not start'
printf '\n\n\n' >&"${GUEST_FD[board]}" # a key stops the autoboot
uboot 'setenv autoload no' >/dev/null
matches 'dhcp' "$(uboot 'dhcp')" 'DHCP client bound to address 10\.0\.0\.'
matches 'ping' "$(uboot "ping $SERVER")" 'is alive'
matches 'tftp' "$(uboot "tftpboot 0x41000000 $SERVER:small")" \
	'Bytes transferred = 10'
kill_guest board

on_console old qemu-system-arm -M vexpress-a9 -S -nographic \
	-net nic -net tap,ifname=tap1,script=no,downscript=no
start_monitor
[ "$(port tap1 up)" = true ] || wait_event 0 '"port_up".*"tap1"'
is 'vexpress-a9 opened tap1' "$(port tap1 up)" true
kill_guest old
finish
