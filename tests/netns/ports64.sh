#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# 64 ports: a broadcast leaves through each other port once, and memory stays
# below 40 MiB.
. "$(dirname "$0")/lib.sh"

taps=tap0
for i in {1..63}; do taps+=,tap$i; done
start_switch --taps "$taps"
is 'all ports are up' "$(ctl ports | jq '[.ports[] | select(.up)] | length')" 64
host lab
{
	for i in {0..63}; do
		ip link set "tap$i" netns lab
		ip -n lab link set "tap$i" up
	done
}
for part in 0 1 2 3 4; do # craft opens 16 interfaces at most
	{
		echo 'open p0 lab/tap0'
		for i in {1..13}; do
			echo "open p$i lab/tap$((part * 13 + i > 63 ? 63 - i : part * 13 + i))"
		done
		for from in p0 p7; do
			echo "send $from dst=bcast src=${from#p}"
			for i in {0..13}; do
				[ "p$i" = $from ] || echo "expect p$i"
			done
		done
	} >"$WORK/script"
	frames <"$WORK/script" || fail "part $part"
done
echo 'ok - each broadcast left once through every other port'
is 'each broadcast was copied 63 times' \
	"$(ctl counters | jq '.copies_queued % 63')" 0
[ -n "${QSWITCH_SANITIZED:-}" ] || at_most 'KiB resident' "$(memory)" 40960
finish
