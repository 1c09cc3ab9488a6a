#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The lessons do not need root: an ordinary user plays them in a user namespace.
. "$(dirname "$0")/../netns/lib.sh"
real_root || skip 'only root can switch to another user'

own_tun 666 # as Debian and Ubuntu have it
# the user "nobody" may not read the checkout, and the sandbox has its own /run
mount -t tmpfs -o mode=755 tmpfs /mnt
COPY=/mnt
mkdir -p "$COPY/tests/netns" "$COPY/bin"
cp "$QSWITCH_BIN"/{qswitchd,qswitchctl,craft,hub,guest,ear} "$COPY/bin"
cp "$TOP/tests/netns/lib.sh" "$COPY/tests/netns"
cp -r "$TOP"/{lab,forwarding,stp,ports,switch} "$COPY"
chmod -R a+rX "$COPY"
nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups
	env -u QSWITCH_SANDBOX XDG_RUNTIME_DIR=/run/user/65534
	"QSWITCH_BIN=$COPY/bin" HOME=/)

cd /
"${nobody[@]}" unshare -Urn true 2>/dev/null ||
	skip 'ordinary users may not create user namespaces on this system'
for lesson in 1 2 8 9 11; do
	check "lesson $lesson in a user namespace" \
		"${nobody[@]}" "$COPY/lab/lesson" $lesson --auto
done
finish
