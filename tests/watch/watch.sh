#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# `qswitchctl watch` in a terminal of three sizes, in one without colour, with
# each of its keys. The switch holds its time, so that a screen stands still;
# what differs from run to run is replaced by # before it is compared with
# tests/watch/WxH.txt. UPDATE=1 writes those files again: read what changed.

HERE=$(dirname "$(readlink -f "$0")")
. "$HERE/../netns/lib.sh"
need tmux jq
qswitchctl --help | grep -q '^  watch$' || skip 'built without ncurses'
export TMUX_TMPDIR=$WORK
unset TMUX

N=0 # a tmux of its own each time: one that ends is not waited for
tm() {
	tmux -L "watch$N" -f /dev/null "$@"
}

# watch_in WIDTH HEIGHT TERM: a terminal with watch in it
watch_in() {
	N=$((N + 1))
	: >"$WORK/status"
	tm new-session -d -x "$1" -y "$2" -s w \
		"TERM=$3 qswitchctl --name sw watch 2>$WORK/watch.log; \
		echo \$? >$WORK/status; sleep 60"
	tm set-option -g window-size manual
}

# Uptime, ages, seconds that are left, rates
screen() {
	tm capture-pane -p -t w | sed -E '
		s/up +[0-9]+ s/up # s/
		s/(listening|learning) +[0-9]+ s +/waits # s        /
		s/( 1 [a-z0-9]+ +)[0-9]+( #)/\1#\2/
		s/ +$//'
}

# within MESSAGE COMMAND...: becomes true
within() {
	local message=$1 end=$((SECONDS + 15))
	shift
	until "$@"; do
		if [ $SECONDS -ge $end ]; then
			screen
			cat "$WORK/diff" 2>/dev/null
			fail "$message"
		fi
		sleep 0.1 # tmux tells nobody that a screen has changed
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

# looks WxH: the screen is that of the file
looks() {
	if [ "${UPDATE:-}" ]; then
		sleep 3 # a person looks at it afterwards
		screen >"$HERE/$1.txt"
	fi
	within "the screen is that of $1.txt" same "$1"
}

key() {
	tm send-keys -t w "$@"
}

# one_frame SRC DST: from h1
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
within 'a port that will change tells when' shows '^n4 .*waits # s'
start_monitor
one_frame 01 ff
one_frame 03 01
one_frame 04 03
wait_event 0 '02:00:00:00:00:04'
within 'addresses are shown' shows '02:00:00:00:00:04 +1 t1'
within 'decisions are sentences' shows '^Frame 1, t1 -> t2, n3: flooded: '

key p
within 'p holds time' shows 'TIME IS HELD, 0 waiting'
one_frame 01 03
one_frame 03 04
within 'frames wait' shows 'TIME IS HELD, 2 waiting'
within 'rates come to rest' shows '^t1 .* 0 +0 +0 +0 +3'
looks 80x24
tm resize-window -t w -x 140 -y 40
looks 140x40
tm resize-window -t w -x 60 -y 15
looks 60x15
tm resize-window -t w -x 20 -y 5
within 'too small a window says so' shows 'terminal too small'
tm resize-window -t w -x 80 -y 24

key s
within 's carries out one' shows 'TIME IS HELD, 1 waiting'
within 'and shows what became of it' shows '^Frame 4, t1: '
key w
within 'w shows all sentences' shows 'classified to VLAN 1'
key w
key f
key -l t2
key Enter
within 'f filters by port' hides '^t1 .*designated'
within 'f says so' shows 'filter: t2'
key f
key -l 02:00:00:00:00:04
key Enter
within 'f filters by address' hides '^02:00:00:00:00:03'
key f Enter
within 'no filter shows all' shows '^02:00:00:00:00:03'
key c
within 'c clears' hides '^Frame 4'
key h
within 'h helps' shows 'carry out the next frame'
key h
key p
within 'p lets time go on' shows '\| live'
within 'what waited was carried out' shows '^Frame 5, t1'
key q
wait_line "$WORK/status" '^0$'
check 'q ends it with success' grep -qx 0 "$WORK/status"
tm kill-server

watch_in 80 24 vt100
within 'without colour it shows the same' shows '^t1 +designated forwarding'
tm send-keys -t w C-c
wait_line "$WORK/status" '^0$'
check 'interrupted, it ends with success' grep -qx 0 "$WORK/status"
tm kill-server

watch_in 80 24 screen
within 'watch is there' shows '^t1 +designated forwarding'
check_books
stop_switch
check 'it says when the switch has gone' \
	wait_line "$WORK/watch.log" 'closed the connection'
tm kill-server
finish
