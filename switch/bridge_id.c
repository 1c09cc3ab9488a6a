/* SPDX-License-Identifier: BSD-2-Clause */
/* bridge_id.c - an address by which this switch is known: see bridge_id.h. */
#include "bridge_id.h"

#include <stdio.h>
#include <sys/utsname.h>

static uint64_t hash_machine(uint64_t h);
static uint64_t hash(uint64_t h, const char *text);

void bridge_id_address(
    const char *name, const char *control, uint8_t address[ETH_ADDR])
{
	uint64_t h = hash_machine(UINT64_C(0xcbf29ce484222325));

	h = hash(hash(h, name), control);
	for (int i = 0; i < ETH_ADDR; i++)
		address[i] = (uint8_t)(h >> 8 * i);
	/* locally administered, individual */
	address[0] = (uint8_t)((address[0] & 0xfc) | 0x02);
}

static uint64_t hash_machine(uint64_t h)
{
	char id[64];
	struct utsname uts;
	FILE *file = fopen("/etc/machine-id", "re");

	if (file) {
		bool got = fgets(id, sizeof(id), file);

		fclose(file);
		if (got)
			return hash(h, id);
	}
	return uname(&uts) == 0 ? hash(h, uts.nodename) : h;
}

/* FNV-1a, 64 bits: spreads names well, and needs to keep no secret. */
static uint64_t hash(uint64_t h, const char *text)
{
	for (; *text; text++)
		h = (h ^ (uint8_t)*text) * UINT64_C(0x100000001b3);
	return (h ^ 0xff) * UINT64_C(0x100000001b3); /* end of this text */
}
