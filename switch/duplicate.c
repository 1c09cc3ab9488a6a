/* SPDX-License-Identifier: BSD-2-Clause */
/* duplicate.c - an address on two ports: see duplicate.h. */
#include "duplicate.h"

#include <string.h>

bool duplicate_note(struct duplicate *d, const uint8_t mac[ETH_ADDR],
    uint16_t vid, int from, int to, uint64_t now_ms)
{
	struct duplicate_move *move =
	    &d->moves[(mac[3] ^ mac[4] ^ mac[5]) % DUPLICATE_MOVES];
	bool back = move->to == from && move->from == to && move->vid == vid &&
		    memcmp(move->mac, mac, ETH_ADDR) == 0 &&
		    now_ms - move->at_ms < DUPLICATE_MS;

	*move = (struct duplicate_move){
	    .vid = vid,
	    .from = (uint16_t)from,
	    .to = (uint16_t)to,
	    .at_ms = now_ms,
	};
	memcpy(move->mac, mac, ETH_ADDR);
	return back;
}
