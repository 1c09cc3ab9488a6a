#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Plays docs/how-spanning-tree-works.md: carries out its <!-- do: ... --> lines
# and runs the commands of its console blocks, whose output must be what stands
# there but for times and counters. UPDATE=1 writes what they print instead.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/stp.sh"
need jq

PAGE=$TOP/docs/how-spanning-tree-works.md

three_switches() {
	local n
	cable s1a s2a
	cable s1b s3a
	cable s2b s3b
	for n in 1 2 3; do
		set -- "" "s1a s1b" "s2a s2b" "s3a s3b"
		shift $n
		# shellcheck disable=SC2046,SC2086
		fast_switch s$n --stp-priority $((n * 4096)) \
			--stp-address 02:00:00:00:00:0$n \
			$(printf -- '--port nic:%s,cost=10 ' $1) --taps t$n
		tap_host h$n 10.0.0.$n t$n
	done
	follow_events
}

settled() {
	port_is s2 s2a root forwarding && port_is s2 s2b designated forwarding &&
		port_is s3 s3a root forwarding &&
		port_is s3 s3b alternate blocking && port_is s1 s1a designated forwarding &&
		port_is s1 s1b designated forwarding
}

# One marked broadcast, so that there is something to ask `why` about.
craft_broadcast() {
	craft <<-END
		open H $1/$2
		open OTHER h3/t3
		send H dst=bcast src=1 type=88b5 len=60
		expect OTHER
	END
}

# What may differ from run to run: times, counters at the end of a row, numbers
# of frames; and what depends on them, the width of columns.
steady() {
	sed -E 's/[0-9]+(\.[0-9]+)? (s|ms)\b/N s/g
		s/(Frame|frame|changes) [0-9]+/\1 N/g
		s/( +[0-9]+){3}$/ N N N/
		s/ +/ /g; s/ $//'
}

# Runs the commands of a block as they stand; prints it anew.
play_block() {
	local line
	while IFS= read -r line; do
		[[ $line == '$ '* ]] || continue
		printf '%s\n' "$line"
		bash -c "${line#'$ '}" 2>&1 </dev/null
	done
}

play() {
	local line block
	while IFS= read -r line; do
		printf '%s\n' "$line" >&4
		case $line in
		'<!-- do: '*)
			line=${line#'<!-- do: '}
			eval "${line%' -->'}" </dev/null
			;;
		'```console')
			block=
			while IFS= read -r line && [ "$line" != '```' ]; do
				block+=$line$'\n'
			done
			play_block <<<"$block" >&4
			printf '```\n' >&4
			;;
		esac
	done
}

play <"$PAGE" 4>"$WORK/page"
if [ "${UPDATE:-}" ]; then
	cp "$WORK/page" "$PAGE"
else
	diff <(steady <"$PAGE") <(steady <"$WORK/page") ||
		fail 'the page is not what the commands print; UPDATE=1 writes it anew'
fi
finish
