#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A host whose systemd-networkd asks for DHCP on every Ethernet interface takes
# no address and no default route from a guest, by the files in packaging/ alone:
# the switch runs without CAP_BPF, so it cannot shut the host's stack out.
. "$(dirname "$0")/lib.sh"
need dnsmasq setpriv
UDEVD=${UDEVD:-/usr/lib/systemd/systemd-udevd} NETWORKD=/usr/lib/systemd/systemd-networkd
for program in "$UDEVD" $NETWORKD; do
	[ -x "$program" ] || skip "$program is not installed"
done
real_root || skip 'only root can run systemd-networkd'
[ -w /sys/class/net ] || skip '/sys is read-only'

# Only our rule and our network file, beside the host's own.
mkdir -p "$WORK/"{udev,network,none} /run/systemd/network /run/udev
[ "${FILES:-yes}" = no ] || cp "$TOP/packaging/60-qswitch.rules" "$WORK/udev"
[ "${FILES:-yes}" = no ] || cp "$TOP/packaging/10-qswitch.network" "$WORK/network"
cat >"$WORK/network/50-host.network" <<END
[Match]
Type=ether
[Network]
DHCP=yes
END
for dir in /etc/udev/rules.d /usr/local/lib/udev/rules.d; do
	[ ! -d $dir ] || mount --bind "$WORK/none" $dir
done
mount --bind "$WORK/udev" /usr/lib/udev/rules.d
for dir in /etc/systemd/network /usr/local/lib/systemd/network; do
	[ ! -d $dir ] || mount --bind "$WORK/none" $dir
done
mount --bind "$WORK/network" /usr/lib/systemd/network
"$UDEVD" --debug 2>"$WORK/udevd.log" &
wait_line "$WORK/udevd.log" 'Created link configuration context|Reading rules' ||
	fail 'systemd-udevd did not start'
SYSTEMD_LOG_LEVEL=debug $NETWORKD 2>"$WORK/networkd.log" &
wait_line "$WORK/networkd.log" 'Enumeration completed' ||
	fail 'systemd-networkd did not start'

# shellcheck disable=SC2054 # lists of setpriv's
SWITCH_BY=(setpriv --bounding-set=-bpf,-sys_admin --inh-caps=-bpf,-sys_admin)
start_switch --stp off --vm-taps tap0
SWITCH_BY=()
# another TAP, which is the host's affair
ip tuntap add own0 mode tap
SW=vm
start_switch --stp off --taps tap0,own0,g0
SW=sw
tap_host guest 10.0.0.5 g0
in_ns guest dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 \
	--no-ping --user=root --log-facility=- --interface=g0 --bind-interfaces \
	--dhcp-range=10.0.0.100,10.0.0.200,255.255.255.0 --dhcp-option=3,10.0.0.5 \
	--dhcp-leasefile="$WORK/leases" 2>"$WORK/dnsmasq.log" &

# own0 shows that the host's networkd works and that the guest answers
check 'networkd configures another TAP' \
	wait_line "$WORK/networkd.log" 'own0: .*DHCPv4 address 10\.0\.0\.' 1 30
# own0 came after tap0: what networkd does with tap0 is done
is 'but not that of a guest' "$(grep -cE \
	'tap0: (Configuring with|Requested|DHCPv4 client)' \
	"$WORK/networkd.log" || :)" 0
is 'which has no address' "$(ip -o addr show dev tap0)" ''
is 'and no route' "$(ip route show dev tap0)" ''
PORTS_REMOVED=1
finish
