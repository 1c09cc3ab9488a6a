#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# ./demo.sh - see qswitch at work in a minute, without touching your network
# ./demo.sh --keep - the same, then open a shell inside the demo network
#
# Installs missing packages (as root; it lists them) and builds qswitch. Then it
# makes a small network of namespaces, with a veth named enp3s0 as the NIC, and
# runs
#
#     qswitchd --uplink enp3s0 --taps tap0,tap1
#
# Works as root, and as an ordinary user if the system allows user namespaces
# and /dev/net/tun. Leaves nothing behind when it ends, even after Ctrl-C.
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
		echo "demo.sh: cannot open /dev/net/tun, needed for TAP devices."
		echo "  As an ordinary user: run demo.sh with sudo, or run" \
			"\"sudo chmod 666 /dev/net/tun\" first."
		echo "  In a container: start it with --device /dev/net/tun" \
			"--cap-add NET_ADMIN --cap-add SYS_ADMIN."
		exit 1
	fi
	title 'Building'
	# keep the tests in a build folder that test.sh has configured
	tests=(-DBUILD_TESTING=OFF)
	build=$TOP/build
	[ ! -f "$build/CMakeCache.txt" ] || tests=()
	mkdir -p "$build"
	if cmake -S "$TOP" -B "$build" -G Ninja "${tests[@]}" \
		>"$build/demo.log" 2>&1 &&
		cmake --build "$build" --target qswitchd qswitchctl \
			>>"$build/demo.log" 2>&1; then
		echo "Built build/bin/qswitchd and build/bin/qswitchctl."
	else
		tail -n 30 "$build/demo.log"
		echo "demo.sh: the build failed; see build/demo.log"
		exit 1
	fi
fi

# From here on everything runs in private namespaces, which vanish at the end.
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
  Each computer is a network namespace: vm1, vm2, lan, and "your host".

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
echo "vm1 and vm2 now use the TAPs, as containers or VMs would."

# --- traffic -----------------------------------------------------------------

title 'All hosts ping each other'
for from in vm1 vm2 lan; do
	for to in 10.0.0.1 10.0.0.2 10.0.0.3; do
		ip -n "$from" -o addr | grep -q "$to/" && continue
		answer=$(in_ns "$from" ping -n -c 1 -W 5 "$to" | grep 'bytes from') ||
			fail "$from cannot reach $to"
		echo "$from: $answer"
	done
done

title 'TCP: vm1 fetches 64 MB from lan, and lan fetches 64 MB from vm2'
mkdir "$WORK/www"
head -c 64000000 /dev/urandom >"$WORK/www/file"
sum=$(sha256sum <"$WORK/www/file")
in_ns lan busybox httpd -p 80 -h "$WORK/www"
in_ns vm2 busybox httpd -p 80 -h "$WORK/www"
fetch() {
	local start=$EPOCHREALTIME got took
	got=$(in_ns "$1" busybox wget -q -O - "http://$2/file" | sha256sum)
	took=$((${EPOCHREALTIME/./} - ${start/./}))
	[ "$got" = "$sum" ] || fail "$1: the data from $2 arrived damaged"
	echo "$1 from $2: 64 MB in $((took / 1000)) ms, checksum correct"
}
fetch vm1 10.0.0.3
fetch lan 10.0.0.2

title 'Your host and vm1, over the NIC that keeps its address'
if qswitchctl ports | grep -q '^enp3s0-host'; then
	reaches . 10.0.0.1 || fail 'your host cannot reach vm1'
	echo 'your host: 10.0.0.1 answers'
	reaches vm1 10.0.0.9 || fail 'vm1 cannot reach your host'
	echo 'vm1: 10.0.0.9 answers'
	busybox httpd -p 80 -h "$WORK/www"
	fetch vm1 10.0.0.9
else
	qswitchctl ports --json | jq -r '.ports[0].facts["host access"]'
fi

# --- what the switch reports -------------------------------------------------

title 'The ports: frames received and sent'
run qswitchctl ports
title 'The MAC table: which address is behind which port'
run qswitchctl fdb
title 'The counters: every frame is accounted for'
run qswitchctl counters
title 'What happened to the last frame from or to vm1, and why?'
in_ns lan ping -q -n -c 1 10.0.0.1 >/dev/null
run qswitchctl why --mac 02:00:00:00:00:01 --last 1
title 'What would happen to a frame from vm1 to an unknown address?'
run qswitchctl explain tap0 --src 02:00:00:00:00:01 --dst 02:00:00:00:00:99

if [ "${1:-}" = --keep ]; then
	title 'Your turn'
	echo "This shell is on \"your host\". Leave it with exit. Try:"
	echo "    qswitchctl ports | fdb | monitor | capture tap0 | --help"
	echo "    in_ns vm1 ping 10.0.0.3"
	export -f in_ns
	PS1='qswitch demo# ' inner_shell --norc -i
fi

# --- clean up ----------------------------------------------------------------

title 'What changed on your host'
kill "$pid" 2>/dev/null || :
wait "$pid" || fail "qswitchd exited with status $?"
# the promiscuous mode of enp3s0 ended with the process
if [ "$(host_network)" = "$before" ] && [ ! -e /sys/class/net/tap0 ]; then
	echo "Nothing: enp3s0, its address and the routes are as before, and" \
		"the TAPs are gone."
elif [ "${1:-}" = --keep ]; then
	echo "The network differs from before; you may have changed it in the shell:"
	diff <(echo "$before") <(host_network) || :
else
	diff <(echo "$before") <(host_network) || :
	fail 'the network of the host has changed'
fi
FINISHED=1
