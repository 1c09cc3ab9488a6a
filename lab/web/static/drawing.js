// drawing.js - the SVG: switches, ports, links, and moving frames.
import {bounds, findLinks, place, placePorts} from './topology.js';

const NS = 'http://www.w3.org/2000/svg';
const LETTER = {forwarding: 'F', learning: 'L', listening: 'S',
	blocking: 'B', disabled: '–'};
const LEG_MS = 700; // of a frame from a cable end to the switch, or back out
const MAX_FRAMES = 24; // drawn at the same time
const STILL = matchMedia('(prefers-reduced-motion: reduce)');
const FRAME_MS = 50; // between two pictures

const links = new Map();
let ports = new Map(), at = new Map(), signature = '';
const moving = new Set();
let painted = 0, running = false;

function el(name, attributes = {}, text) {
	const e = document.createElementNS(NS, name);
	for (const [k, v] of Object.entries(attributes))
		e.setAttribute(k, v);
	if (text !== undefined)
		e.textContent = text;
	return e;
}

const byId = id => document.getElementById(id);

function drawSwitch(sw, pick) {
	const p = at.get(sw.id);
	const g = el('g', {class: 'switch', id: 'switch-' + sw.id, tabindex: 0,
		role: 'button', 'aria-label': 'switch ' + sw.name});
	g.append(el('rect', {x: p.x - 72, y: p.y - 34, width: 144, height: 68,
		rx: 12}));
	g.append(el('text', {x: p.x, y: p.y - 9}, sw.name));
	g.append(el('text', {x: p.x, y: p.y + 15, class: 'small note'}));
	g.addEventListener('click', () => pick(sw.id));
	g.addEventListener('keydown', e => {
		if (e.key === 'Enter' || e.key === ' ') {
			e.preventDefault();
			pick(sw.id);
		}
	});
	return g;
}

function drawPort(key, pos) {
	const g = el('g', {class: 'port', 'data-port': key});
	g.append(el('title'), el('circle', {cx: pos.x, cy: pos.y, r: 11}),
		el('text', {x: pos.x, y: pos.y + 1, class: 'letter'}));
	return g;
}

function drawLeaf(key, pos) {
	const g = el('g', {class: 'leaf', 'data-leaf': key});
	const up = pos.out.y < pos.y;
	g.append(el('circle', {cx: pos.out.x, cy: pos.out.y, r: 8}),
		el('text', {x: pos.out.x, y: pos.out.y + (up ? -20 : 21),
			class: 'small'}));
	return g;
}

function line(key, from, to) {
	return el('line', {class: 'link', 'data-link': key, x1: from.x, y1: from.y,
		x2: to.x, y2: to.y});
}

function rebuild(switches, pick) {
	at = place(switches);
	ports = placePorts(switches, links, at);
	byId('drawing').setAttribute('viewBox', bounds(at, ports));
	const lines = [], dots = [], leaves = [];
	for (const [key, pos] of ports) {
		if (pos.leaf) {
			lines.push(line(key, pos, pos.out));
			leaves.push(drawLeaf(key, pos));
		} else if (key === pos.link.a.key) {
			lines.push(line(pos.link.key, pos, ports.get(pos.far)));
		}
		dots.push(drawPort(key, pos));
	}
	byId('links').replaceChildren(...lines);
	byId('nodes').replaceChildren(...leaves,
		...switches.map(sw => drawSwitch(sw, pick)), ...dots);
}

// The weaker end decides: a link forwards only if both ends do.
const ORDER = ['disabled', 'blocking', 'listening', 'learning', 'forwarding'];

const stateOf = port => port?.up === false ? 'disabled'
	: port?.state ?? 'disabled';

function update(switches) {
	const state = new Map();
	for (const sw of switches) {
		for (const p of sw.ports ?? [])
			state.set(sw.id + ' ' + p.name, {sw, port: p,
				state: sw.error ? 'disabled' : stateOf(p)});
		const g = byId('switch-' + sw.id);
		g.setAttribute('class', 'switch' + (sw.isRoot ? ' root' : '') +
			(sw.error ? ' away' : ''));
		const more = at.get(sw.id).more;
		g.querySelector('.note').textContent = sw.error ? 'not reachable'
			: sw.isRoot ? 'root'
			: more > 0 ? 'and ' + more + ' more ports'
			: sw.stp?.enabled ? 'cost ' + sw.stp.root_path_cost : 'no spanning tree';
	}
	for (const g of document.querySelectorAll('[data-port]')) {
		const s = state.get(g.dataset.port);
		const left = s?.port.next_state_s;
		g.setAttribute('class', 'port ' + (s?.state ?? 'disabled'));
		g.querySelector('.letter').textContent =
			left > 0 ? Math.ceil(left) : LETTER[s?.state] ?? '–';
		g.querySelector('title').textContent = g.dataset.port.split(' ')[1] +
			': ' + (s?.state ?? 'gone') + ' ' + (s?.port.reason ?? '');
	}
	for (const l of document.querySelectorAll('[data-link]')) {
		const ends = l.dataset.link.split('|').map(
			k => state.get(k)?.state ?? 'disabled');
		const worst = ORDER.find(s => ends.includes(s));
		l.setAttribute('class', 'link ' + worst);
	}
	for (const g of document.querySelectorAll('[data-leaf]')) {
		const port = state.get(g.dataset.leaf)?.port;
		g.querySelector('text').textContent =
			(port?.name ?? '') + ' ' + (port?.addresses?.[0] ?? '');
	}
}

export function draw(switches, pick) {
	findLinks(switches, links);
	const now = JSON.stringify([[...links.keys()], switches.map(
		s => [s.id, s.name, s.isRoot, (s.ports ?? []).map(p => p.name)])]);
	if (now !== signature)
		rebuild(switches, pick);
	signature = now;
	update(switches);
}

export function kindOf(f) {
	if (f.verdict === 'to_stp')
		return 'bpdu';
	if (f.verdict.startsWith('flood'))
		return 'flood';
	return f.verdict === 'forward' ? 'unicast' : 'dropped';
}

function mark(kind) {
	if (kind === 'flood')
		return el('rect', {class: 'mark', x: -10, y: -10, width: 20,
			height: 20, rx: 3});
	if (kind === 'bpdu')
		return el('path', {class: 'mark', d: 'M0-8L8 0 0 8-8 0Z'});
	if (kind === 'dropped')
		return el('circle', {class: 'mark', r: 9});
	return el('circle', {class: 'mark', r: 10});
}

function launch(f, kind, from, to, delay, show) {
	if (moving.size >= MAX_FRAMES || !from || !to)
		return;
	const g = el('g', {class: 'frame ' + kind, visibility: 'hidden',
		'data-frame': f.frame});
	g.append(mark(kind), el('circle', {class: 'hit', r: 22}));
	g.addEventListener('pointerdown', () => show(f));
	byId('frames').append(g);
	moving.add({g, from, to, start: performance.now() + delay});
	if (!running) {
		running = true;
		requestAnimationFrame(paint);
	}
}

function paint(now) {
	if (now - painted >= FRAME_MS) {
		painted = now;
		for (const m of moving)
			move(m, Math.min((now - m.start) / LEG_MS, 1));
	}
	running = moving.size > 0;
	if (running)
		requestAnimationFrame(paint);
}

function move(m, t) {
	if (t < 0)
		return;
	if (t >= 1) {
		m.g.remove();
		moving.delete(m);
		return;
	}
	const ease = t * t * (3 - 2 * t);
	m.g.setAttribute('visibility', 'visible');
	m.g.setAttribute('transform', 'translate(' +
		(m.from.x + (m.to.x - m.from.x) * ease).toFixed(1) + ' ' +
		(m.from.y + (m.to.y - m.from.y) * ease).toFixed(1) + ')');
}

// Draw one decision: in through one port, out through others. On a link each end
// draws its half; the second waits until the first has reached the middle.
export function animate(sw, f, show) {
	if (STILL.matches || document.hidden)
		return;
	const kind = kindOf(f);
	const middle = at.get(sw.id);
	const from = ports.get(sw.id + ' ' + f.in_port);
	const delay = from && !from.leaf ? 2 * LEG_MS : 0;
	const stops = kind === 'dropped' || kind === 'bpdu';
	launch(f, kind, from?.out, stops ? from : middle, delay, show);
	for (const name of f.egress ?? [])
		launch(f, kind, middle, ports.get(sw.id + ' ' + name)?.out,
			delay + LEG_MS, show);
}
