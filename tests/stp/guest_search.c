/* SPDX-License-Identifier: BSD-2-Clause */
/* guest_search.c - a breadth-first search of what two guests can do to a real
 * spanning tree entity, with a LAN that speaks or falls silent, links that go
 * down and up, and time. In every state that is reached, a guest's input
 *
 * - makes the entity send nothing by its uplink, and
 * - changes nothing but the blocking of the guest's own port: a copy that has
 *   not heard the guests goes on exactly as the original.
 *
 * With "-u" the ports of the guests do not filter, and the search must fail: it
 * can. A number limits the states of each setting. Status 0: as it should be. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stp/entity.h"
#include "stp/stp_foreign.h"
#include "stp/stp_status.h"

enum {
	UPLINK = 1,
	FIRST_GUEST,
	LAST_GUEST = 3,
	PORTS = LAST_GUEST,
	SLOTS = 1 << 18,
	KEY_MAX = 64,
	TICK_MS = 1000,
	STATES_MAX = 100000, /* of each setting, which is more than there are */
};

static const uint64_t self = 0x8000000000000040;
static const uint64_t worse = 0x80000000000000ff;

/* A setting: how the uplink is, and whether the LAN's root is better than us. */
static const struct setting {
	const char *name;
	uint64_t root;
	enum stp_bpdu uplink;
} settings[] = {
    {"better root", 0x8000000000000001, STP_BPDU_AUTO},
    {"worse root", 0x80000000000000f0, STP_BPDU_AUTO},
    {"uplink never", 0x8000000000000001, STP_BPDU_NEVER},
};

/* What may happen in a state. Those of a guest come first. */
enum action {
	INFERIOR,
	SUPERIOR,
	TCN,
	REPLAY,	  /* of the LAN's root, at cost 0 */
	RELAY,	  /* a bridge that knows us */
	OWN_BPDU, /* that we never sent */
	LOOP,	  /* the probe of the other guest */
	LAN,	  /* says hello */
	LAN_LOOP, /* the probe of the guest comes in by the uplink */
	LINK,	  /* of the guest goes down or comes up */
	UPLINK_LINK,
	TICK,
	ACTIONS,
	GUEST_ACTIONS = LAN,
};

static const char *const names[ACTIONS] = {"inferior", "superior", "tcn",
    "replay", "relay", "own bpdu", "loop", "lan", "lan loop", "link",
    "uplink link", "tick"};

struct key {
	size_t len;
	uint64_t words[KEY_MAX];
};

static void on_state(void *ctx, int port, enum stp_state state);
static void on_ageing(void *ctx, uint32_t ageing_ms);
static void on_transmit(void *ctx, int port, const uint8_t *bpdu, size_t len);
static void on_probe(void *ctx, int port);

static const struct stp_callbacks callbacks = {
    .port_state = on_state,
    .ageing = on_ageing,
    .transmit = on_transmit,
    .probe = on_probe,
};

static const struct setting *setting;
static bool unguarded;
static int states_max = STATES_MAX;
static int sent_by_uplink;
static const size_t size =
    sizeof(struct stp) +
    PORTS * (sizeof(struct stp_port) + sizeof(struct stp_port *));

static int search(void);
static struct stp *memory(void);
static bool is_new(uint64_t *seen, const struct stp *stp);
static struct stp *first_state(void);
static struct stp *copy(struct stp *to, const struct stp *from);
static void do_action(struct stp *stp, enum action action, int guest);
static void hear(
    struct stp *stp, int port, uint64_t root, uint64_t bridge, uint16_t from);
static void flip(struct stp *stp, int port);
static bool harmless(
    const struct stp *before, struct stp *after, enum action action, int guest);
static void forget_guests(struct stp *stp);
static struct key key_of(const struct stp *stp);
static uint64_t hash(const struct key *key);

int main(int argc, char *argv[])
{
	int found, all = 0;

	unguarded = argc > 1 && strcmp(argv[1], "-u") == 0;
	if (argc > 1 && atoi(argv[1]) > 0 && atoi(argv[1]) < STATES_MAX)
		states_max = atoi(argv[1]);
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		setting = &settings[i];
		found = search();
		if (found < 0)
			return unguarded ? 0 : 1;
		all += found;
		printf("%s: %d states\n", setting->name, found);
	}
	printf("%d states in all; no guest moved anything\n", all);
	return unguarded ? 1 : 0;
}

/* Return: the number of states, or -1 and a guest has moved something. */
static int search(void)
{
	struct stp **states = calloc(STATES_MAX, sizeof(*states));
	uint64_t *seen = calloc(SLOTS, sizeof(*seen));
	struct stp *next = memory();
	int n = 0, done = 0;
	bool good = true;

	if (!states || !seen)
		exit(3);
	states[n++] = first_state();
	for (; good && done < n; done++) {
		for (int i = 0; good && i < ACTIONS * 2; i++) {
			enum action action = i / 2;
			int guest = FIRST_GUEST + i % 2;

			copy(next, states[done]);
			sent_by_uplink = 0;
			do_action(next, action, guest);
			good = harmless(states[done], next, action, guest);
			if (n < states_max && is_new(seen, next)) {
				states[n++] = next;
				next = memory();
			}
		}
	}
	for (int i = 0; i < n; i++)
		free(states[i]);
	free(next);
	free(states);
	free(seen);
	return good ? n : -1;
}

static struct stp *memory(void)
{
	struct stp *stp = malloc(size);

	if (!stp)
		exit(3);
	return stp;
}

/* Notes the state in @seen, a hash table of SLOTS hashes. */
static bool is_new(uint64_t *seen, const struct stp *stp)
{
	struct key key = key_of(stp);
	uint64_t h = hash(&key), at = h % SLOTS;

	while (seen[at] && seen[at] != h)
		at = (at + 1) % SLOTS;
	if (seen[at])
		return false;
	seen[at] = h;
	return true;
}

static struct stp *first_state(void)
{
	struct stp_times times = {1000, 6000, 4000};
	struct stp *stp = stp_new(self, &times, PORTS, &callbacks, NULL, 0);

	if (!stp)
		exit(3);
	for (int port = 1; port <= PORTS; port++) {
		stp_port_add(stp, port);
		if (port == UPLINK)
			stp_port_set_bpdu(stp, port, setting->uplink, 0);
		else if (!unguarded)
			stp_port_set_bpdu(stp, port, STP_BPDU_FILTER, 0);
		stp_port_set_edge(stp, port, port != UPLINK, 0);
		stp_port_enable(stp, port, 0);
	}
	return stp;
}

/* The entity is one piece of memory (stp_new()) that points into itself. */
static struct stp *copy(struct stp *to, const struct stp *from)
{
	ptrdiff_t by = (char *)to - (const char *)from;

#define MOVE(p) \
	if (p)  \
	(p) = (void *)((char *)(p) + by)
	memcpy(to, from, size);
	MOVE(to->ports);
	MOVE(to->root_port);
	MOVE(to->leaf);
	MOVE(to->uplink);
	for (int i = 0; i < to->ports_max; i++)
		MOVE(to->ports[i]);
	return to;
}

static void do_action(struct stp *stp, enum action action, int guest)
{
	static const uint8_t tcn[] = {0, 0, 0, 0x80};
	int other = FIRST_GUEST + LAST_GUEST - guest;

	switch (action) {
	case INFERIOR:
		hear(stp, guest, worse, worse, 0x8001);
		break;
	case SUPERIOR:
		hear(stp, guest, 1, 1, 0x8001);
		break;
	case TCN:
		stp_receive(stp, guest, tcn, sizeof(tcn), stp->now_ms);
		break;
	case REPLAY:
		hear(stp, guest, setting->root, setting->root, 0x8001);
		break;
	case RELAY:
		hear(stp, guest, self, worse, 0x8001);
		break;
	case OWN_BPDU:
		hear(stp, guest, self, self, 0x8001);
		break;
	case LOOP:
		stp_probe_heard(stp, guest, other, stp->now_ms);
		break;
	case LAN:
		hear(stp, UPLINK, setting->root, setting->root, 0x8001);
		break;
	case LAN_LOOP:
		stp_probe_heard(stp, UPLINK, guest, stp->now_ms);
		break;
	case LINK:
		flip(stp, guest);
		break;
	case UPLINK_LINK:
		flip(stp, UPLINK);
		break;
	default:
		stp_tick(stp, stp->now_ms + TICK_MS);
	}
}

static void hear(
    struct stp *stp, int port, uint64_t root, uint64_t bridge, uint16_t from)
{
	uint8_t data[BPDU_CONFIG_LEN];
	struct bpdu bpdu = {
	    .vector = {root, 0, bridge, from},
	    .times = {1000, 6000, 4000},
	};

	bpdu_encode_config(&bpdu, data);
	stp_receive(stp, port, data, sizeof(data), stp->now_ms);
}

static void flip(struct stp *stp, int port)
{
	if (stp_port_state(stp, port) == STP_DISABLED)
		stp_port_enable(stp, port, stp->now_ms);
	else
		stp_port_disable(stp, port, stp->now_ms);
}

/* Was @before, after @action, only moved as if no guest had said anything? */
static bool harmless(
    const struct stp *before, struct stp *after, enum action action, int guest)
{
	static struct stp *heard, *unheard;
	struct key a, b;
	bool same;

	heard = copy(heard ? heard : memory(), after);
	unheard = copy(unheard ? unheard : memory(), before);
	forget_guests(unheard);
	if (action >= GUEST_ACTIONS)
		do_action(unheard, action, guest);
	forget_guests(unheard);
	forget_guests(heard);
	a = key_of(heard);
	b = key_of(unheard);
	same = memcmp(a.words, b.words, a.len * sizeof(*a.words)) == 0;
	if (!same || sent_by_uplink)
		printf("%s: port %d, %s: %s\n", setting->name, guest,
		    names[action],
		    same ? "a BPDU leaves by the uplink"
			 : "not only the guest's port has moved");
	return same && !sent_by_uplink;
}

/* What a guest may do to itself, undone. */
static void forget_guests(struct stp *stp)
{
	for (int i = 0; i < stp->n_ports; i++) {
		struct stp_port *p = stp->ports[i];

		if (!p->loop_by)
			continue;
		p->loop_by = p->reported_loop_by = 0;
		timer_stop(&p->loop_timer);
		p->state = p->reported_state = STP_FORWARDING;
	}
}

static void put(struct key *key, uint64_t value)
{
	key->words[key->len++] = value;
}

static void put_timer(
    struct key *key, const struct stp *stp, const struct timer *timer)
{
	put(key, timer->running ? 1 + stp->now_ms - timer->started_at_ms : 0);
}

static void put_bridge(struct key *key, const struct stp *stp)
{
	put(key, stp->designated_root);
	put(key, stp->root_path_cost);
	put(key, stp->root_port ? stp->root_port->number : 0);
	put(key, stp->leaf ? stp->leaf->number : 0);
	put(key, stp->times.forward_delay_ms);
	put(key, stp->topology_change_detected);
	put(key, stp->topology_change);
	put(key, stp->reported_ageing_ms);
	put_timer(key, stp, &stp->hello_timer);
	put_timer(key, stp, &stp->tcn_timer);
	put_timer(key, stp, &stp->topology_change_timer);
}

/* Counters do not matter, and of the order of links only the order. */
static struct key key_of(const struct stp *stp)
{
	struct key key;

	key.len = 0;
	put_bridge(&key, stp);
	put(&key, stp->ports[1]->up_nth < stp->ports[2]->up_nth);
	for (int i = 0; i < stp->n_ports; i++) {
		const struct stp_port *p = stp->ports[i];

		put(&key, p->state << 4 | p->bpdu_heard << 1 | p->spoken);
		put(&key, p->designated.root);
		put(&key, p->designated.cost);
		put(&key, p->designated.bridge << 16 | p->designated.port);
		put(&key, p->configuration_pending);
		put(&key, p->loop_by);
		put_timer(&key, stp, &p->message_age_timer);
		put_timer(&key, stp, &p->forward_delay_timer);
		put_timer(&key, stp, &p->loop_timer);
	}
	return key;
}

/* never 0 */
static uint64_t hash(const struct key *key)
{
	uint64_t h = 0;

	for (size_t i = 0; i < key->len; i++) {
		h = (h ^ key->words[i]) * 0x9e3779b97f4a7c15;
		h ^= h >> 32;
	}
	return h ? h : 1;
}

static void on_state(void *ctx, int port, enum stp_state state)
{
	(void)ctx, (void)port, (void)state;
}

static void on_ageing(void *ctx, uint32_t ageing_ms)
{
	(void)ctx, (void)ageing_ms;
}

static void on_transmit(void *ctx, int port, const uint8_t *bpdu, size_t len)
{
	(void)ctx, (void)bpdu, (void)len;
	sent_by_uplink += port == UPLINK;
}

static void on_probe(void *ctx, int port)
{
	(void)ctx;
	sent_by_uplink += port == UPLINK;
}
