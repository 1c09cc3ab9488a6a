#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# qswitch-web in headless Chromium: a ring of three switches with a host each,
# in a network without a way out. page.py looks at the page; its screenshots
# are kept in build/web-screenshots/. `page.sh load` measures instead what the
# page and the switches need at 1000 frames a second.

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
URL=$(sed -n 's/^qswitch-web: //p' "$WORK/web.log")

interval=0.7
[ "${1:-}" != load ] || interval=0.002 # and as many answers
in_ns host2 ping -q -i $interval 10.0.0.3 >/dev/null &
PINGS=$!
in_ns host1 busybox arping -q -I h1 10.0.0.9 >/dev/null 2>&1 &

QSWITCH_PID=${SW_PID[s2]} \
	python3 "$(dirname "$0")/page.py" "$URL" "$PICTURES" "$@"

# qswitchctl watch as a picture, for README
watch_picture() {
	local screen=''
	export TMUX_TMPDIR=$WORK
	tmux -L picture -f /dev/null new-session -d -x 80 -y 24 \
		"TERM=screen qswitchctl --name s2 watch"
	until [[ $screen =~ forwarding.*Frame ]]; do
		screen=$(tmux -L picture capture-pane -p -e)
		sleep 0.3 # tmux tells nobody that a screen has changed
	done
	sleep 1.2 # two rounds, from which there are rates
	tmux -L picture capture-pane -p -e -N |
		python3 "$(dirname "$0")/terminal.py" "$PICTURES/watch.png"
	tmux -L picture kill-server
}
if [ "${1:-}" != load ] && command -v tmux >/dev/null &&
	qswitchctl --help | grep -q '^  watch$'; then
	watch_picture
	check 'there is a picture of watch' test -s "$PICTURES/watch.png"
fi
kill $PINGS
kill -TERM $WEB
check 'qswitch-web ends when told to' wait $WEB
[ "${1:-}" = load ] || check 'the screenshots are there' test -s "$PICTURES/page.png"
FINISHED=1
echo passed
