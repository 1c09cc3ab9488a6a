/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * probe.c - the bytes of a loop probe: see probe.h.
 */
#include "probe.h"

#include <string.h>

#include "forwarding/byte_order.h"

static const uint8_t destination[ETH_ADDR] = {0x03, 0x51, 0x53, 0x57, 0, 1};
static const uint8_t magic[] = {'q', 's', 'w', 'p', 'r', 'o', 'b', 'e'};

/* Offsets behind the EtherType. */
enum {
	ETHERTYPE_EXPERIMENT = 0x88b5,
	AT_PORT = sizeof(magic),
	AT_SECRET = AT_PORT + 2,
	PROBE_LEN = AT_SECRET + PROBE_SECRET,
};

void probe_build(
    uint8_t *bytes, const uint8_t *source, int port, const uint8_t *secret)
{
	uint8_t *body = bytes + ETH_HEAD;

	memset(bytes, 0, PROBE_FRAME);
	memcpy(bytes, destination, ETH_ADDR);
	memcpy(bytes + ETH_ADDR, source, ETH_ADDR);
	put_be16(bytes + ETH_ADDRS, ETHERTYPE_EXPERIMENT);
	memcpy(body, magic, sizeof(magic));
	put_be16(body + AT_PORT, (uint16_t)port);
	memcpy(body + AT_SECRET, secret, PROBE_SECRET);
}

int probe_port(const struct frame *f, const uint8_t **secret)
{
	const uint8_t *body = f->body + (ETH_HEAD - ETH_ADDRS);

	if (f->body_len < (ETH_HEAD - ETH_ADDRS) + PROBE_LEN ||
	    frame_type(f) != ETHERTYPE_EXPERIMENT ||
	    memcmp(body, magic, sizeof(magic)) != 0)
		return 0;
	*secret = body + AT_SECRET;
	return be16(body + AT_PORT);
}
