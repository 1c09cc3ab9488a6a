// app.js - takes the messages of qswitch-web, fills the tables, drives the page.
import {animate, draw, kindOf} from './drawing.js';

const TIMELINE = 80; // lines
const ANIMATED = 4; // frames of a switch at a time
const byId = id => document.getElementById(id);
const switches = []; // {id, name, ports, stp, fdb, counters, lab, error}
let chosen = 0, mayControl = false, selected = null;

function cells(...values) {
	const row = document.createElement('tr');
	for (const [value, type] of values) {
		const cell = row.insertCell();
		if (type)
			cell.className = type;
		cell.append(value);
	}
	return row;
}

// --- what a switch reports ---------------------------------------------------

function rates(sw, list) {
	const now = performance.now();
	const seconds = (now - (sw.at ?? now)) / 1000;
	const before = new Map((sw.ports ?? []).map(p => [p.name, p]));
	for (const p of list) {
		const was = before.get(p.name);
		const rate = key => was && seconds > 0
			? Math.max(0, Math.round((p[key] - was[key]) / seconds)) : 0;
		p.in = rate('rx_frames');
		p.out = rate('tx_frames');
	}
	sw.at = now;
	return list;
}

function take(told, id) {
	const sw = switches[id] ??= {id, name: '?', seen: 0};
	sw.error = told.error;
	if (sw.error)
		sw.seen = 0; // after a restart it counts frames from 1 again
	sw.lab = told.lab ?? sw.lab;
	if (told.info?.ok)
		sw.name = told.info.name, sw.ageing = told.info.ageing_s;
	if (told.ports?.ok)
		sw.ports = rates(sw, told.ports.ports);
	if (told.stp?.ok)
		sw.stp = told.stp;
	sw.fdb = told.fdb?.fdb ?? sw.fdb ?? [];
	sw.counters = told.counters ?? sw.counters;
	sw.isRoot = !!sw.stp?.enabled && sw.stp.root_port === null &&
		sw.stp.bridge_id === sw.stp.root_id;
	return told.stp?.ok || told.ports?.ok;
}

// Take the newest frame of each kind first, so that a flood hides nothing else.
function sample(frames) {
	const kinds = new Map();
	for (const f of frames) {
		const kind = f.verdict + f.in_port;
		kinds.set(kind, [...(kinds.get(kind) ?? []), f]);
	}
	const picked = [];
	for (let i = 0; picked.length < ANIMATED; i++) {
		const round = [...kinds.values()].map(k => k[i]).filter(Boolean);
		if (!round.length)
			break;
		picked.push(...round);
	}
	return picked.slice(0, ANIMATED);
}

function takeFrames(told, sw) {
	const fresh = (told.frames ?? []).filter(f => f.frame > sw.seen);
	if (!fresh.length)
		return;
	const first = !sw.seen;
	sw.seen = Math.max(...fresh.map(f => f.frame));
	const picked = sample(fresh);
	for (const f of picked) {
		if (!first)
			animate(sw, f, x => explain(sw, x));
		f.time_ms ??= Date.now();
	}
	for (const f of picked.reverse())
		addFrame(sw, f);
}

// --- timeline ----------------------------------------------------------------

function clock(ms) {
	const d = new Date(Number(ms));
	return d.toTimeString().slice(0, 8);
}

function add(button) {
	const list = byId('timeline');
	const item = document.createElement('li');
	item.append(button);
	list.prepend(item);
	while (list.children.length > TIMELINE)
		list.lastChild.remove();
}

function addFrame(sw, f) {
	const button = document.createElement('button');
	const out = f.egress?.length ? ' → ' + f.egress.join(', ') : '';
	button.className = kindOf(f);
	button.dataset.frame = f.frame;
	button.textContent = clock(f.time_ms) + ' ' + sw.name + ' ' + f.in_port +
		out + ': ' + f.text;
	button.addEventListener('click', () => explain(sw, f, button));
	add(button);
}

function addEvent(sw, e) {
	const button = document.createElement('button');
	button.className = 'event';
	button.textContent = clock(e.time_ms) + ' ' + sw.name + ' ' +
		(e.port ? e.port + ': ' : '') + e.text + ' ' +
		(e.mac ?? '') + ' ' + (e.detail ?? '');
	button.addEventListener('click', () => tell(
		[sw.name + ': ' + (e.port ? e.port + ': ' : '') + e.text + '.',
			...[e.mac, e.detail].filter(Boolean)], button));
	add(button);
}

function tell(sentences, button) {
	selected?.setAttribute('aria-pressed', 'false');
	selected = button;
	button?.setAttribute('aria-pressed', 'true');
	byId('why-text').replaceChildren(...sentences.map(text => {
		const p = document.createElement('p');
		p.textContent = text;
		return p;
	}));
}

function explain(sw, f, button) {
	tell(['In switch ' + sw.name + ': ' + (f.sentences?.[0] ?? ''),
		...(f.sentences ?? []).slice(1)], button);
}

// --- tables ------------------------------------------------------------------

function age(entry, limit) {
	if (entry.static)
		return 'static';
	const span = document.createElement('span');
	const meter = document.createElement('meter');
	meter.max = limit;
	meter.value = Math.max(0, limit - entry.age_s);
	meter.title = 'time left until the entry expires';
	span.append(meter, ' ' + entry.age_s + ' s');
	return span;
}

function showTables() {
	const sw = switches[chosen];
	if (!sw)
		return;
	const list = [...sw.fdb].sort((a, b) => a.port_no - b.port_no ||
		a.mac.localeCompare(b.mac)).slice(0, 100);
	byId('fdb').replaceChildren(...list.map(e => cells([e.mac, 'mac'],
		[e.vlan], [e.port], [age(e, sw.ageing)])));
	byId('fdb-note').textContent = !sw.fdb.length
		? 'The table is empty: every frame is flooded.'
		: sw.fdb.length > list.length
			? 'and ' + (sw.fdb.length - list.length) + ' more' : '';
	const roles = new Map((sw.stp?.ports ?? []).map(p => [p.name, p.role]));
	byId('ports').replaceChildren(...(sw.ports ?? []).map(p => cells(
		[p.name], [roles.get(p.name) ?? '', ''],
		[(p.up ? p.state : 'down') + (p.next_state_s > 0
			? ' ' + Math.ceil(p.next_state_s) + ' s' : ''),
			'state ' + (p.up ? p.state : 'disabled')],
		[String(p.in)], [String(p.out)])));
	byId('tree-of').textContent = sw.name;
}

function showChoice() {
	const select = byId('which');
	const names = switches.map(s => s.name);
	if ([...select.options].map(o => o.text).join() === names.join())
		return;
	select.replaceChildren(...names.map((n, i) => new Option(n, i)));
	select.value = chosen;
}

function choose(id) {
	chosen = Number(id);
	byId('which').value = chosen;
	showTables();
}

// --- time --------------------------------------------------------------------

const held = () => switches.some(s => s.lab?.paused);

function showStatus() {
	const status = byId('status');
	const away = switches.filter(s => s.error);
	const waiting = switches.reduce((n, s) => n + (s.lab?.waiting ?? 0), 0);
	status.className = held() ? 'held' : '';
	status.textContent = held()
		? 'paused, ' + waiting + (waiting === 1 ? ' frame waits' : ' frames wait')
		: away.length ? away.map(s => s.name + ': ' + s.error).join('; ')
		: 'live: ' + switches.length +
			(switches.length === 1 ? ' switch' : ' switches');
	byId('controls').hidden =
		!(mayControl && switches.some(s => s.lab?.lab));
	byId('pause').textContent = held() ? 'Resume' : 'Pause';
	byId('step').disabled = !held();
}

// What follows # stays in the browser; neither history nor logs keep it.
function takeToken() {
	const found = location.hash.match(/^#token=([\w.~-]+)$/);
	if (found) {
		sessionStorage.setItem('token', found[1]);
		history.replaceState(null, '', location.pathname);
	}
	return sessionStorage.getItem('token') ?? '';
}

const token = takeToken();

async function control(sw, cmd) {
	const answer = await fetch('control', {
		method: 'POST',
		headers: {'Content-Type': 'application/json', 'X-Qswitch': '1',
			...(token && {Authorization: 'Bearer ' + token})},
		body: JSON.stringify({switch: sw.id, cmd}),
	});
	const said = answer.ok ? await answer.json() : {error: await answer.text()};
	if (said.error)
		tell([sw.name + ': ' + said.error]);
	return said;
}

const inLab = () => switches.filter(s => s.lab?.lab && !s.error);

async function toggle() {
	const cmd = held() ? 'resume' : 'pause';
	await Promise.all(inLab().map(sw => control(sw, cmd)));
}

// Step the chosen switch if a frame waits there, otherwise another one.
async function step() {
	const list = inLab().filter(s => s.lab.paused && s.lab.waiting);
	const sw = list.find(s => s.id === chosen) ?? list[0];
	const said = sw && await control(sw, 'step');
	if (said?.frames?.length)
		explain(sw, said.frames[0]);
}

// --- start -------------------------------------------------------------------

function apply(message) {
	mayControl = message.control;
	let full = false;
	message.switches.forEach((told, id) => {
		full = take(told, id) || full;
	});
	if (full)
		draw(switches, choose);
	message.switches.forEach((told, id) => {
		for (const e of told.events ?? [])
			addEvent(switches[id], e);
		takeFrames(told, switches[id]);
	});
	showStatus();
	if (full) {
		showChoice();
		showTables();
	}
	document.documentElement.dataset.live = 'yes';
}

function theme() {
	const root = document.documentElement;
	const dark = root.dataset.theme
		? root.dataset.theme === 'dark'
		: matchMedia('(prefers-color-scheme: dark)').matches;
	root.dataset.theme = dark ? 'light' : 'dark';
}

byId('which').addEventListener('change', e => choose(e.target.value));
byId('pause').addEventListener('click', toggle);
byId('step').addEventListener('click', step);
byId('theme').addEventListener('click', theme);
document.documentElement.dataset.theme =
	matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
// EventSource cannot set a header.
const feed = new EventSource('events' + (token && '?token=' + token));
feed.onmessage = e => apply(JSON.parse(e.data));
feed.onerror = () => {
	byId('status').textContent = feed.readyState === EventSource.CLOSED
		? 'refused: open the address that qswitch-web printed, with #token=, ' +
			'or reload when fewer browsers watch'
		: 'no connection to qswitch-web; trying again';
};
