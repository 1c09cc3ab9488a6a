#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""page.py URL PICTURES - check the page of qswitch-web in Chromium, with the ring
of tests/web/page.sh."""
import json
import os
import subprocess
import sys
import tempfile
import time

from browser import Browser

URL, PICTURES = sys.argv[1:3]
PORT = "document.querySelector('[data-port=\"%s\"]')"
STATE = PORT + "?.classList.contains('%s')"


def check(what, true):
    if not true:
        raise AssertionError(what)
    print(f'ok - {what}', flush=True)


def link_states(browser):
    return browser.js(
        "[...document.querySelectorAll('[data-link*=\"|\"]')]"
        ".map(l => l.classList[1]).sort().join()")


def converges(b):
    b.wait("document.documentElement?.dataset.live === 'yes'", 20,
           'the page receives data from the switches')
    b.wait("document.querySelectorAll('.switch').length === 3", 10,
           'three switches are drawn')
    b.wait("document.querySelectorAll('[data-link*=\"|\"]').length === 3", 30,
           'three links between them are found')
    b.wait(STATE % ('2 s3b', 'blocking'), 30, 's3 blocks its path to s2')
    for end in ['0 s1a', '0 s1b', '1 s2a', '1 s2b', '2 s3a']:
        b.wait(STATE % (end, 'forwarding'), 30, f'{end} forwards')
    check('one link of three does not forward',
          link_states(b) == 'blocking,forwarding,forwarding')
    check('the switch with the lowest priority is the root',
          b.js("document.querySelector('.switch.root').id") == 'switch-0')


def frame_is_explained(b):
    b.wait("!!document.querySelector('#frames .unicast[visibility=visible]')",
           20, 'a unicast frame moves')
    # it moves while we aim: ask the page where it is
    for _ in range(40):
        at = b.js("""(() => {
            const f = document.querySelector(
                '#frames .unicast[visibility=visible] .hit');
            if (!f) return null;
            const r = f.getBoundingClientRect();
            return [r.x + r.width / 2, r.y + r.height / 2];
        })()""")
        if at:
            b.click(*at)
        if b.js("/It was forwarded/.test("
                "document.getElementById('why').textContent)"):
            break
        b.read(0.2)
    text = b.js("document.getElementById('why').textContent")
    check('a click on a frame explains it',
          'It was forwarded' in text and 'IEEE 802.1D' in text)
    b.js("document.querySelector('#timeline .flood')?.focus()")
    b.wait("!!document.querySelector('#timeline .flood')", 20,
           'a flooded frame is in the timeline')
    b.js("document.querySelector('#timeline .flood').focus()")
    b.key('Enter')
    b.wait("/flooded/.test(document.getElementById('why').textContent)", 5,
           'the keyboard explains a frame of the timeline')


def link_is_cut(b):
    subprocess.run(['ip', 'link', 'set', 's3a-end', 'down'], check=True)
    b.wait(STATE % ('2 s3a', 'disabled'), 20, 'the broken link is noticed')
    b.wait(STATE % ('2 s3b', 'forwarding'), 20, 'the other link takes over')
    b.wait("[...document.querySelectorAll('[data-link*=\"|\"]')]"
           ".filter(l => l.classList.contains('forwarding')).length === 2",
           20, 'the tree is drawn again')
    b.screenshot(f'{PICTURES}/page-cut.png')
    subprocess.run(['ip', 'link', 'set', 's3a-end', 'up'], check=True)
    b.wait(STATE % ('2 s3b', 'blocking'), 30, 'after the repair the tree is as before')


def time_is_held(b):
    b.js("document.getElementById('pause').click()")
    b.wait("/paused, [1-9]/.test("
           "document.getElementById('status').textContent)", 15,
           'time stops, and frames wait')
    b.js("document.getElementById('step').click()")
    b.wait("/^In switch/m.test(document.getElementById('why-text')"
           ".textContent)", 10, 'a step is explained')
    b.screenshot(f'{PICTURES}/page-held.png')
    b.js("document.getElementById('pause').click()")
    b.wait("!/paused/.test(document.getElementById('status').textContent)", 10,
           'time continues')


def pictures(b):
    for name, width, height, dark, phone in [
            ('page', 1280, 800, False, False),
            ('page-dark', 1280, 800, True, False),
            ('page-phone', 390, 844, False, True)]:
        b.size(width, height, dark, phone)
        b.wait("document.querySelectorAll('#frames .frame').length > 2", 20,
               f'frames move: {name}.png')
        b.screenshot(f'{PICTURES}/{name}.png')
    # the last one is the phone
    check('the page fits a phone', b.js(
        'document.documentElement.scrollWidth') <= 390)
    b.size(1280, 800)


def switch_ms():
    with open('/proc/%s/stat' % os.environ['QSWITCH_PID']) as file:
        stat = file.read().rsplit(')', 1)[1].split()
    return (int(stat[11]) + int(stat[12])) * 1000 / os.sysconf('SC_CLK_TCK')


def frames_received():
    said = subprocess.run(['qswitchctl', '--name', 's2', '--json', 'counters'],
                          check=True, capture_output=True).stdout
    return json.loads(said)['rx_frames']


def measure(b, seconds):
    start, page, switch = time.monotonic(), b.cpu_ms(), switch_ms()
    frames = frames_received()
    while time.monotonic() < start + seconds:
        b.read(0.2)
    ms = (time.monotonic() - start) * 1000
    return {'frames_per_s': round((frames_received() - frames) / ms * 1000),
            'browser_percent': round((b.cpu_ms() - page) / ms * 100, 1),
            'switch_percent': round((switch_ms() - switch) / ms * 100, 1)}


def under_load(b):
    """Only report: other programs use the CPU too, so this never fails."""
    b.wait("document.documentElement?.dataset.live === 'yes'", 20,
           'the page is live')
    for end in ['1 s2a', '2 s3a', '0 s1b']:
        b.wait(STATE % (end, 'forwarding'), 30, f'{end} forwards')
    for _ in range(5):
        if measure(b, 3)['frames_per_s'] > 800:
            break
    print('with the page:   ', json.dumps(measure(b, 10)))
    b.call('Page.navigate', url='about:blank')
    measure(b, 2)
    print('without the page:', json.dumps(measure(b, 10)))


def main():
    with tempfile.TemporaryDirectory() as directory:
        b = Browser(directory)
        try:
            b.size(1280, 800)
            b.call('Page.navigate', url=URL)
            if len(sys.argv) > 3:
                under_load(b)
            else:
                converges(b)
                frame_is_explained(b)
                pictures(b)
                link_is_cut(b)
                time_is_held(b)
            check('the page contacts no other server', all(
                r.startswith(URL.split('#')[0]) or r == 'about:blank'
                for r in b.requests) and b.requests)
            check('the token leaves the address bar', '#token=' in URL and
                  'token' not in b.js('location.href'))
            check(f'the console is silent {b.complaints}', not b.complaints)
        except AssertionError:
            b.screenshot(f'{PICTURES}/failed.png')
            print(b.complaints, b.js('document.body.innerText'))
            raise
        finally:
            b.close()


main()
