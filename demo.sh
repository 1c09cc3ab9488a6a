#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# ./demo.sh - see qswitch at work, in a minute and without touching your network
# ./demo.sh --keep - the same, and then a shell inside, with all of it standing
#
# Installs what is missing (as root; it says what), builds, makes a small network
# of namespaces in which a veth named enp3s0 stands for the NIC, and runs
#
#     qswitchd --uplink enp3s0 --taps tap0,tap1
#
# Works as root, and as an ordinary user where the system allows user namespaces
# and /dev/net/tun. When it ends, also by Ctrl-C, nothing of it is left.
set -euo pipefail
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

case ${1:-} in
"" | --keep) ;;
*)
	sed -n '4,/^set/s/^#\( \|$\)//p' "$0"
	[ "$1" = --help ] || [ "$1" = -h ] || exit 2
	exit
	;;
esac

title() { printf '\n\033[1m%s\033[0m\n' "$*"; }
[ -t 1 ] || title() { printf '\n== %s\n' "$*"; }

tun_usable() {
	[ -e /dev/net/tun ] && (exec 3<>/dev/net/tun) 2>/dev/null
}

# --- outside: install, build -------------------------------------------------

if [ ! "${QSWITCH_SANDBOX:-}" ]; then
	# shellcheck source=.ci/install.sh
	. "$TOP/.ci/install.sh"
	install_missing "${BUILD_PACKAGES[@]}" "${LAB_PACKAGES[@]}"
	if ! tun_usable; then
		echo "demo.sh: cannot open /dev/net/tun, which makes TAP devices."
		echo "  As an ordinary user: run it with sudo, or let all users" \
			"open it with \"sudo chmod 666 /dev/net/tun\"."
		echo "  In a container: start that with --device /dev/net/tun" \
			"--cap-add NET_ADMIN --cap-add SYS_ADMIN."
		exit 1
	fi
	title 'Building'
	# a folder that test.sh has configured keeps its tests
	tests=(-DBUILD_TESTING=OFF)
	build=$TOP/build
	[ ! -f "$build/CMakeCache.txt" ] || tests=()
	mkdir -p "$build"
	if cmake -S "$TOP" -B "$build" -G Ninja "${tests[@]}" \
		>"$build/demo.log" 2>&1 &&
		cmake --build "$build" --target qswitchd qswitchctl \
			>>"$build/demo.log" 2>&1; then
		echo "build/bin/qswitchd and build/bin/qswitchctl are there."
	else
		tail -n 30 "$build/demo.log"
		echo "demo.sh: it did not build; all of it is in build/demo.log"
		exit 1
	fi
fi

# From here on we are in namespaces of our own, which go when we do.
# shellcheck source=tests/netns/lib.sh
. "$TOP/tests/netns/lib.sh"
SW=qswitch

run() {
	printf '$ %s\n' "$*"
	"$@"
}

# --- the network -------------------------------------------------------------

title 'The network'
cat <<'PICTURE'
  Three computers, each a network namespace; the fourth one is "your host".

    vm1                      your host                        lan
    10.0.0.1          +--------------------+             10.0.0.3
    +------+     tap0 |                    | enp3s0      +------+
    |      |----------|      qswitchd      |-------------| eth0 |
    +------+          |                    |  the NIC    +------+
    vm2               |                    |
    +------+     tap1 |                    |
    |      |----------|                    |
    +------+          +--------------------+
    10.0.0.2            10.0.0.9 on enp3s0
PICTURE
lan_host lan 10.0.0.3 enp3s0
ip addr add 10.0.0.9/24 dev enp3s0
host_network() {
	ip -o -d link show enp3s0
	ip addr show enp3s0
	ip route
}
before=$(host_network)

title 'The switch'
printf '$ qswitchd --uplink enp3s0 --taps tap0,tap1\n'
log=$WORK/qswitchd.log
qswitchd --uplink enp3s0 --taps tap0,tap1 2>"$log" &
pid=$!
wait_line "$log" '^qswitchd: ready' || {
	cat "$log"
	fail 'qswitchd did not start'
}
sed '/: ready/q' "$log"
tap_host vm1 10.0.0.1 tap0
tap_host vm2 10.0.0.2 tap1
echo "vm1 and vm2 have taken their TAPs, as a container or a VM would."

# --- traffic -----------------------------------------------------------------

title 'Everybody pings everybody'
for from in vm1 vm2 lan; do
	for to in 10.0.0.1 10.0.0.2 10.0.0.3; do
		ip -n "$from" -o addr | grep -q "$to/" && continue
		answer=$(in_ns "$from" ping -n -c 1 -W 5 "$to" | grep 'bytes from') ||
			fail "$from cannot reach $to"
		echo "$from: $answer"
	done
done

title 'TCP: vm1 fetches 64 MB from the LAN, and lan fetches them from vm2'
mkdir "$WORK/www"
head -c 64000000 /dev/urandom >"$WORK/www/file"
sum=$(sha256sum <"$WORK/www/file")
in_ns lan busybox httpd -p 80 -h "$WORK/www"
in_ns vm2 busybox httpd -p 80 -h "$WORK/www"
fetch() {
	local start=$EPOCHREALTIME got took
	got=$(in_ns "$1" busybox wget -q -O - "http://$2/file" | sha256sum)
	took=$((${EPOCHREALTIME/./} - ${start/./}))
	[ "$got" = "$sum" ] || fail "$1: what came from $2 is not what was sent"
	echo "$1 from $2: 64 MB in $((took / 1000)) ms, every byte as it was sent"
}
fetch vm1 10.0.0.3
fetch lan 10.0.0.2

# --- what the switch has to say ----------------------------------------------

title 'The ports: what came in and went out'
run qswitchctl ports
title 'The MAC table: who was heard where'
run qswitchctl fdb
title 'The counters: each frame had one end, and they add up'
run qswitchctl counters
title 'Why did the last frame to vm1 go where it went?'
in_ns lan ping -q -n -c 1 10.0.0.1 >/dev/null
run qswitchctl why --mac 02:00:00:00:00:01 --last 1
title 'And what would become of one from vm1 to somebody unknown?'
run qswitchctl explain tap0 --src 02:00:00:00:00:01 --dst 02:00:00:00:00:99

if [ "${1:-}" = --keep ]; then
	title 'It is yours'
	echo "You are on \"your host\"; leave with exit. Try"
	echo "    qswitchctl ports | fdb | monitor | capture tap0 | --help"
	echo "    in_ns vm1 ping 10.0.0.3"
	export -f in_ns
	PS1='qswitch demo# ' "$BASH" --norc -i || :
fi

# --- and out -----------------------------------------------------------------

title 'What it did to your host'
kill "$pid" 2>/dev/null || :
wait "$pid" || fail "qswitchd ended with status $?"
# without the promiscuous mode of a moment ago: it ended with the process
if [ "$(host_network)" = "$before" ] && [ ! -e /sys/class/net/tap0 ]; then
	echo "Nothing: enp3s0, its address and the routes are what they were" \
		"before, and the TAPs are gone."
elif [ "${1:-}" = --keep ]; then
	echo "It is not as it was, but you had a shell in between:"
	diff <(echo "$before") <(host_network) || :
else
	diff <(echo "$before") <(host_network) || :
	fail 'the host is not as it was'
fi
FINISHED=1
