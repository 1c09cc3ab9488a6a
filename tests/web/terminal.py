#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""terminal.py PICTURE - turn a screen from `tmux capture-pane -e` on standard
input into a picture. Supports bold and reverse."""
import base64
import html
import re
import sys
import tempfile

from browser import Browser

STYLE = '''body { margin: 0; background: #10161d; } pre { margin: 0;
padding: 14px; color: #e8eef4; display: inline-block;
font: 16px/1.25 "DejaVu Sans Mono", monospace; }
.r { background: #e8eef4; color: #10161d; } .b { font-weight: 700; }'''


def to_html(text):
    classes, out = set(), []
    for part in re.split(r'(\x1b\[[0-9;]*m)', text.replace('\x0f', '')):
        if not part.startswith('\x1b['):
            out.append(f'<span class="{" ".join(classes)}">'
                       f'{html.escape(part)}</span>')
            continue
        for code in part[2:-1].split(';'):
            if code in ('', '0'):
                classes.clear()
            elif code in ('1', '7'):
                classes.add('b' if code == '1' else 'r')
            elif code in ('22', '27'):
                classes.discard('b' if code == '22' else 'r')
    return ''.join(out)


page = (f'<meta charset=utf-8><style>{STYLE}</style>'
        f'<pre>{to_html(sys.stdin.read().rstrip())}</pre>')
with tempfile.TemporaryDirectory() as directory:
    browser = Browser(directory)
    browser.call('Page.navigate', url='data:text/html;base64,' +
                 base64.b64encode(page.encode()).decode())
    browser.wait("!!document.querySelector('pre')", 10, 'the screen is drawn')
    width, height = browser.js(
        "(r => [Math.ceil(r.width), Math.ceil(r.height)])"
        "(document.querySelector('pre').getBoundingClientRect())")
    browser.size(width, height)
    browser.screenshot(sys.argv[1])
    browser.close()
