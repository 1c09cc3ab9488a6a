#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The effect of a BPDU depends on the settings of the port: with bpdu=auto it ends
# edge, is not relayed, takes a guarded port down. Settings change at run time.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/stp.sh"
need jq

# A configuration BPDU of a bridge 1000.02:aa:aa:aa:aa:aa that claims to be the
# root (802.1D-1998 9.3.1), unpadded, as Linux sends it on a veth; and an RST
# BPDU of the same bridge (802.1D-2004 9.3.3).
ID=100002aaaaaaaaaa
HEAD=0180c200000002c0ffee0001
CONFIG=${HEAD}00264242030000000000${ID}00000000${ID}80010000140002000f00
RST=${HEAD}0027424203000002023c${ID}00000000${ID}80010000140002000f0000

start_switch --port tap:te,bpdu=auto --taps tf --port tap:tg,bpdu=guard
for i in e f g; do
	host h$i
	ip link set t$i netns h$i
	ip -n h$i link set t$i up
done
start_monitor
follow_events
is 'a TAP is an edge port and forwards at once' \
	"$(stp "$SW" '.ports[] | select(.name == "te") | "\(.edge) \(.state)"')" \
	'true forwarding'

seen=$(events)
craft <<-END
	open E he/te
	send E hex=$RST
END
rst() { verdict ignore_bpdu_rst; }
within 5 'an RST BPDU arrives' answers 1 rst
is 'an RST BPDU is counted and ignored' "$(verdict ignore_bpdu_rst)" 1
is 'but it ends edge' \
	"$(stp "$SW" '.ports[] | select(.name == "te") | .edge')" false

craft <<-END
	open E he/te
	send E hex=$CONFIG
END
within 5 'the switch accepts the better root' \
	answers 1000.02:aa:aa:aa:aa:aa stp "$SW" .root_id
is 'te is the root port' "$(stp "$SW" .root_port)" te
wait_event "$seen" '"new_root"'

# each kind of malformed BPDU has its own verdict
craft <<-END
	open E he/te
	send E hex=${HEAD}0003424203
	send E hex=${HEAD}000a42420300010000000000
	send E hex=${HEAD}000742420300000042
	send E hex=${HEAD}0020aaaa03000000000000
	send E hex=${HEAD}88cc000000
END
verdicts() { ctl counters | jq -r '.verdicts | [.drop_bpdu_short,
	.drop_bpdu_protocol, .drop_bpdu_type, .drop_bpdu_llc,
	.drop_reserved] | @text'; }
within 5 'malformed BPDUs have their own verdicts' \
	answers '[1,1,1,1,1]' verdicts

seen=$(events)
craft <<-END
	open G hg/tg
	send G hex=$CONFIG
END
wait_event "$seen" '"port_down".*"tg"|"tg".*"port_down"'
matches 'the guarded port is down and gives the reason' "$(port tg reason)" 'BPDU guard'
is 'the frame has its own verdict' "$(verdict drop_bpdu_guarded)" 1
check 'port up brings it up again' ctl port up tg
is 'it is up' "$(port tg up)" true

check 'the bridge gets the best priority' ctl set stp priority=0
is 'it becomes the root at once' "$(stp "$SW" '.root_id == .bridge_id')" true
check 'set the cost' ctl set port te cost=7
is 'cost is 7' "$(stp "$SW" '.ports[] | select(.name == "te") | .cost')" 7
check 'set the port priority' ctl set port te priority=16
is 'priority is 16' "$(stp "$SW" '.ports[] | select(.name == "te") | .port_id')" 1001
refused() { ! qswitchctl --name "$SW" "$@" 2>"$WORK/refused"; }
check 'inconsistent timers are rejected' refused set stp max-age=40
matches 'with a reason' "$(cat "$WORK/refused")" 'forward delay|max age'
check 'a value out of range is rejected' refused set port te cost=0
check 'switch the spanning tree off' ctl set stp enabled=off
is 'it is off' "$(stp "$SW" .enabled)" false
craft <<-END
	open E he/te
	open F hf/tf
	send E hex=$CONFIG
	send E dst=bcast src=1 type=88b5 len=60
	expect F
END
is 'BPDUs are now dropped, not relayed' "$(verdict drop_bpdu_stp_off)" 1
check 'switch it on again' ctl set stp enabled=on
tg_is() { [ "$(port tg up)" = "$1" ]; }
craft <<-END
	open G hg/tg
	send G hex=$CONFIG
END
within 5 'the guarded port is down again' tg_is false
check 'switch the spanning tree off' ctl set stp enabled=off
is 'without a spanning tree no port is guarded' "$(port tg up)" true
check 'switch it on again' ctl set stp enabled=on
is 'it is on' "$(stp "$SW" .enabled)" true
is 'with its previous settings' \
	"$(stp "$SW" '.ports[] | select(.name == "te") | .cost')" 7
finish
