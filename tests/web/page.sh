#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# qswitch-web in headless Chromium: a ring of three switches with one host each,
# in an isolated network. page.py checks the page and keeps its screenshots in
# build/web-screenshots/. `page.sh load` instead measures how much CPU the page
# and the switches need at 1000 frames per second.

. "$(dirname "$0")/../netns/lib.sh"
. "$(dirname "$0")/../netns/stp.sh"
need jq python3
command -v qswitch-web >/dev/null || skip 'built without libmicrohttpd'
command -v chromium >/dev/null || command -v chromium-browser >/dev/null ||
	skip 'chromium is not installed'
PICTURES=${QSWITCH_PICTURES:-$(dirname "$QSWITCH_BIN")/web-screenshots}
mkdir -p "$PICTURES"
export HOME=$WORK XDG_RUNTIME_DIR=$WORK XDG_CONFIG_HOME=$WORK/config

cable s1a s2a
cable s1b s3a
cable s2b s3b
fast_switch s1 --lab --stp-priority 4096 --port nic:s1a --port nic:s1b --taps h1
fast_switch s2 --lab --stp-priority 8192 --port nic:s2a --port nic:s2b --taps h2
fast_switch s3 --lab --stp-priority 12288 --port nic:s3a --port nic:s3b --taps h3
for n in 1 2 3; do tap_host host$n 10.0.0.$n h$n; done

: >"$WORK/web.log"
qswitch-web --listen 127.0.0.1:0 --name s1 --name s2 --name s3 \
	--allow-control 2>"$WORK/web.log" &
WEB=$!
wait_line "$WORK/web.log" 'http://'
URL=$(sed -n 's/^qswitch-web: \(http.*\)/\1/p' "$WORK/web.log")

interval=0.7
[ "${1:-}" != load ] || interval=0.002 # 500 requests/s and as many answers
in_ns host2 ping -q -i $interval 10.0.0.3 >/dev/null &
PINGS=$!
in_ns host1 busybox arping -q -I h1 10.0.0.9 >/dev/null 2>&1 &

QSWITCH_PID=${SW_PID[s2]} \
	python3 "$(dirname "$0")/page.py" "$URL" "$PICTURES" "$@"

# a picture of qswitchctl watch, for the README
watch_picture() {
	local screen=''
	export TMUX_TMPDIR=$WORK
	tmux -L picture -f /dev/null new-session -d -x 80 -y 24 \
		"TERM=screen qswitchctl --name s2 watch"
	until [[ $screen =~ forwarding.*Frame ]]; do
		screen=$(tmux -L picture capture-pane -p -e)
		sleep 0.3 # tmux does not report changes of the screen
	done
	sleep 1.2 # two rounds, to get rates
	tmux -L picture capture-pane -p -e -N |
		python3 "$(dirname "$0")/terminal.py" "$PICTURES/watch.png"
	tmux -L picture kill-server
}
if [ "${1:-}" != load ] && command -v tmux >/dev/null &&
	qswitchctl --help | grep -q '^  watch$'; then
	watch_picture
	check 'the picture of watch exists' test -s "$PICTURES/watch.png"
fi
kill $PINGS
kill -TERM $WEB
check 'qswitch-web exits on SIGTERM' wait $WEB
[ "${1:-}" = load ] || check 'the screenshots exist' test -s "$PICTURES/page.png"
FINISHED=1
echo passed
