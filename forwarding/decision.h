/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * decision.h - what should become of one frame, and why.
 *
 * The set of egress ports follows from the verdict: out_port alone, all
 * forwarding ports but in_port, or none. bridge_egress() spells it out. The
 * decision itself stays small, as one is made for each frame.
 */
#ifndef FORWARDING_DECISION_H
#define FORWARDING_DECISION_H

#include <stdint.h>

#include "fdb.h"
#include "verdict.h"

struct decision {
	enum verdict verdict;
	uint16_t vid; /* the VLAN that the frame was classified to */
	uint16_t in_port;
	uint16_t out_port; /* where the database has the destination, else 0 */
	struct fdb_fact fact; /* of the destination, if it is known */
};

#endif
