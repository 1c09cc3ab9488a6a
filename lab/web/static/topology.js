// topology.js - which ports are linked, and where everything is drawn. Pure:
// turns the reports of the switches into coordinates.

const WIDTH = 1000, HEIGHT = 600;
const LEAVES = 12; // of a switch; more would not be readable

// Find the port at the other end of a link from the spanning tree: a port that is
// not designated has heard the bridge and the port that are.
function findPeer(switches, port) {
	if (port.role === 'designated' || !port.designated_bridge)
		return null;
	for (const sw of switches) {
		if (sw.stp?.bridge_id !== port.designated_bridge)
			continue;
		const peer = sw.stp.ports.find(
			p => p.port_id === port.designated_port);
		if (peer)
			return {sw, port: peer};
	}
	return null;
}

const end = (sw, port) => sw.id + ' ' + port.name;

// Add newly found links to the known ones. A broken link stays until one of its
// ports is found on another.
export function findLinks(switches, known) {
	for (const sw of switches) {
		for (const port of sw.stp?.ports ?? []) {
			const peer = findPeer(switches, port);
			if (!peer || peer.sw === sw || port.state === 'disabled')
				continue;
			const a = end(sw, port), b = end(peer.sw, peer.port);
			const key = a < b ? a + '|' + b : b + '|' + a;
			if (known.has(key))
				continue;
			for (const [k, l] of known)
				if ([l.a.key, l.b.key].some(x => x === a || x === b))
					known.delete(k);
			known.set(key, {key,
				a: {key: a, sw: sw.id, port: port.name},
				b: {key: b, sw: peer.sw.id, port: peer.port.name}});
		}
	}
	return known;
}

// Put the root at the top and the others around it.
export function place(switches) {
	const order = [...switches].sort((x, y) =>
		(y.isRoot - x.isRoot) || x.id - y.id);
	const n = order.length;
	const at = new Map();
	order.forEach((sw, i) => {
		const angle = n === 2 ? Math.PI * (1 - i)
			: -Math.PI / 2 + 2 * Math.PI * i / n;
		const r = n === 1 ? 0 : 1;
		at.set(sw.id, {angle, x: WIDTH / 2 + r * 270 * Math.cos(angle),
			y: HEIGHT / 2 +
				r * 150 * Math.sin(angle)});
	});
	return at;
}

// The point where a line from the middle of a switch meets its edge.
function edge(from, angle) {
	const c = Math.cos(angle), s = Math.sin(angle);
	const t = Math.min(78 / Math.abs(c || 1e-9), 40 / Math.abs(s || 1e-9));
	return {x: from.x + c * t, y: from.y + s * t};
}

// Where each port is ("0 tap0" -> {x, y, out}), out: the far end of its cable,
// or the middle of its link.
export function placePorts(switches, links, at) {
	const ports = new Map();
	const pairs = new Map();
	for (const l of links.values()) {
		if (!at.has(l.a.sw) || !at.has(l.b.sw))
			continue;
		const pair = [l.a.sw, l.b.sw].sort().join();
		const list = pairs.get(pair) ?? [];
		list.push(l);
		pairs.set(pair, list);
	}
	for (const list of pairs.values())
		list.forEach((l, i) => {
			const a = at.get(l.a.sw), b = at.get(l.b.sw);
			const angle = Math.atan2(b.y - a.y, b.x - a.x);
			const off = (i - (list.length - 1) / 2) * 30;
			const dx = -Math.sin(angle) * off, dy = Math.cos(angle) * off;
			const pa = edge(a, angle), pb = edge(b, angle + Math.PI);
			pa.x += dx; pa.y += dy; pb.x += dx; pb.y += dy;
			const out = {x: (pa.x + pb.x) / 2, y: (pa.y + pb.y) / 2};
			ports.set(l.a.key, {...pa, out, link: l, far: l.b.key});
			ports.set(l.b.key, {...pb, out, link: l, far: l.a.key});
		});
	for (const sw of switches)
		placeLeaves(sw, at.get(sw.id), switches.length, ports);
	return ports;
}

// The part of the plane in use, with room for names around it.
export function bounds(at, ports) {
	const all = [...at.values()].flatMap(p => [
		{x: p.x - 72, y: p.y - 34}, {x: p.x + 72, y: p.y + 34}]);
	all.push(...[...ports.values()].map(p => p.out));
	const xs = all.map(p => p.x), ys = all.map(p => p.y);
	const x = Math.min(...xs) - 75, y = Math.min(...ys) - 42;
	return [x, y, Math.max(...xs) + 75 - x, Math.max(...ys) + 42 - y]
		.map(Math.round).join(' ');
}

function placeLeaves(sw, at, n, ports) {
	const all = (sw.ports ?? []).filter(p => !ports.has(end(sw, p)));
	const leaves = all.slice(0, LEAVES);
	const spread = n === 1 ? 2 * Math.PI / Math.max(leaves.length, 1)
		: Math.min(0.75, 2.6 / Math.max(leaves.length, 1));
	leaves.forEach((p, i) => {
		const angle = at.angle + (i - (leaves.length - 1) / 2) * spread;
		const pos = edge(at, angle), far = 100;
		const out = {x: pos.x + Math.cos(angle) * far,
			y: pos.y + Math.sin(angle) * far * .75};
		ports.set(end(sw, p), {...pos, out, leaf: true});
	});
	at.more = all.length - leaves.length;
}
