# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# install.sh - the Debian and Ubuntu packages that demo.sh and test.sh need, and
# functions that install the missing ones and report it.

# to build
BUILD_PACKAGES=(gcc libc6-dev cmake ninja-build pkg-config libev-dev
	libpcap-dev libbsd-dev libmnl-dev libjson-c-dev
	libncurses-dev libmicrohttpd-dev
	# for NAT: libslirp and what its pkg-config file asks for
	libslirp-dev libglib2.0-dev libseccomp-dev)
# to create hosts in namespaces
LAB_PACKAGES=(iproute2 iputils-ping procps util-linux busybox-static jq)
# to test, by part of test.sh; each begins with what tests are built with
declare -A PART_PACKAGES=(
	[unit]='iproute2 ethtool'
	[props]='' [replay]='' [stp]=''
	[house]='python3 binutils'
	# hosts in namespaces, and other switches
	[netns]="${LAB_PACKAGES[*]} ethtool curl dnsmasq-base nftables socat tcpdump
		strace systemd udev iperf3 vde2 vdeplug openvswitch-switch"
	[lab]="${LAB_PACKAGES[*]} strace python3 tcpdump"
	[bench]="${LAB_PACKAGES[*]} ethtool iperf3 gnuplot-nox valgrind python3
		vde2 vdeplug openvswitch-switch"
	[qemu]="${LAB_PACKAGES[*]} qemu-system-x86 qemu-system-arm u-boot-qemu
		dnsmasq-base socat vde2 vdeplug systemd"
	[watch]="${LAB_PACKAGES[*]} tmux"
	[web]="${LAB_PACKAGES[*]} curl socat chromium"
	[debug]="${LAB_PACKAGES[*]} ethtool"
	[fuzz]='clang libclang-rt-dev'
	# versions: see test.sh
	[lint]='shellcheck clang-format-14 clang-tidy-14 mandoc'
)

# part_packages PART...: what these parts of test.sh need; without a part that is
# known here, what all of them need
part_packages() {
	local part words="${BUILD_PACKAGES[*]} libcmocka-dev"
	for part; do
		if [ "${PART_PACKAGES[$part]+known}" ]; then
			words+=" ${PART_PACKAGES[$part]}"
		else
			words+=" ${PART_PACKAGES[*]}"
		fi
	done
	tr -s '[:space:]' '\n' <<<"$words" | sort -u
}

# missing PACKAGE...: print those that are not installed
missing() {
	local p
	for p; do
		dpkg-query -W -f '${db:Status-Abbrev}' "$p" 2>/dev/null |
			grep -q '^.i' || echo "$p"
	done
}

# install_missing PACKAGE...: install those that are not installed
install_missing() {
	local wanted todo=() p
	command -v dpkg-query >/dev/null || {
		echo "This system has no dpkg: install the equivalent of these" \
			"Debian packages yourself: $*"
		return
	}
	mapfile -t wanted < <(missing "$@")
	[ ${#wanted[@]} != 0 ] || return 0
	if [ "$(id -u)" != 0 ]; then
		echo "Packages are missing. Install them first:"
		echo "    sudo apt-get install --no-install-recommends ${wanted[*]}"
		return 1
	fi
	apt-get update -q
	for p in "${wanted[@]}"; do
		# older releases ship parts of clang in other packages
		if apt-cache show "$p" >/dev/null 2>&1; then
			todo+=("$p")
		else
			echo "This release has no package $p: continuing without it."
		fi
	done
	echo "Installing with apt-get: ${todo[*]}"
	# "Need to get 334 MB of archives. After this operation, ..."
	apt-get install --assume-no --no-install-recommends "${todo[@]}" \
		2>/dev/null </dev/null | grep -E '^(Need to get|After this)' || :
	without_services env DEBIAN_FRONTEND=noninteractive apt-get install \
		-y -q --no-install-recommends "${todo[@]}" </dev/null
}

# without_services COMMAND...: prevent packages from starting their daemons
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
