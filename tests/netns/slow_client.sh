#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Control clients that never read, that send without end, or that stop in the
# middle of a line delay no frame, and memory stays bounded.
. "$(dirname "$0")/lib.sh"
need socat

lan_host h3 10.0.0.3 enp3s0
start_switch --uplink enp3s0 --taps tap0
tap_host h1 10.0.0.1 tap0
check 'h1 reaches h3' reaches h1 10.0.0.3
socket=/run/qswitch/sw.sock
before=$(memory)

clients=()
# requests without end, answers never read (-u: one way only)
for _ in 1 2 3; do
	yes '{"cmd":"ports"}' | socat -u - "UNIX-CONNECT:$socket" 2>/dev/null &
	clients+=($!)
done
# a capture of all frames that is never read
{ echo '{"cmd":"capture","port":"all"}'; cat "$WORK/never" 2>/dev/null ||
	tail -f /dev/null; } | socat -u - "UNIX-CONNECT:$socket" &
clients+=($!)
# half a line
{ printf '{"cmd":'; tail -f /dev/null; } | socat -u - "UNIX-CONNECT:$socket" &
clients+=($!)
# a line without end
tr '\0' x </dev/zero | socat -u - "UNIX-CONNECT:$socket" 2>/dev/null &
clients+=($!)

# strict: every frame, in order, each within 5 s
check '20 000 frames pass meanwhile' frames <<-EOF2
	open a h1/tap0
	open c h3/eth0
	stream a c n=10000 dst=bcast src=1 len=1514
	stream c a n=10000 dst=1 src=3 len=1514
EOF2
check 'a ping is answered' reaches h1 10.0.0.3
is 'a client that reads gets its answer' "$(port tap0 up)" true
kill "${clients[@]}" 2>/dev/null || :
[ -n "${QSWITCH_SANITIZED:-}" ] ||
	at_most "KiB resident (before: $before)" "$(memory)" 65536
finish
