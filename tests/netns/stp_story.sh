#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Plays docs/how-spanning-tree-works.md: executes its <!-- do: ... --> lines and
# the commands of its console blocks. Their output must be that of the page,
# except for times and counters. UPDATE=1 writes the new output to the page.

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

# One marked broadcast, for `why` to explain.
craft_broadcast() {
	craft <<-END
		open H $1/$2
		open OTHER h3/t3
		send H dst=bcast src=1 type=88b5 len=60
		expect OTHER
	END
}

# steady: replace what differs between runs: times, counters at the end of a
# row, frame numbers, and the width of columns, which depends on them
steady() {
	sed -E 's/[0-9]+(\.[0-9]+)? (s|ms)\b/N s/g
		s/(Frame|frame|changes) [0-9]+/\1 N/g
		s/( +[0-9]+){3}$/ N N N/
		s/ +/ /g; s/ $//'
}

# Run the commands of a block and print the block with their output.
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
		fail 'the page differs from the output; UPDATE=1 rewrites the page'
fi
finish
