#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# An ordinary user runs it all: in a user namespace of his own, where the
# system lets him open /dev/net/tun, and with just the two capabilities.
. "$(dirname "$0")/lib.sh"
real_root || skip 'only root can become somebody else'

own_tun 666 # as Debian and Ubuntu have it
# where the checkout lies nobody may look
mkdir -p "$WORK/bin" "$WORK/tests/netns"
cp "$QSWITCH_BIN"/{qswitchd,qswitchctl,craft} "$WORK/bin"
cp "$(dirname "$0")"/*.sh "$WORK/tests/netns"
chmod -R a+rX "$WORK"
nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups
	env -u XDG_RUNTIME_DIR -u QSWITCH_SANDBOX "QSWITCH_BIN=$WORK/bin" HOME=/)

cd /
"${nobody[@]}" unshare -Urn true 2>/dev/null ||
	skip 'this system gives ordinary users no user namespaces'
for script in ping vlan killed; do
	check "$script.sh in a user namespace" \
		"${nobody[@]}" "$WORK/tests/netns/$script.sh"
done

# not root, but with the capabilities that the service manager would give
lan_host h3 10.0.0.3 enp3s0
mkdir "$WORK/runtime"
chown 65534:65534 "$WORK/runtime"
log=$WORK/caps.log
caps=+net_admin,+net_raw
setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=$caps \
	--ambient-caps=$caps --no-new-privs env XDG_RUNTIME_DIR="$WORK/runtime" \
	"$WORK/bin/qswitchd" --name caps --uplink enp3s0 --taps tap0 2>"$log" &
pid=$!
wait_line "$log" '^qswitchd: ready' || fail 'not ready with two capabilities'
socket=$WORK/runtime/qswitch/caps.sock
is 'its control socket is in XDG_RUNTIME_DIR, for owner and group' \
	"$(stat -c '%a %u' "$socket")" '660 65534'
tap_host h1 10.0.0.1 tap0
check 'h1 reaches h3' reaches h1 10.0.0.3
is 'the books balance' \
	"$(qswitchctl --control "$socket" --json counters | jq .unaccounted)" 0
kill "$pid"
check 'it stops cleanly' wait "$pid"
finish
