# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# install.sh - what demo.sh and test.sh need of a Debian or Ubuntu, and how they
# get it: nothing is installed that is there already, and they say what they do.

# to build
BUILD_PACKAGES=(gcc libc6-dev cmake ninja-build pkg-config libev-dev
	libpcap-dev libbsd-dev libmnl-dev libjson-c-dev
	libncurses-dev libmicrohttpd-dev)
# to make hosts in namespaces and let them talk
LAB_PACKAGES=(iproute2 iputils-ping procps util-linux busybox-static jq)
# to test all of it
TEST_PACKAGES=(libcmocka-dev clang libclang-rt-dev clang-format clang-tidy
	shellcheck mandoc ethtool curl dnsmasq-base socat tcpdump strace
	# to test and measure it with others: guests, and other switches
	iperf3 gnuplot-nox valgrind python3
	qemu-system-x86 qemu-system-arm u-boot-qemu vde2 vdeplug systemd
	openvswitch-switch tmux chromium)

# missing PACKAGE...: those that are not installed, but could be
missing() {
	local p
	for p; do
		dpkg-query -W -f '${db:Status-Abbrev}' "$p" 2>/dev/null |
			grep -q '^.i' || echo "$p"
	done
}

# install_missing PACKAGE...
install_missing() {
	local wanted todo=() p
	command -v dpkg-query >/dev/null || {
		echo "This is no Debian or Ubuntu: install by hand what these hold: $*"
		return
	}
	mapfile -t wanted < <(missing "$@")
	[ ${#wanted[@]} != 0 ] || return 0
	if [ "$(id -u)" != 0 ]; then
		echo "Packages are missing, and only root can install them:"
		echo "    sudo apt-get install --no-install-recommends ${wanted[*]}"
		return 1
	fi
	apt-get update -q
	for p in "${wanted[@]}"; do
		# older releases have parts of clang in other packages
		if apt-cache show "$p" >/dev/null 2>&1; then
			todo+=("$p")
		else
			echo "No package $p in this release; going on without."
		fi
	done
	echo "Installing with apt-get: ${todo[*]}"
	without_services env DEBIAN_FRONTEND=noninteractive apt-get install \
		-y -q --no-install-recommends "${todo[@]}" </dev/null
}

# without_services COMMAND...: no daemon is started for being installed
without_services() {
	local policy=/usr/sbin/policy-rc.d status=0
	if [ -e $policy ]; then
		"$@"
		return
	fi
	printf '#!/bin/sh\nexit 101\n' >$policy
	chmod +x $policy
	"$@" || status=$?
	rm -f $policy
	return $status
}
