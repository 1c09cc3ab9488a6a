#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Inherited sockets (--port fd:N) on both sides: QEMU's addr.type=fd.
if [ ! "${PAIRED:-}" ]; then
	export PAIRED=stream
	PATH=${QSWITCH_BIN:-$(dirname "$0")/../../build/bin}:$PATH \
		exec socketpair stream "$0"
fi
. "$(dirname "$0")/guest.sh"

lan
start_switch --uplink enp3s0 --port fd:8,kind=stream,name=inherited
guest one -device $NIC \
	-netdev stream,id=n,server=off,addr.type=fd,addr.str=9
works one '(stream through a file descriptor)'
exec 8>&- 9>&-
kill_guest one
finish
