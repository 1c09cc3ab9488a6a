# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# guest.sh - the functions of the tests with real virtual machines: lib.sh of
# the namespace tests, and QEMU guests (TCG, no KVM) that boot the kernel and
# busybox of image.sh.
#
#     . "$(dirname "$0")/guest.sh"
#     lan                                  # 10.0.0.1: DHCP, HTTP, TFTP
#     start_switch --uplink enp3s0 --vm-taps tap0
#     guest vm1 -netdev tap,id=n,ifname=tap0,script=no -device $NIC
#     works vm1                            # DHCP, ping, HTTP, TCP
#     finish
#
# QSWITCH_QEMU names the folder with vmlinuz and initrd.

# shellcheck source=tests/netns/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../netns/lib.sh"

QSWITCH_QEMU=${QSWITCH_QEMU:-$TOP/build/qemu}
SERVER=10.0.0.1
NIC=virtio-net-pci,netdev=n
OFFLOADS_OFF=csum=off,guest_csum=off,gso=off,guest_tso4=off,guest_tso6=off
OFFLOADS_OFF+=,guest_ecn=off,guest_ufo=off,host_tso4=off,host_tso6=off
OFFLOADS_OFF+=,host_ecn=off,host_ufo=off
BOOT_S=120 # a limit for a busy machine; usually it takes far less
declare -A GUEST_PID=() GUEST_FD=()

need qemu-system-x86_64 busybox dnsmasq jq
[ -s "$QSWITCH_QEMU/initrd" ] ||
	skip "no guest image: run tests/qemu/image.sh $QSWITCH_QEMU"

# --- the LAN behind the uplink -----------------------------------------------

# lan: a host that serves DHCP, TFTP and a file of 4 MiB over HTTP; on TCP port
# 9000 it answers with the checksum of what it receives
lan() {
	mkdir -p "$WORK/www"
	head -c 4194304 /dev/urandom >"$WORK/www/file"
	echo 'from tftp' >"$WORK/www/small"
	SUM=$(sha256sum <"$WORK/www/file" | cut -d' ' -f1)
	lan_host lan "$SERVER" enp3s0
	in_ns lan dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 \
		--no-ping --user=root --log-facility=- --interface=eth0 --bind-interfaces \
		--dhcp-range=10.0.0.100,10.0.0.200,255.255.255.0 \
		--dhcp-leasefile="$WORK/leases" --enable-tftp \
		--tftp-root="$WORK/www" 2>"$WORK/dnsmasq.log" &
	in_ns lan busybox httpd -f -p 80 -h "$WORK/www" &
	in_ns lan busybox nc -ll -p 9000 -e sha256sum &
	wait_line "$WORK/dnsmasq.log" 'TFTP|started' || fail "dnsmasq did not start"
}

# --- guests --------------------------------------------------------------------

# guest NAME QEMU-OPTION...: boot one and wait until it accepts commands
guest() {
	launch_guest "$@"
	booted "$1"
}

# launch_guest NAME QEMU-OPTION...: the same without waiting. no_timer_check: an
# emulated machine on a busy host may miss timer interrupts for a while.
launch_guest() {
	local name=$1
	shift
	on_console "$name" qemu-system-x86_64 -accel tcg -name "$name" -m 128 \
		-nodefaults -no-reboot -display none -serial stdio \
		-kernel "$QSWITCH_QEMU/vmlinuz" -initrd "$QSWITCH_QEMU/initrd" \
		-append 'console=ttyS0 quiet panic=-1 no_timer_check' "$@"
}

# on_console NAME COMMAND...: run a machine with its console on files
on_console() {
	local name=$1 fd
	shift
	rm -f "$WORK/$name.in"
	mkfifo "$WORK/$name.in"
	exec {fd}<>"$WORK/$name.in"
	GUEST_FD[$name]=$fd
	# a new file: after a truncation tail would wait at the old end
	rm -f "$WORK/$name.log"
	touch "$WORK/$name.log"
	"$@" <"$WORK/$name.in" >>"$WORK/$name.log" 2>&1 &
	GUEST_PID[$name]=$!
	{ tail -f --pid=$! /dev/null; echo "ended $!" >>"$WORK/$name.log"; } &
}

booted() {
	wait_line "$WORK/$1.log" "^(qs: ready|ended ${GUEST_PID[$1]})" \
		1 $BOOT_S || :
	grep -q '^qs: ready' "$WORK/$1.log" || fail "guest $1 did not boot"
}

# in_guest NAME COMMAND...: its output, its exit status
in_guest() {
	local name=$1 log=$WORK/$1.log from last
	shift
	from=$(($(wc -l <"$log") + 1))
	echo "${*//$'\n'/ }" >&"${GUEST_FD[$name]}"
	wait_line "$log" "^(qs: [0-9]+|ended ${GUEST_PID[$name]})" \
		"$from" $BOOT_S ||
		fail "guest $name: the command did not end: $*"
	last=$(tail -n "+$from" "$log" | tr -d '\r' | sed -n 's/^qs: \([0-9]*\)$/\1/p' | head -n 1)
	tail -n "+$from" "$log" | tr -d '\r' | sed '/^qs: [0-9]/,$d'
	return "${last:-1}"
}

kill_guest() {
	kill -KILL "${GUEST_PID[$1]}"
	wait_gone "${GUEST_PID[$1]}" 2>/dev/null || :
	eval "exec ${GUEST_FD[$1]}>&-"
}

# --- what every guest must be able to do ---------------------------------------

gets_address() {
	in_guest "$1" udhcpc -i eth0 -f -q -n -t 20 -T 1 -s /bin/lease |
		grep -q '^qs: address 10.0.0'
}

guest_address() {
	in_guest "$1" ip -4 -o addr show eth0 |
		sed -n 's|.*inet \([0-9.]*\)/.*|\1|p'
}

pings() {
	in_guest "$1" ping -c 1 -w 10 "$2" >/dev/null
}

downloads() {
	[ "$(in_guest "$1" "wget -q -O /tmp/f http://$SERVER/file &&
		sha256sum </tmp/f | cut -d' ' -f1" | tail -n 1)" = "$SUM" ]
}

# uploads GUEST: it sends back the file; the LAN answers with the checksum
uploads() {
	[ "$(in_guest "$1" "nc $SERVER 9000 </tmp/f | cut -d' ' -f1" |
		tail -n 1)" = "$SUM" ]
}

# works GUEST [WAY]
works() {
	check "$1: DHCP ${2:-}" gets_address "$1"
	check "$1: ping ${2:-}" pings "$1" "$SERVER"
	check "$1: 4 MiB down ${2:-}" downloads "$1"
	check "$1: 4 MiB up ${2:-}" uploads "$1"
}

# fact PORT KEY: what the switch knows about a port's peer
fact() {
	ctl ports | jq -r --arg n "$1" --arg k "$2" \
		'.ports[] | select(.name == $n) | .facts[$k] // .[$k] // empty'
}

# wait_up PORT: wait until the switch reports it up
wait_up() {
	local seen
	start_monitor
	seen=$(events)
	[ "$(port "$1" state)" != down ] ||
		wait_event "$seen" "\"port_up\".*\"$1\""
}
