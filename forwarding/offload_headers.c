/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * offload_headers.c - the headers of a frame that is to be finished. Every
 * length is checked against the frame.
 *
 * The walk goes from header to header. `type` is the EtherType of what lies at
 * `at`; tunnels that name an IP protocol are translated.
 */
#include "offload_headers.h"

#include "byte_order.h"

enum {
	TYPE_IPV4 = 0x0800,
	TYPE_IPV6 = 0x86dd,
	TYPE_ETHERNET = 0x6558,
	TYPE_MPLS = 0x8847,
	TYPE_MPLS_GROUP = 0x8848,
	TYPE_PPPOE = 0x8864,
	TYPE_TPID_OLD = 0x9100, /* stacked tags before 802.1ad */
};

/* IP protocols that are tunnels */
enum {
	PROTO_IPIP = 4,
	PROTO_IPV6 = 41,
	PROTO_GRE = 47,
	PROTO_ETHERIP = 97,
	PROTO_MPLS = 137,
};

/* Headers that a walk looks at: more than anybody stacks. */
enum { STEPS = 24 };

struct walk {
	const struct frame *f;
	struct headers *h;
	size_t at;
	uint16_t type;
};

enum step { FAIL, GO_ON, FOUND };

static bool walk_on(struct walk *w);
static enum step step(struct walk *w);
static bool has(const struct walk *w, size_t bytes);
static const uint8_t *here(const struct walk *w);
static size_t limit(const struct walk *w);
static enum step step_type(struct walk *w);
static enum step step_mpls(struct walk *w);
static enum step step_pppoe(struct walk *w);
static enum step step_ipv4(struct walk *w);
static bool set_end(struct walk *w, size_t start, size_t len);
static enum step push_ip(struct walk *w, enum layer_kind kind);
static bool push(struct walk *w, enum layer_kind kind);
static enum step step_ipv6(struct walk *w);
static bool is_extension(uint8_t proto);
static enum step step_proto(struct walk *w, uint8_t proto);
static enum step step_gre(struct walk *w);
static bool enter_udp(struct walk *w);
static bool enter_tunnel(struct walk *w);
static bool parse_l4(const struct frame *f, struct headers *h);

bool headers_first(const struct frame *f, struct headers *h)
{
	struct walk w = {
	    .f = f, .h = h, .at = ETH_ADDRS, .type = TYPE_ETHERNET};

	h->n_layers = 0;
	h->end = frame_untagged_len(f);
	return step_type(&w) == GO_ON && walk_on(&w);
}

bool headers_inner(const struct frame *f, struct headers *h)
{
	struct walk w = {.f = f, .h = h, .at = h->l4};

	return h->proto == PROTO_UDP && enter_udp(&w) && walk_on(&w);
}

bool headers_find(const struct frame *f, size_t l4, struct headers *h)
{
	bool found = headers_first(f, h);

	while (found && h->l4 < l4)
		found = headers_inner(f, h);
	return found && h->l4 == l4;
}

bool headers_parse(const struct frame *f, struct headers *h)
{
	const struct offload *off = &f->off;
	uint8_t gso = off->gso_type;

	if (off->needs_csum ? !headers_find(f, off->csum_start, h)
			    : !headers_first(f, h))
		return false;
	if (h->proto == PROTO_TCP ? gso != (h->ipv6 ? GSO_TCPV6 : GSO_TCPV4)
				  : h->proto != PROTO_UDP || gso != GSO_UDP_L4)
		return false;
	return parse_l4(f, h);
}

/* To the next transport header. */
static bool walk_on(struct walk *w)
{
	enum step result = GO_ON;

	for (int i = 0; i < STEPS && result == GO_ON; i++)
		result = step(w);
	return result == FOUND;
}

static enum step step(struct walk *w)
{
	switch (w->type) {
	case TYPE_IPV4:
		return step_ipv4(w);
	case TYPE_IPV6:
		return step_ipv6(w);
	case TPID_8021Q:
	case TPID_8021AD:
	case TYPE_TPID_OLD:
		w->at += VLAN_TAG - 2;
		return step_type(w);
	case TYPE_ETHERNET:
		w->at += ETH_ADDRS;
		return step_type(w);
	case TYPE_MPLS:
	case TYPE_MPLS_GROUP:
		return step_mpls(w);
	case TYPE_PPPOE:
		return step_pppoe(w);
	default:
		return FAIL;
	}
}

/* Are there @bytes more? */
static bool has(const struct walk *w, size_t bytes)
{
	return w->at + bytes <= limit(w);
}

static const uint8_t *here(const struct walk *w)
{
	return frame_at(w->f, w->at);
}

/* The end of what encloses the header at `at`. */
static size_t limit(const struct walk *w)
{
	return w->h->end;
}

/* A type field. */
static enum step step_type(struct walk *w)
{
	if (!has(w, 2))
		return FAIL;
	w->type = be16(here(w));
	w->at += 2;
	return GO_ON;
}

/* Labels up to the bottom of the stack; what follows is IP, or Ethernet behind
 * a control word that begins with 0 (RFC 4385). */
static enum step step_mpls(struct walk *w)
{
	const uint8_t *label;

	if (!push(w, LAYER_MPLS))
		return FAIL;
	for (int i = 0; i < STEPS; i++) {
		if (!has(w, 4 + 1))
			return FAIL;
		label = here(w);
		w->at += 4;
		if (!(label[2] & 1))
			continue;
		w->type = here(w)[0] >> 4 == 4	 ? TYPE_IPV4
			  : here(w)[0] >> 4 == 6 ? TYPE_IPV6
						 : TYPE_ETHERNET;
		if (here(w)[0] >> 4 == 0)
			w->at += 4;
		return GO_ON;
	}
	return FAIL;
}

/* RFC 2516: a session, and in it PPP with a protocol field of 2 bytes. */
static enum step step_pppoe(struct walk *w)
{
	enum { PPP_IPV4 = 0x0021, PPP_IPV6 = 0x0057 };
	const uint8_t *head = here(w);

	if (!has(w, PPPOE_HEAD + 2) || head[0] != 0x11 || head[1] != 0 ||
	    !set_end(w, w->at, be16(head + 4) ? be16(head + 4) + 6u : 0) ||
	    !has(w, PPPOE_HEAD + 2) || !push(w, LAYER_PPPOE))
		return FAIL;
	uint16_t protocol = be16(head + PPPOE_HEAD);
	w->at += PPPOE_HEAD + 2;
	w->type = protocol == PPP_IPV4	 ? TYPE_IPV4
		  : protocol == PPP_IPV6 ? TYPE_IPV6
					 : 0;
	return GO_ON;
}

static enum step step_ipv4(struct walk *w)
{
	const uint8_t *ip = here(w);

	if (!has(w, IPV4_HEAD))
		return FAIL;
	size_t header_len = (ip[0] & 15) * 4u;
	bool fragment = be16(ip + 6) & 0x3fff; /* more fragments, or offset */
	if (ip[0] >> 4 != 4 || header_len < IPV4_HEAD || fragment ||
	    !set_end(w, w->at, be16(ip + 2)) || push_ip(w, LAYER_IPV4) == FAIL)
		return FAIL;
	w->at += header_len;
	return step_proto(w, ip[9]);
}

/*
 * The end of a packet whose header gives its length as @len; senders that leave
 * the length to the segmentation write 0. The outermost may be shorter than the
 * frame, which is padded then; what is cut inside a tunnel has to fill it.
 */
static bool set_end(struct walk *w, size_t start, size_t len)
{
	size_t end = len ? start + len : limit(w);

	if (end > limit(w) || (w->h->n_layers > 0 && end != limit(w)))
		return false;
	w->h->end = end;
	return true;
}

static enum step push_ip(struct walk *w, enum layer_kind kind)
{
	w->h->ip = w->at;
	w->h->ipv6 = kind == LAYER_IPV6;
	w->h->routed = false;
	return push(w, kind) ? GO_ON : FAIL;
}

static bool push(struct walk *w, enum layer_kind kind)
{
	struct headers *h = w->h;

	if (h->n_layers == HEADERS_LAYERS)
		return false;
	h->layers[h->n_layers++] = (struct layer){kind, w->at};
	return true;
}

static enum step step_ipv6(struct walk *w)
{
	const uint8_t *ip = here(w);

	if (!has(w, IPV6_HEAD) || ip[0] >> 4 != 6)
		return FAIL;
	size_t len = be16(ip + 4);
	uint8_t proto = ip[6];
	if (!set_end(w, w->at, len ? IPV6_HEAD + len : 0) ||
	    push_ip(w, LAYER_IPV6) == FAIL)
		return FAIL;
	w->at += IPV6_HEAD;
	for (int i = 0; is_extension(proto); i++) {
		if (i == STEPS || !has(w, 8))
			return FAIL;
		w->h->routed = w->h->routed || proto == 43;
		proto = here(w)[0];
		w->at += 8 + 8u * here(w)[1];
	}
	return step_proto(w, proto);
}

/* Is @proto an IPv6 extension header that may precede TCP or UDP and gives its
 * length in units of 8? (RFC 8200 4.1) */
static bool is_extension(uint8_t proto)
{
	enum { HOP_BY_HOP = 0, ROUTING = 43, DESTINATION = 60 };

	return proto == HOP_BY_HOP || proto == ROUTING || proto == DESTINATION;
}

/* Behind an IP header. */
static enum step step_proto(struct walk *w, uint8_t proto)
{
	w->h->proto = proto;
	w->h->l4 = w->at;
	switch (proto) {
	case PROTO_TCP:
		return has(w, TCP_HEAD) ? FOUND : FAIL;
	case PROTO_UDP:
		return has(w, UDP_HEAD) ? FOUND : FAIL;
	case PROTO_SCTP:
		return has(w, SCTP_HEAD) ? FOUND : FAIL;
	case PROTO_GRE:
		return step_gre(w);
	case PROTO_IPIP:
		w->type = TYPE_IPV4;
		return GO_ON;
	case PROTO_IPV6:
		w->type = TYPE_IPV6;
		return GO_ON;
	case PROTO_MPLS:
		w->type = TYPE_MPLS;
		return GO_ON;
	case PROTO_ETHERIP:
		w->at += 2;
		w->type = TYPE_ETHERNET;
		return GO_ON;
	default:
		return FAIL;
	}
}

/* RFC 2784 and 2890: version 0, without routing. */
static enum step step_gre(struct walk *w)
{
	const uint8_t *gre = here(w);

	if (!has(w, 4) || gre[1] & 7 || gre[0] & 0x40 || !push(w, LAYER_GRE))
		return FAIL;
	w->type = be16(gre + 2);
	w->at += 4 + (gre[0] & 0x80 ? 4u : 0) + (gre[0] & 0x20 ? 4u : 0) +
		 (gre[0] & 0x10 ? 4u : 0);
	return has(w, 0) ? GO_ON : FAIL;
}

/* At a UDP header: what does it carry? */
static bool enter_udp(struct walk *w)
{
	if (!push(w, LAYER_UDP))
		return false;
	w->at += UDP_HEAD;
	return has(w, 8) && enter_tunnel(w);
}

/* Ports are configured differently everywhere, so the bytes have to tell. */
static bool enter_tunnel(struct walk *w)
{
	enum { VXLAN_VNI = 0x08, GPE_PROTO = 0x04, GUE_CONTROL = 0x20 };
	static const uint16_t gpe_types[] = {
	    0, TYPE_IPV4, TYPE_IPV6, TYPE_ETHERNET};
	const uint8_t *p = here(w);
	uint16_t type = be16(p + 2);

	if (p[0] >> 4 == 4 || p[0] >> 4 == 6) { /* IP itself (FOU) */
		w->type = p[0] >> 4 == 4 ? TYPE_IPV4 : TYPE_IPV6;
	} else if (p[0] >> 6 == 0 &&
		   (type == TYPE_ETHERNET || type == TYPE_IPV4 ||
		       type == TYPE_IPV6)) {
		w->type = type; /* Geneve (RFC 8926), with options */
		w->at += 8 + 4u * (p[0] & 63);
	} else if ((p[0] & (VXLAN_VNI | GPE_PROTO)) == VXLAN_VNI) {
		w->type = TYPE_ETHERNET; /* VXLAN (RFC 7348) */
		w->at += 8;
	} else if (p[0] & VXLAN_VNI) {
		w->type = p[3] <= 3 ? gpe_types[p[3]] : 0; /* VXLAN-GPE */
		w->at += 8;
	} else if (!(p[0] >> 6) && !(p[0] & GUE_CONTROL)) {
		w->type = p[1] == PROTO_IPIP   ? TYPE_IPV4
			  : p[1] == PROTO_IPV6 ? TYPE_IPV6
					       : 0; /* GUE */
		w->at += 4 + 4u * (p[0] & 31);
	} else {
		return false;
	}
	return has(w, 0);
}

static bool parse_l4(const struct frame *f, struct headers *h)
{
	size_t header_len = UDP_HEAD;

	if (h->proto == PROTO_TCP) {
		header_len = (frame_at(f, h->l4)[12] >> 4) * 4u;
		if (header_len < TCP_HEAD)
			return false;
	}
	h->payload = h->l4 + header_len;
	return h->payload <= h->end;
}
