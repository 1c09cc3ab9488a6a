#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Every pair of commands in docs/qemu.md and README works as printed: a guest
# gets its address from the LAN and reaches it.
. "$(dirname "$0")/guest.sh"
need systemd-socket-activate cmake

SW=qswitch # the default name, which the commands use
lan
mkdir -p "$WORK/etc"
if [ ! -d /etc/qemu ]; then
	cp -a /etc "$WORK/whole"
	mkdir -p "$WORK/whole/qemu"
	mount --bind "$WORK/whole" /etc
fi
mount --bind "$WORK/etc" /etc/qemu
echo 'allow qswitch' >/etc/qemu/bridge.conf
# the commands name installed files: install
mount -t tmpfs tmpfs /usr/local
cmake --install "$QSWITCH_BIN/.." --prefix /usr/local >/dev/null
PATH=/usr/local/sbin:/usr/local/bin:$PATH
is 'the installed switch runs' "$(command -v qswitchd)" /usr/local/sbin/qswitchd

# lines FILE PROGRAM: the lines of FILE that run it, without comments
lines() {
	sed -nE "s/ +#.*//; s/^    (([^ ]+ [^ ]+ )?$2 .*)/\\1/p" "$1"
}

# run_switch LINE: run it unchanged. Does not wait for a switch that starts when
# a guest connects.
run_switch() {
	local words
	read -ra words <<<"${1#*qswitchd }"
	read -ra SWITCH_BY <<<"${1%%qswitchd *}"
	if [ ${#SWITCH_BY[@]} != 0 ]; then
		launch_switch "${words[@]}"
	else
		start_switch "${words[@]}"
	fi
}

# run_guest NAME LINE: the same, with the image of the tests
run_guest() {
	local words line=${2#qemu-system-x86_64 -m 512 disk.qcow2 }
	read -ra words <<<"$line"
	guest "$1" "${words[@]}"
}

# try_pair NAME SWITCH-LINE GUEST-LINE
try_pair() {
	run_switch "$2"
	run_guest "$1" "$3"
	check "$3: DHCP" gets_address "$1"
	check 'and ping' pings "$1" "$SERVER"
	kill_guest "$1"
	stop_switch
}

for file in docs/qemu.md README.md; do
	mapfile -t switches < <(lines "$TOP/$file" qswitchd)
	mapfile -t guests < <(lines "$TOP/$file" qemu-system-x86_64)
	if [ $file = README.md ]; then
		# the first switch has no guest, the old recipe no switch
		switches=("${switches[@]:1}")
		guests=("${guests[@]:1}")
	else
		at_most "$file: at least 13 ways" 13 "${#guests[@]}"
		all=("${switches[@]}" "${guests[@]}")
	fi
	is "$file: as many switches as guests" "${#switches[@]}" "${#guests[@]}"
	for i in "${!switches[@]}"; do
		try_pair "vm$i" "${switches[i]}" "${guests[i]}"
	done
done

# The table in README has the same options as the commands that just ran.
rows=0
while IFS='|' read -r _ way switch guest _; do
	for part in "$switch" "$guest"; do
		part=${part//[\` ]/}
		[[ "${all[*]// /}" == *"$part"* ]] ||
			fail "README, $way: docs/qemu.md does not contain: $part"
	done
	rows=$((rows + 1))
done < <(grep -- '| `-netdev' "$TOP/README.md")
at_most "the table in README: at least 10 ways" 10 $rows
PORTS_REMOVED=1
finish
