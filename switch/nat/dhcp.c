/* SPDX-License-Identifier: BSD-2-Clause */
/* dhcp.c - a DHCP server: see dhcp.h. Pure. */
#include "dhcp.h"

#include <stdlib.h>
#include <string.h>

#include <bsd/string.h>

#include "forwarding/mac.h"

struct dhcp {
	struct nat_spec spec;
	uint8_t mac[ETH_ADDR];
	uint32_t size;		     /* addresses of the network */
	struct dhcp_changes changes; /* of this message */
	struct slot {
		struct lease lease; /* of nobody if its MAC is zero */
		bool offered;	    /* not confirmed yet */
	} slots[];		    /* by address, from that of the network */
};

static struct slot *discover(
    struct dhcp *dhcp, const struct dhcp_message *m, uint64_t now_s);
static struct slot *request(
    struct dhcp *dhcp, const struct dhcp_message *m, uint64_t now_s);
static struct slot *decline(
    struct dhcp *dhcp, const struct dhcp_message *m, uint64_t now_s);
static struct slot *release(
    struct dhcp *dhcp, const struct dhcp_message *m, uint64_t now_s);
static struct slot *slot_at(const struct dhcp *dhcp, uint32_t ip);
static struct slot *slot_of(const struct dhcp *dhcp, const uint8_t *mac);
static struct slot *slot_for(
    struct dhcp *dhcp, const struct dhcp_message *m, uint64_t now_s);
static struct slot *oldest_free(struct dhcp *dhcp, uint64_t now_s);
static bool may_have(const struct dhcp *dhcp, const struct slot *slot,
    const uint8_t *mac, uint64_t now_s);
static const struct nat_fixed *fixed_of(
    const struct dhcp *dhcp, const uint8_t *mac);
static bool is_fixed(const struct dhcp *dhcp, uint32_t ip);
static void give(struct dhcp *dhcp, struct slot *slot,
    const struct dhcp_message *m, uint64_t until_s);
static void note(struct dhcp *dhcp, const struct slot *slot);
static size_t answer(const struct dhcp *dhcp, enum dhcp_type type,
    const struct slot *slot, const struct dhcp_message *m, uint8_t *reply);

struct dhcp *dhcp_new(const struct nat_spec *spec, const uint8_t mac[ETH_ADDR])
{
	uint32_t size = ~spec->mask + 1;
	struct dhcp *dhcp =
	    calloc(1, sizeof(*dhcp) + size * sizeof(*dhcp->slots));

	if (!dhcp)
		return NULL;
	dhcp->spec = *spec;
	dhcp->size = size;
	memcpy(dhcp->mac, mac, ETH_ADDR);
	for (uint32_t i = 0; i < size; i++)
		dhcp->slots[i].lease.ip = spec->net + i;
	return dhcp;
}

void dhcp_free(struct dhcp *dhcp)
{
	free(dhcp);
}

bool dhcp_restore(struct dhcp *dhcp, const struct lease *lease)
{
	struct slot *slot = slot_at(dhcp, lease->ip);
	struct slot *had = slot_of(dhcp, lease->mac);

	if (!slot || !mac_is_zero(slot->lease.mac) || mac_is_zero(lease->mac) ||
	    !may_have(dhcp, slot, lease->mac, 0))
		return false;
	/* An address that was offered to another meanwhile is still there as
	 * the guest's: the one that ends last is the one it has. */
	if (had && had->lease.until_s >= lease->until_s)
		return false;
	if (had)
		had->lease = (struct lease){.ip = had->lease.ip};
	slot->lease = *lease;
	return true;
}

size_t dhcp_answer(struct dhcp *dhcp, const uint8_t *frame, size_t len,
    uint64_t now_s, uint8_t *reply, struct dhcp_changes *changed)
{
	struct dhcp_message m;
	struct slot *slot = NULL;
	enum dhcp_type type = 0;

	*changed = dhcp->changes = (struct dhcp_changes){0};
	if (!dhcp_message_parse(frame, len, &m))
		return 0;
	switch (m.type) {
	case DHCP_DISCOVER:
		slot = discover(dhcp, &m, now_s);
		type = slot ? DHCP_OFFER : 0;
		break;
	case DHCP_REQUEST:
		if (m.server && m.server != dhcp->spec.own)
			return 0; /* it has chosen another server */
		slot = request(dhcp, &m, now_s);
		type = slot ? DHCP_ACK : DHCP_NAK;
		break;
	case DHCP_DECLINE:
		slot = decline(dhcp, &m, now_s);
		break;
	case DHCP_RELEASE:
		slot = release(dhcp, &m, now_s);
		break;
	case DHCP_INFORM:
		type = DHCP_ACK;
		break;
	default:
		return 0; /* of a server */
	}
	if (slot && !slot->offered)
		note(dhcp, slot);
	*changed = dhcp->changes;
	return type ? answer(dhcp, type, slot, &m, reply) : 0;
}

const struct lease *dhcp_of_address(const struct dhcp *dhcp, uint32_t ip)
{
	const struct slot *slot = slot_at(dhcp, ip);

	return slot && !mac_is_zero(slot->lease.mac) ? &slot->lease : NULL;
}

static struct slot *discover(
    struct dhcp *dhcp, const struct dhcp_message *m, uint64_t now_s)
{
	struct slot *slot = slot_for(dhcp, m, now_s);

	if (!slot)
		return NULL;
	/* a lease that runs is not shortened by asking again */
	if (memcmp(slot->lease.mac, m->mac, ETH_ADDR) != 0 ||
	    slot->lease.until_s < now_s + DHCP_OFFER_S) {
		slot->offered = true;
		give(dhcp, slot, m, now_s + DHCP_OFFER_S);
	}
	return slot;
}

/* Return: NULL: it may not have the address that it asks for. */
static struct slot *request(
    struct dhcp *dhcp, const struct dhcp_message *m, uint64_t now_s)
{
	uint32_t ip = m->ciaddr ? m->ciaddr : m->wanted;
	struct slot *slot = slot_at(dhcp, ip), *has = slot_of(dhcp, m->mac);

	if (!slot || !may_have(dhcp, slot, m->mac, now_s))
		return NULL;
	/* it left another that it has not released */
	if (has && has != slot && !m->server && has->lease.until_s > now_s)
		return NULL;
	slot->offered = false;
	give(dhcp, slot, m, now_s + DHCP_LEASE_S);
	return slot;
}

/* Somebody answers there who has no lease. */
static struct slot *decline(
    struct dhcp *dhcp, const struct dhcp_message *m, uint64_t now_s)
{
	static const uint8_t nobody[ETH_ADDR] = {2, 0, 0, 0, 0, 0};
	struct slot *slot = slot_of(dhcp, m->mac);

	if (!slot || slot->lease.ip != m->wanted || fixed_of(dhcp, m->mac))
		return NULL;
	/* the MAC of the address itself: of one slot only */
	memcpy(slot->lease.mac, nobody, ETH_ADDR);
	for (int i = 0; i < 4; i++)
		slot->lease.mac[2 + i] = (uint8_t)(m->wanted >> (24 - 8 * i));
	slot->lease.until_s = now_s + DHCP_DECLINED_S;
	*slot->lease.name = '\0';
	slot->offered = false;
	return slot;
}

static struct slot *release(
    struct dhcp *dhcp, const struct dhcp_message *m, uint64_t now_s)
{
	struct slot *slot = slot_of(dhcp, m->mac);

	if (!slot || slot->lease.ip != m->ciaddr)
		return NULL;
	if (slot->lease.until_s > now_s)
		slot->lease.until_s = now_s;
	slot->offered = false;
	return slot;
}

static struct slot *slot_at(const struct dhcp *dhcp, uint32_t ip)
{
	uint32_t i = ip - dhcp->spec.net;

	return i < dhcp->size ? (struct slot *)&dhcp->slots[i] : NULL;
}

/* The slot that @mac has, or had last. */
static struct slot *slot_of(const struct dhcp *dhcp, const uint8_t *mac)
{
	for (uint32_t i = 0; i < dhcp->size; i++)
		if (memcmp(dhcp->slots[i].lease.mac, mac, ETH_ADDR) == 0)
			return (struct slot *)&dhcp->slots[i];
	return NULL;
}

/* Its fixed one, the one it had, the one it wishes, or any. */
static struct slot *slot_for(
    struct dhcp *dhcp, const struct dhcp_message *m, uint64_t now_s)
{
	const struct nat_fixed *fixed = fixed_of(dhcp, m->mac);
	struct slot *slot = fixed ? slot_at(dhcp, fixed->ip) : NULL;

	if (fixed)
		return may_have(dhcp, slot, m->mac, now_s) ? slot : NULL;
	slot = slot_of(dhcp, m->mac);
	if (slot && may_have(dhcp, slot, m->mac, now_s))
		return slot;
	slot = m->wanted ? slot_at(dhcp, m->wanted) : NULL;
	if (slot && may_have(dhcp, slot, m->mac, now_s))
		return slot;
	return oldest_free(dhcp, now_s);
}

/* The lowest that nobody has had, or the one that ended longest ago. */
static struct slot *oldest_free(struct dhcp *dhcp, uint64_t now_s)
{
	struct slot *best = NULL;

	for (uint32_t ip = dhcp->spec.first; ip <= dhcp->spec.last; ip++) {
		struct slot *slot = slot_at(dhcp, ip);

		if (slot->lease.until_s > now_s || is_fixed(dhcp, ip) ||
		    ip == dhcp->spec.own)
			continue;
		if (!best || slot->lease.until_s < best->lease.until_s)
			best = slot;
	}
	return best;
}

/* @now_s 0: whoever has it keeps it. */
static bool may_have(const struct dhcp *dhcp, const struct slot *slot,
    const uint8_t *mac, uint64_t now_s)
{
	const struct nat_fixed *fixed = fixed_of(dhcp, mac);
	const struct lease *lease = &slot->lease;

	if (fixed
		? fixed->ip != lease->ip
		: lease->ip < dhcp->spec.first || lease->ip > dhcp->spec.last ||
		      lease->ip == dhcp->spec.own || is_fixed(dhcp, lease->ip))
		return false;
	return lease->until_s <= now_s ||
	       memcmp(lease->mac, mac, ETH_ADDR) == 0;
}

static const struct nat_fixed *fixed_of(
    const struct dhcp *dhcp, const uint8_t *mac)
{
	for (int i = 0; i < dhcp->spec.n_fixed; i++)
		if (memcmp(dhcp->spec.fixed[i].mac, mac, ETH_ADDR) == 0)
			return &dhcp->spec.fixed[i];
	return NULL;
}

static bool is_fixed(const struct dhcp *dhcp, uint32_t ip)
{
	for (int i = 0; i < dhcp->spec.n_fixed; i++)
		if (dhcp->spec.fixed[i].ip == ip)
			return true;
	return false;
}

/* A guest has one address: it loses the one before. */
static void give(struct dhcp *dhcp, struct slot *slot,
    const struct dhcp_message *m, uint64_t until_s)
{
	struct slot *had = slot_of(dhcp, m->mac);
	struct lease *lease = &slot->lease;

	if (had && had != slot) {
		had->lease = (struct lease){.ip = had->lease.ip};
		had->offered = false;
		note(dhcp, had);
	}
	memcpy(lease->mac, m->mac, ETH_ADDR);
	lease->until_s = until_s;
	strlcpy(lease->name, m->name, sizeof(lease->name));
}

static void note(struct dhcp *dhcp, const struct slot *slot)
{
	dhcp->changes.leases[dhcp->changes.n++] = &slot->lease;
}

static size_t answer(const struct dhcp *dhcp, enum dhcp_type type,
    const struct slot *slot, const struct dhcp_message *m, uint8_t *reply)
{
	const struct nat_spec *spec = &dhcp->spec;
	struct dhcp_reply r = {.type = type, .server = spec->own};

	memcpy(r.from, dhcp->mac, ETH_ADDR);
	if (type != DHCP_NAK) {
		r.mask = spec->mask;
		r.router = spec->router;
		r.n_dns = spec->n_dns;
		memcpy(r.dns, spec->dns, sizeof(r.dns));
	}
	if (slot) {
		r.address = slot->lease.ip;
		r.lease_s = DHCP_LEASE_S;
	}
	return dhcp_reply_write(&r, m, reply);
}
