#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What README says of installing is so: it names the packages that it takes to
# build, nothing but those is needed, what `cmake --install` puts where is what
# README, the manual pages and docs/ name, and a switch runs from there.
. "$(dirname "$0")/lib.sh"
need cmake pkg-config
BUILD=$QSWITCH_BIN/..
[ -f "$BUILD/CMakeCache.txt" ] || skip "$BUILD is not a build folder"

# shellcheck source=.ci/install.sh
. "$TOP/.ci/install.sh"
is 'README names the packages to build' \
	"$(sed -n 's/^    apt-get install //p' "$TOP/README.md")" \
	"${BUILD_PACKAGES[*]}"

for label in $(ctest --test-dir "$BUILD" --print-labels | sed -n 's/^  //p'); do
	[ "${PART_PACKAGES[$label]+known}" ] ||
		fail "test.sh does not know what the part $label needs"
done
part_packages unit >"$WORK/unit"
! grep -E 'qemu|chromium|openvswitch' "$WORK/unit" ||
	fail 'the part unit installs what other parts need'
check 'the part unit installs cmocka' grep -qx libcmocka-dev "$WORK/unit"
part_packages release >"$WORK/all"
check 'all parts install QEMU' grep -qx qemu-system-x86 "$WORK/all"

# a machine without cmocka
libs=$(pkg-config --variable pc_path pkg-config | tr : ' ')
mkdir "$WORK/pc"
for lib in $libs; do
	[ ! -d "$lib" ] || cp -n "$lib"/*.pc "$WORK/pc" 2>/dev/null || :
done
rm -f "$WORK/pc/cmocka.pc"
PKG_CONFIG_LIBDIR=$WORK/pc cmake -G Ninja -S "$TOP" -B "$WORK/bare" \
	>"$WORK/bare.log" 2>&1 || fail 'it cannot be configured without cmocka'
check 'without cmocka there are no tests' \
	grep -q '^BUILD_TESTING:BOOL=\(OFF\|0\|\)$' "$WORK/bare/CMakeCache.txt"
! PKG_CONFIG_LIBDIR=$WORK/pc cmake -G Ninja -S "$TOP" -B "$WORK/asked" \
	-DBUILD_TESTING=ON >"$WORK/asked.log" 2>&1 ||
	fail 'tests were asked for, and their absence is not told'

mount -t tmpfs tmpfs /usr/local
cmake --install "$BUILD" --prefix /usr/local >"$WORK/install.log"
matches 'cmake --install says where' "$(tail -n 1 "$WORK/install.log")" \
	'/usr/local: qswitchd in sbin'
named=$(cd "$TOP" && cat README.md docs/*.md packaging/man/*.8 |
	grep -oE '/usr/(local/)?(s?bin|lib|libexec|share)/[a-z0-9./-]*qswitch[a-z0-9/-]*' | sort -u)
for path in $named; do
	check "$path, named in the documents, is there" test -e "$path"
done
at_most 'they name the scripts and the helper' 3 "$(wc -w <<<"$named")"
for page in "$TOP"/packaging/man/*.8; do
	check "manual page ${page##*/}" \
		test -f "/usr/local/share/man/man8/${page##*/}"
done
check 'a rule for udev' test -f /usr/local/lib/udev/rules.d/60-qswitch.rules
check 'a file for systemd-networkd' \
	test -f /usr/local/lib/systemd/network/10-qswitch.network

PATH=/usr/local/sbin:/usr/local/bin:$PATH
lan_host h3 10.0.0.3 enp3s0
start_switch --uplink enp3s0 --taps tap0
tap_host h1 10.0.0.1 tap0
check 'h1 reaches h3' reaches h1 10.0.0.3
ip tuntap add tap1 mode tap
QSWITCH_NAME=$SW /usr/local/libexec/qswitch/qswitch-ifup tap1
is 'qswitch-ifup adds a port' "$(port tap1 kind)" vmtap
QSWITCH_NAME=$SW /usr/local/libexec/qswitch/qswitch-ifdown tap1
is 'qswitch-ifdown removes it' "$(port tap1 kind)" ''
PORTS_REMOVED=1
finish
