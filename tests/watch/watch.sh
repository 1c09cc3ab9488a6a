#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# `qswitchctl watch` in terminals of three sizes and in one without color, with
# each of its keys. The switch holds its time, so the screen does not change;
# values that differ between runs become # before the comparison with
# tests/watch/WxH.txt. UPDATE=1 rewrites those files: review the changes.

HERE=$(dirname "$(readlink -f "$0")")
. "$HERE/../netns/lib.sh"
need tmux jq
qswitchctl --help | grep -q '^  watch$' || skip 'built without ncurses'
export TMUX_TMPDIR=$WORK
unset TMUX

N=0 # a new tmux server each time, so that none has to end first
tm() {
	tmux -L "watch$N" -f /dev/null "$@"
}

# watch_in WIDTH HEIGHT TERM: run watch in a new terminal
watch_in() {
	N=$((N + 1))
	: >"$WORK/status"
	tm new-session -d -x "$1" -y "$2" -s w \
		"TERM=$3 qswitchctl --name sw watch 2>$WORK/watch.log; \
		echo \$? >$WORK/status; sleep 60"
	tm set-option -g window-size manual
}

# screen: its text, with # for uptime, ages, remaining seconds and rates
screen() {
	tm capture-pane -p -t w | sed -E '
		s/up +[0-9]+ s/up # s/
		s/(listening|learning) +[0-9]+ s +/waits # s        /
		s/( 1 [a-z0-9]+ +)[0-9]+( #)/\1#\2/
		s/ +$//'
}

# within MESSAGE COMMAND...: it becomes true
within() {
	local message=$1 end=$((SECONDS + 15))
	shift
	until "$@"; do
		if [ $SECONDS -ge $end ]; then
			screen
			cat "$WORK/diff" 2>/dev/null
			fail "$message"
		fi
		sleep 0.1 # tmux does not report changes of the screen
	done
	echo "ok - $message"
}

shows() {
	screen | grep -Eq -- "$1"
}

hides() {
	! shows "$1"
}

same() {
	screen | diff - "$HERE/$1.txt" >"$WORK/diff"
}

# looks WxH: the screen equals WxH.txt
looks() {
	if [ "${UPDATE:-}" ]; then
		sleep 3 # the screen settles; review it afterwards
		screen >"$HERE/$1.txt"
	fi
	within "the screen equals $1.txt" same "$1"
}

key() {
	tm send-keys -t w "$@"
}

# one_frame SRC DST: h1 sends one frame
one_frame() {
	in_ns h1 craft <<-SCRIPT
		open e t1
		send e dst=02:00:00:00:00:$2 src=02:00:00:00:00:$1 type=88b5 len=100
	SCRIPT
}

lan_host h3 10.0.0.3 n3
lan_host h4 10.0.0.4 n4
start_switch --lab --stp-address 02:00:00:00:aa:01 --taps t1,t2 \
	--port nic:n3 --port nic:n4
tap_host h1 10.0.0.1 t1
tap_host h2 10.0.0.2 t2
watch_in 80 24 screen
within 'ports are shown with roles' shows '^t1 +designated forwarding'
within 'a port that will change shows when' shows '^n4 .*waits # s'
start_monitor
one_frame 01 ff
one_frame 03 01
one_frame 04 03
wait_event 0 '02:00:00:00:00:04'
within 'addresses are shown' shows '02:00:00:00:00:04 +1 t1'
within 'decisions are shown as sentences' shows '^Frame 1, t1 -> t2, n3: flooded: '

key p
within 'p holds time' shows 'TIME IS HELD, 0 waiting'
one_frame 01 03
one_frame 03 04
within 'frames wait' shows 'TIME IS HELD, 2 waiting'
within 'rates fall to 0' shows '^t1 .* 0 +0 +0 +0 +3'
looks 80x24
tm resize-window -t w -x 140 -y 40
looks 140x40
tm resize-window -t w -x 60 -y 15
looks 60x15
tm resize-window -t w -x 20 -y 5
within 'too small a window says so' shows 'terminal too small'
tm resize-window -t w -x 80 -y 24

key s
within 's processes one frame' shows 'TIME IS HELD, 1 waiting'
within 'and shows what became of it' shows '^Frame 4, t1: '
key w
within 'w shows all sentences' shows 'classified to VLAN 1'
key w
key f
key -l t2
key Enter
within 'f filters by port' hides '^t1 .*designated'
within 'the filter is shown' shows 'filter: t2'
key f
key -l 02:00:00:00:00:04
key Enter
within 'f filters by address' hides '^02:00:00:00:00:03'
key f Enter
within 'an empty filter shows all' shows '^02:00:00:00:00:03'
key c
within 'c clears' hides '^Frame 4'
# in_order PATTERN: the screen matches it, across lines
in_order() {
	[[ $(screen) =~ $1 ]]
}
key o
within 'o orders the ports' shows 'ports by name'
within 'by name' in_order 'n3 .*n4 .*t1 .*t2 '
key o
within 'then by what comes in' shows 'ports by what comes in'
key o
key o
within 'and by number again' in_order 't1 .*t2 .*n3 .*n4 '
tm resize-window -t w -x 60 -y 12
within 'where there is no room, more are told of' shows 'and [12] more'
within 'the last port is hidden' hides '^n4'
key NPage
within 'Page Down shows the last port' shows '^n4'
within 'and hides the first' hides '^t1 .*designated'
key Up Up Up Up Up
within 'the arrows go back' shows '^t1 .*designated'
tm resize-window -t w -x 80 -y 24

# the signal of a resize may come while the switch is asked
watch=$(pgrep -f 'qswitchctl --name sw watch' | while read -r pid; do
	[ "$(cat "/proc/$pid/comm")" = qswitchctl ] && echo "$pid"
done)
for _ in {1..40}; do
	key c c c c # each asks the switch
	for _ in {1..2000}; do
		kill -WINCH "$watch" 2>/dev/null || break
	done
done
key h
within 'h shows the help' shows 'carry out the next frame'
key h
key p
within 'p resumes time' shows '\| live'
within 'the waiting frame was processed' shows '^Frame 5, t1'
key q
wait_line "$WORK/status" '^0$'
check 'q ends it with status 0' grep -qx 0 "$WORK/status"
tm kill-server

watch_in 80 24 vt100
within 'without color it shows the same' shows '^t1 +designated forwarding'
tm send-keys -t w C-c
wait_line "$WORK/status" '^0$'
check 'Ctrl-C ends it with status 0' grep -qx 0 "$WORK/status"
tm kill-server

watch_in 80 24 screen
within 'watch runs' shows '^t1 +designated forwarding'
check_books
stop_switch
check 'it reports that the switch has ended' \
	wait_line "$WORK/watch.log" 'closed the connection'
tm kill-server
finish
