#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# An ordinary user runs the switch: in a private user namespace, where the
# system lets everyone open /dev/net/tun; and with only two capabilities.
. "$(dirname "$0")/lib.sh"
real_root || skip 'only root can change to another user'

own_tun 666 # as Debian and Ubuntu have it
# an ordinary user may not be able to read the checkout
mkdir -p "$WORK/bin" "$WORK/tests/netns"
cp "$QSWITCH_BIN"/{qswitchd,qswitchctl,craft} "$WORK/bin"
cp "$(dirname "$0")"/*.sh "$WORK/tests/netns"
chmod -R a+rX "$WORK"
nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups
	env -u XDG_RUNTIME_DIR -u QSWITCH_SANDBOX "QSWITCH_BIN=$WORK/bin" HOME=/)

cd /
"${nobody[@]}" unshare -Urn true 2>/dev/null ||
	skip 'ordinary users may not create user namespaces on this system'
for script in ping vlan killed; do
	check "$script.sh in a user namespace" \
		"${nobody[@]}" "$WORK/tests/netns/$script.sh"
done

# not root, but with the capabilities that a service manager grants
lan_host h3 10.0.0.3 enp3s0
mkdir "$WORK/runtime"
chown 65534:65534 "$WORK/runtime"
log=$WORK/caps.log
caps=+net_admin,+net_raw
setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=$caps \
	--ambient-caps=$caps --no-new-privs env XDG_RUNTIME_DIR="$WORK/runtime" \
	"$WORK/bin/qswitchd" --name caps --uplink enp3s0 --taps tap0 2>"$log" &
pid=$!
wait_line "$log" '^qswitchd: ready' || fail 'qswitchd did not become ready with two capabilities'
socket=$WORK/runtime/qswitch/caps.sock
is 'its control socket in XDG_RUNTIME_DIR has mode 660 and its owner' \
	"$(stat -c '%a %u' "$socket")" '660 65534'
tap_host h1 10.0.0.1 tap0
check 'h1 reaches h3' reaches h1 10.0.0.3
is 'the books balance' \
	"$(qswitchctl --control "$socket" --json counters | jq .unaccounted)" 0
kill "$pid"
check 'it stops cleanly' wait "$pid"
finish
