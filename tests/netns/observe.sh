#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# ports lists the IP addresses that hosts use in ARP; with --observe off it
# lists none.
. "$(dirname "$0")/lib.sh"

# addresses PORT
addresses() {
	ctl ports | jq -c --arg n "$1" \
		'.ports[] | select(.name == $n) | .addresses // []'
}

# both OPTION...
both() {
	start_switch --taps tap0,tap1 "$@"
	tap_host h1 10.0.0.1 tap0
	tap_host h2 10.0.0.2 tap1
	check "$*: they reach each other" reaches h1 10.0.0.2
}

both --observe on
is 'tap0 lists the address of h1' "$(addresses tap0)" '["10.0.0.1"]'
is 'tap1 lists the address of h2' "$(addresses tap1)" '["10.0.0.2"]'
stop_switch
ip netns del h1
ip netns del h2
both --observe off
is 'no address is listed' "$(addresses tap0)$(addresses tap1)" '[][]'
finish
