/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * prop_dhcp.c - random guests of a small network, some of them liars: no address
 * is ever acknowledged to one guest while another's lease of it runs, no guest
 * holds two, a fixed address goes to its guest alone, and a server that was
 * restored from the lines that the first one wrote agrees with it.
 *
 *     prop_dhcp [SEED]
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/dhcp_client.h"

enum { STEPS = 200000, GUESTS = 30, NET = 0x0a000200, SIZE = 32 };

/* What guests were told. */
static struct {
	uint8_t guest; /* 0: nobody */
	uint64_t until_s;
} held[SIZE];

static char board[SIZE][LEASE_LINE];
static unsigned long seed;
static uint64_t now_s = 1000000;

static void fault(int step, const char *what)
{
	printf("seed %lu, step %d: %s\n", seed, step, what);
	exit(EXIT_FAILURE);
}

static uint32_t below(uint32_t n)
{
	return (uint32_t)random() % n;
}

static struct dhcp *restore(const struct nat_spec *spec, const uint8_t *mac)
{
	struct dhcp *dhcp = dhcp_new(spec, mac);
	struct lease lease;

	for (int i = 0; i < SIZE; i++)
		if (lease_read(board[i], &lease))
			dhcp_restore(dhcp, &lease);
	return dhcp;
}

/* @guest was told that it has @ip from now on. */
static void told(int step, uint8_t guest, uint32_t ip)
{
	uint32_t at = ip - NET;

	if (at < 4 || at >= SIZE - 1)
		fault(step, "an address outside of the range");
	if (held[at].guest && held[at].guest != guest &&
	    held[at].until_s > now_s)
		fault(step, "an address that another guest has");
	if ((at == 9) != (guest == 7))
		fault(step, "the fixed address and its guest");
	for (uint32_t i = 0; i < SIZE; i++)
		if (held[i].guest == guest)
			held[i].guest = 0;
	held[at].guest = guest;
	held[at].until_s = now_s + DHCP_LEASE_S;
}

static void step(struct dhcp *dhcp, int n)
{
	static const enum dhcp_type types[] = {DHCP_DISCOVER, DHCP_DISCOVER,
	    DHCP_REQUEST, DHCP_REQUEST, DHCP_REQUEST, DHCP_RELEASE,
	    DHCP_DECLINE, DHCP_INFORM};
	enum dhcp_type type = types[below(8)];
	uint8_t guest = (uint8_t)(1 + below(GUESTS));
	uint32_t ciaddr = below(3) ? 0 : NET + below(SIZE);
	uint32_t wanted = below(4) ? NET + below(SIZE + 2) : 0;
	uint32_t server = below(2) ? NET + 2 : 0;
	struct client_frame c =
	    client_frame(type, guest, ciaddr, wanted, server);
	uint8_t reply[DHCP_FRAME_MAX];
	struct dhcp_changes changed;

	size_t len = dhcp_answer(dhcp, c.bytes, c.len, now_s, reply, &changed);
	for (int i = 0; i < changed.n; i++)
		lease_write(
		    changed.leases[i], board[changed.leases[i]->ip - NET]);
	if (len && client_type(reply, len) == DHCP_ACK && type == DHCP_REQUEST)
		told(n, guest, client_address(reply));
	/* a guest gives back only what it has */
	uint32_t at = (type == DHCP_RELEASE ? ciaddr : wanted) - NET;
	if ((type == DHCP_RELEASE || (type == DHCP_DECLINE && guest != 7)) &&
	    at < SIZE && held[at].guest == guest)
		held[at].guest = 0;
}

int main(int argc, char *argv[])
{
	static const uint8_t mac[] = {0x52, 0x55, 10, 0, 2, 2};
	struct nat_spec spec;
	char err[PORT_ERR];

	seed = argc > 1 ? strtoul(argv[1], NULL, 0) : 1;
	srandom((unsigned)seed);
	nat_spec_net(&spec, "10.0.2.0/27", err);
	nat_spec_set(&spec, "dhcp", ".4-.30", err);
	nat_spec_set(&spec, "lease", "02:00:00:00:00:07=.9", err);
	struct dhcp *dhcp = dhcp_new(&spec, mac);
	for (int n = 0; n < STEPS; n++) {
		step(dhcp, n);
		now_s += below(50) ? 1 : below(DHCP_LEASE_S);
		if (below(500))
			continue;
		dhcp_free(dhcp);
		dhcp = restore(&spec, mac);
	}
	dhcp_free(dhcp);
	printf("%d messages of %d guests, seed %lu\n", STEPS, GUESTS, seed);
	return EXIT_SUCCESS;
}
