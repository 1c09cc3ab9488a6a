/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_dhcp.c - frames of a guest for the DHCP server, two in a row, and the
 * lines in which leases are kept. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "switch/nat/dhcp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void answer(struct dhcp *dhcp, const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1), reply[DHCP_FRAME_MAX];
	struct dhcp_changes changed;
	char line[LEASE_LINE];
	struct lease lease;

	memcpy(copy, data, size);
	if (dhcp_answer(dhcp, copy, size, 1000, reply, &changed) >
	    sizeof(reply))
		abort();
	for (int i = 0; i < changed.n; i++) {
		lease_write(changed.leases[i], line);
		if (!lease_read(line, &lease) ||
		    memcmp(&lease, changed.leases[i], sizeof(lease)) != 0)
			abort();
	}
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t mac[] = {0x52, 0x55, 10, 0, 2, 2};
	struct nat_spec spec;
	char err[PORT_ERR], line[LEASE_LINE];
	struct lease lease;

	nat_spec_net(&spec, "10.0.2.0/28", err);
	struct dhcp *dhcp = dhcp_new(&spec, mac);
	if (size > sizeof(line)) {
		memcpy(line, data, sizeof(line));
		line[LEASE_LINE - 1] = '\n';
		if (lease_read(line, &lease))
			dhcp_restore(dhcp, &lease);
	}
	answer(dhcp, data, size / 2);
	answer(dhcp, data + size / 2, size - size / 2);
	answer(dhcp, data, size);
	dhcp_free(dhcp);
	return 0;
}
