# SPDX-License-Identifier: BSD-2-Clause
"""browser.py - control Chromium through its DevTools protocol over a pipe
(NUL-terminated JSON on descriptors 3 and 4). Needs only Python's own library."""
import base64
import json
import os
import select
import shutil
import subprocess
import time

FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic',
         '--no-first-run', '--disable-background-networking',
         '--disable-component-update', '--disable-sync',
         '--disable-dev-shm-usage', '--no-default-browser-check',
         '--disable-extensions', '--disable-domain-reliability',
         '--hide-scrollbars', '--remote-debugging-pipe']


def program():
    return shutil.which('chromium') or shutil.which('chromium-browser')


class Browser:
    def __init__(self, directory):
        to_read, self.out = os.pipe()
        self.inp, to_write = os.pipe()
        # the inherited descriptors must not be 3 or 4 already
        high = [os.dup2(to_read, 203), os.dup2(to_write, 204)]

        def arrange():
            os.dup2(203, 3)
            os.dup2(204, 4)

        self.process = subprocess.Popen(
            [program(), *FLAGS, f'--user-data-dir={directory}', 'about:blank'],
            preexec_fn=arrange, close_fds=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for fd in [to_read, to_write, *high]:
            os.close(fd)
        self.buffer = b''
        self.number = 0
        self.answers = {}
        self.requests = []  # URLs requested
        self.complaints = []  # console messages
        self.session = None
        targets = self.call('Target.getTargets')['targetInfos']
        page = next(t for t in targets if t['type'] == 'page')
        self.session = self.call('Target.attachToTarget', flatten=True,
                                 targetId=page['targetId'])['sessionId']
        for domain in ['Page', 'Runtime', 'Network', 'Log']:
            self.call(domain + '.enable')

    def take(self, message):
        method, params = message.get('method'), message.get('params', {})
        if 'id' in message:
            self.answers[message['id']] = message
        elif method == 'Network.requestWillBeSent':
            self.requests.append(params['request']['url'])
        elif method == 'Runtime.exceptionThrown':
            self.complaints.append(json.dumps(params['exceptionDetails']))
        elif method == 'Runtime.consoleAPICalled':
            self.complaints.append(json.dumps(params['args']))
        elif method == 'Log.entryAdded':
            self.complaints.append(json.dumps(params['entry']))

    def read(self, seconds):
        if select.select([self.inp], [], [], seconds)[0]:
            data = os.read(self.inp, 1 << 20)
            if not data:
                raise EOFError('the browser has ended')
            *messages, self.buffer = (self.buffer + data).split(b'\0')
            for message in messages:
                self.take(json.loads(message))

    def call(self, method, **params):
        self.number += 1
        message = {'id': self.number, 'method': method, 'params': params}
        if self.session:
            message['sessionId'] = self.session
        os.write(self.out, json.dumps(message).encode() + b'\0')
        end = time.monotonic() + 30
        while self.number not in self.answers:
            if time.monotonic() > end:
                raise TimeoutError(method)
            self.read(1)
        answer = self.answers.pop(self.number)
        if 'error' in answer:
            raise RuntimeError(f'{method}: {answer["error"]}')
        return answer['result']

    def js(self, expression):
        result = self.call('Runtime.evaluate', expression=expression,
                           returnByValue=True, awaitPromise=True)
        if 'exceptionDetails' in result:
            raise RuntimeError(result['exceptionDetails'])
        return result['result'].get('value')

    def wait(self, expression, seconds, what):
        """Wait until the expression is true; check again after each message."""
        end = time.monotonic() + seconds
        while not self.js(expression):
            if time.monotonic() > end:
                raise AssertionError(f'{what}: not within {seconds} s')
            self.read(0.2)
        print(f'ok - {what}', flush=True)

    def size(self, width, height, dark=False, phone=False):
        self.call('Emulation.setDeviceMetricsOverride', width=width,
                  height=height, deviceScaleFactor=1, mobile=phone)
        self.js(f'document.documentElement.dataset.theme='
                f'"{"dark" if dark else "light"}"')

    def screenshot(self, path):
        data = self.call('Page.captureScreenshot', format='png')['data']
        with open(path, 'wb') as file:
            file.write(base64.b64decode(data))

    def click(self, x, y):
        for kind in ['mousePressed', 'mouseReleased']:
            self.call('Input.dispatchMouseEvent', type=kind, x=x, y=y,
                      button='left', clickCount=1)

    def key(self, key):
        for kind in ['keyDown', 'keyUp']:
            self.call('Input.dispatchKeyEvent', type=kind, key=key, code=key,
                      windowsVirtualKeyCode={'Enter': 13, 'Tab': 9}[key],
                      text='\r' if key == 'Enter' else '')

    def cpu_ms(self):
        """CPU time of all browser processes so far."""
        ticks = 0
        family = {self.process.pid}
        stats = {}
        for pid in filter(str.isdigit, os.listdir('/proc')):
            try:
                with open(f'/proc/{pid}/stat') as file:
                    stats[int(pid)] = file.read().rsplit(')', 1)[1].split()
            except OSError:
                pass
        for _ in range(4):
            family |= {p for p, s in stats.items() if int(s[1]) in family}
        for pid in family & set(stats):
            ticks += int(stats[pid][11]) + int(stats[pid][12])
        return ticks * 1000 // os.sysconf('SC_CLK_TCK')

    def close(self):
        self.call('Browser.close')
        self.process.wait(20)
