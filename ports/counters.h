/* SPDX-License-Identifier: BSD-2-Clause */
/* counters.h - what a port has counted since it was made; nothing resets it. */
#ifndef PORTS_COUNTERS_H
#define PORTS_COUNTERS_H

#include <stdint.h>

struct port_counters {
	uint64_t rx_frames;
	uint64_t rx_bytes;
	uint64_t rx_dropped; /* lost before we could read: kernel's count */
	uint64_t rx_invalid; /* cut short, or asking for a senseless offload */
	/* every copy that the switch queued is counted in one of these five */
	uint64_t tx_frames;
	uint64_t tx_full;     /* the device or peer did not take it */
	uint64_t tx_oversize; /* longer than the port's MTU */
	uint64_t tx_down;     /* the device was down, such as a TAP in a guest's
				 namespace that nobody has brought up yet */
	uint64_t tx_error;    /* refused otherwise, or the port had failed */
	uint64_t tx_bytes;    /* of tx_frames */
	/* how tx_frames left */
	uint64_t tx_csummed;   /* checksum finished in software */
	uint64_t tx_segmented; /* super-frames cut in software */
	uint64_t tx_segments;  /* frames that these became */
};

#endif
