#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# qswitch-web and hostile clients: wrong hosts, huge headers, bad paths, control
# without permission, and a client that stops reading.

. "$(dirname "$0")/../netns/lib.sh"
need jq curl python3 socat
command -v qswitch-web >/dev/null || skip 'built without libmicrohttpd'

# start_web OPTION...
start_web() {
	: >"$WORK/web.log"
	qswitch-web --listen 127.0.0.1:0 --name sw "$@" 2>"$WORK/web.log" &
	WEB=$!
	wait_line "$WORK/web.log" 'http://'
	URL=$(sed -n 's/^qswitch-web: \(http.*\)/\1/p' "$WORK/web.log")
	TOKEN=${URL#*#token=}
	URL=${URL%%#*}
	HOST=${URL#http://} HOST=${HOST%/}
}

stop_web() {
	kill -TERM $WEB
	check 'qswitch-web exits on SIGTERM' wait $WEB
}

# status CURL-OPTION... PATH: print the HTTP status of the answer
status() {
	curl -s -m 10 -o "$WORK/body" -D "$WORK/head" -w '%{http_code}' \
		"${@:1:$#-1}" "${URL%/}${*: -1}" || :
}

control() {
	status -X POST -H 'X-Qswitch: 1' -H "Authorization: Bearer $TOKEN" -d "$1" "${@:2}" /control
}

start_switch --lab --taps t1,t2
tap_host h1 10.0.0.1 t1
tap_host h2 10.0.0.2 t2
check 'h1 reaches h2' reaches h1 10.0.0.2

start_web
is 'the page is served' "$(status /)" 200
for header in "Content-Security-Policy: default-src 'none'" \
	'X-Content-Type-Options: nosniff' 'Referrer-Policy: no-referrer'; do
	check "with $header" grep -q "^$header" "$WORK/head"
done
is 'the page has no inline script' "$(grep -c '<script[^>]*></script>' \
	"$WORK/body") $(grep -c '<script' "$WORK/body")" '1 1'
is 'localhost is accepted' "$(status -H "Host: localhost:${HOST##*:}" /)" 200

for host in evil.example "evil.example:${HOST##*:}" "127.0.0.1" \
	"127.0.0.1:1" "$HOST.evil.example" "x$HOST" "user@$HOST"; do
	for path in / /events /metrics; do
		is "Host $host is refused for $path" "$(status -H "Host: $host" $path)" 421
	done
done
matches 'a missing Host is refused' "$(status -H 'Host:' /)" '^4(00|21)$'
printf 'GET / HTTP/1.1\r\nHost: %s\r\nhOst: evil.example\r\n\r\n' "$HOST" |
	socat -t 5 -T 5 - "TCP:$HOST" >"$WORK/body" 2>&1 || :
matches 'two Hosts are refused' "$(head -n 1 "$WORK/body")" '^HTTP/1.1 4(00|21)'

for path in /../main.c /static/../../etc/passwd //etc/passwd /%2e%2e/passwd \
	/style.css/ /STYLE.CSS /style.css%00.html /index.php; do
	is "$path does not exist" "$(status --path-as-is $path)" 404
done
long=$(head -c 4000 /dev/zero | tr '\0' a)
is 'a long path is refused' "$(status "/$long")" 414
matches 'a huge path is refused' "$(status "/$long$long$long$long$long")" \
	'^(4..|000)$'
matches 'huge headers are refused' "$(status -H "X: $long$long" \
	-H "Y: $long$long" -H "Z: $long$long" /)" '^(4..|000)$'
for method in PUT DELETE OPTIONS TRACE POST BREW; do
	is "$method is refused" "$(status -X $method /)" 405
done
is 'control accepts only POST' "$(status /control)" 405
is 'control needs permission' "$(control '{"switch":0,"cmd":"pause"}')" 403
printf '\0\1\2 HTTP/9.9\r\n\r\n' |
	socat -t 5 -T 5 - "TCP:$HOST" >"$WORK/body" 2>&1 || :
is 'it survives nonsense' "$(status /)" 200

# what Prometheus 2.42 asks for, and what others do
open=application/openmetrics-text
scrape="$open;version=1.0.0,$open;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
for accept in "$scrape" "$open" "text/plain;q=0.2, $open;q=0.3"; do
	is 'metrics are served' "$(status -H "Accept: $accept" /metrics)" 200
	check "as OpenMetrics for $accept" grep -q "^Content-Type: $open" \
		"$WORK/head"
	is 'with its end mark' "$(tail -n 1 "$WORK/body")" '# EOF'
done
if /usr/bin/python3 -c 'import prometheus_client' 2>/dev/null; then
	check "Prometheus' own client reads it" /usr/bin/python3 -c '
import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
assert all(f.documentation and f.samples
           for f in text_string_to_metric_families(sys.stdin.read()))
' <"$WORK/body"
fi
is 'metrics are served' "$(status /metrics)" 200
for accept in '*/*' text/plain "$open;q=0" "$open;q=0.1,text/plain;q=0.2"; do
	is 'metrics are served' "$(status -H "Accept: $accept" /metrics)" 200
	check "as Prometheus text for $accept" grep -q \
		'^Content-Type: text/plain; version=0.0.4' "$WORK/head"
done
is 'without an end mark' "$(grep -c EOF "$WORK/body")" 0
is 'and a help text for each family' "$(sed -n \
	's/^# HELP \([^ ]*\) .*/\1/p' "$WORK/body" | sort)" \
	"$(sed -n 's/^\(qswitch_[a-z_]*\){.*/\1/p' "$WORK/body" | sort -u)"
if command -v promtool >/dev/null; then
	check 'promtool finds no fault' promtool check metrics <"$WORK/body"
fi
is 'with the counts of the switch' \
	"$(sed -n 's/^qswitch_frames_total{switch="sw",verdict="forward"} //p' \
		"$WORK/body")" "$(verdict forward)"
check 'and of its ports' grep -q \
	'^qswitch_port_receive_frames_total{switch="sw",port="t1"} [1-9]' \
	"$WORK/body"
is 'each family is declared once' "$(grep '^# TYPE' "$WORK/body" | sort |
	uniq -d)" ''

# Many clients that send nothing, or half a request: an honest one is answered
# at once, and a browser that watches stays.
check 'clients that send nothing starve nobody' \
	timeout 60 python3 - "$HOST" <<'PYTHON'
import resource, socket, sys, time
host, port = sys.argv[1].split(':')
resource.setrlimit(resource.RLIMIT_NOFILE, (1024, 1024))
def connect(text):
    s = socket.create_connection((host, int(port)))
    s.settimeout(3)
    s.sendall(text.encode())
    return s
head = f'HTTP/1.1\r\nHost: {host}:{port}\r\n'
watcher = connect(f'GET /events {head}\r\n')
assert watcher.recv(1 << 16)
for text in '', f'GET / {head}':
    idle = [connect(text) for _ in range(300)]
    for path in '/', '/metrics':
        got = connect(f'GET {path} {head}\r\n').recv(1 << 16)
        assert got.startswith(b'HTTP/1.1 200'), got
assert watcher.recv(1 << 16), 'the watcher was dropped'
# and those who watch cannot take every place
more = [connect(f'GET /events {head}\r\n') for _ in range(40)]
said = [s.recv(12) for s in more]
assert 10 < said.count(b'HTTP/1.1 200') < 20, said
assert b'HTTP/1.1 503' in said, said
assert connect(f'GET / {head}\r\n').recv(12) == b'HTTP/1.1 200'
# until they go
for s in more + [watcher]:
    s.close()
end = time.monotonic() + 5
while connect(f'GET /events {head}\r\n').recv(12) != b'HTTP/1.1 200':
    assert time.monotonic() < end, 'their places are still taken'
PYTHON

# A client that stops reading is dropped, and another one does not notice. The
# messages that it does not read must exceed the buffers of the kernel.
check 'a client that stops reading is dropped' \
	timeout 60 python3 - "$HOST" <<'PYTHON'
import socket, sys, time
host, port = sys.argv[1].split(':')
def watch(rcvbuf):
    s = socket.socket()
    if rcvbuf:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, rcvbuf)
    s.connect((host, int(port)))
    s.sendall(f'GET /events HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n'.encode())
    return s
good, bad = watch(0), watch(2048)
good.settimeout(5)
got, end = 0, time.monotonic() + 50
while time.monotonic() < end:
    data = good.recv(1 << 16)
    assert data, 'the reader was dropped'
    got += len(data)
    try:
        bad.send(b'\0', socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
    except BlockingIOError:
        pass
    except OSError as e:
        print(f'dropped ({e}) when the other had read {got} bytes')
        break
else:
    sys.exit('it was not dropped')
for _ in range(8):
    assert good.recv(1 << 16), 'the reader was dropped'
PYTHON
is 'it still answers' "$(status /)" 200
stop_web

# Other users of the machine may not open the switch's socket (0660); with a
# token they cannot read here either.
start_web
check 'without a token it says who can read' grep -q \
	'other users of this machine' "$WORK/web.log"
stop_web
start_web --token "$WORK/token"
is 'the token is made for its owner' "$(stat -c %a "$WORK/token")" 600
check 'it says where the token is' grep -q "token in $WORK/token" "$WORK/web.log"
TOKEN=$(<"$WORK/token")
matches 'it is long' "$TOKEN" '^[0-9a-f]{32}$'
for path in /metrics /events; do
	is "$path needs the token" "$(status $path)" 401
	is "$path refuses another token" \
		"$(status -H "Authorization: Bearer ${TOKEN%?}x" $path)" 401
	is "$path refuses a part of it" "$(status "$path?token=${TOKEN%?}")" 401
	is "$path refuses an empty token" \
		"$(status -H 'Authorization: Bearer ' "$path?token=")" 401
done
check 'the refusal says what to do' grep -q 'Bearer TOKEN' "$WORK/body"
is 'the token opens' "$(status -H "Authorization: Bearer $TOKEN" /metrics)" 200
is 'also in the query' "$(status "/metrics?token=$TOKEN")" 200
is 'the page itself tells nothing and is open' "$(status /)" 200
is 'control needs permission, with a token too' \
	"$(control '{"switch":0,"cmd":"pause"}')" 403
stop_web
start_web --token "$WORK/token"
is 'the token stays the same' \
	"$(status -H "Authorization: Bearer $(<"$WORK/token")" /metrics)" 200
stop_web
chmod o+r "$WORK/token"
matches 'a token that all may read is refused' \
	"$(qswitch-web --token "$WORK/token" 2>&1)" 'everybody may read'
chmod 600 "$WORK/token"
echo short >"$WORK/token"
matches 'a bad token is refused' \
	"$(qswitch-web --token "$WORK/token" 2>&1)" 'has no token'

start_web --allow-control
SECRET=$TOKEN TOKEN=
is 'control needs a secret, though nobody asked for one' \
	"$(control '{"switch":0,"cmd":"pause"}')" 401
is 'the switch runs' "$(ctl lab | jq .paused)" false
TOKEN=$SECRET
is 'control pauses the switch' "$(control '{"switch":0,"cmd":"pause"}')" 200
is 'the switch is paused' "$(ctl lab | jq .paused)" true
is 'control resumes the switch' "$(control '{"switch":0,"cmd":"resume"}')" 200
for body in '{"switch":0,"cmd":"shutdown"}' '{"switch":1,"cmd":"pause"}' \
	'{"switch":-1,"cmd":"pause"}' '{"cmd":"pause"}' '[]' '{' '' \
	'{"switch":"0","cmd":"pause"}' '{"switch":0,"cmd":{"a":1}}'; do
	is "control refuses '$body'" "$(control "$body")" 400
done
is 'control refuses a long body' "$(control "$long")" 413
is 'control refuses other pages' \
	"$(control '{"switch":0,"cmd":"pause"}' -H 'Origin: http://evil.example')" 403
is 'control refuses forms of other pages' \
	"$(status -X POST -H "Authorization: Bearer $TOKEN" \
		-d '{"switch":0,"cmd":"pause"}' /control)" 403
is 'the switch is still running' "$(ctl lab | jq .paused)" false
stop_web
finish
