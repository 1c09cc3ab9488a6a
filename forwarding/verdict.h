/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * verdict.h - everything that can become of a received frame.
 *
 * Each frame gets exactly one verdict. A bridge has a counter for each, so the
 * sum of the counters is the number of frames. Clauses are those of IEEE
 * 802.1D-1998.
 *
 *     X(name, "sentence for a person", "clause")
 */
#ifndef FORWARDING_VERDICT_H
#define FORWARDING_VERDICT_H

#include <stdbool.h>

#define VERDICTS(X)                                                            \
	X(forward, "forwarded to the port where the destination was heard",    \
	    "7.7")                                                             \
	X(forward_redirected,                                                  \
	    "forwarded to the uplink: an entry that has moved had taken the "  \
	    "host's frame from it",                                            \
	    "7.7")                                                             \
	X(flood_unknown,                                                       \
	    "flooded: the destination has not been heard on any port", "7.7")  \
	X(flood_redirected,                                                    \
	    "flooded, to the uplink too: an entry that has expired had taken " \
	    "the host's frame from it",                                        \
	    "7.7")                                                             \
	X(flood_multicast, "flooded: the destination is a group address",      \
	    "7.7")                                                             \
	X(flood_broadcast,                                                     \
	    "flooded: the destination is the broadcast address", "7.7")        \
	X(to_stp, "given to the spanning tree: a BPDU", "7.12.3")              \
	X(filter_same_port,                                                    \
	    "filtered: the destination is on the port it came from", "7.7.2")  \
	X(filter_horizon,                                                      \
	    "filtered: the uplink and the host behind it are one LAN, which "  \
	    "has the frame already",                                           \
	    "7.7.2")                                                           \
	X(drop_runt, "dropped: shorter than an Ethernet header", "7.5")        \
	X(drop_oversize, "dropped: longer than the longest frame allowed",     \
	    "7.5")                                                             \
	X(drop_src_group, "dropped: the source is a group address", "7.8")     \
	X(drop_src_zero, "dropped: the source address is zero", "7.8")         \
	X(drop_reserved,                                                       \
	    "dropped: the destination is reserved for the link itself",        \
	    "7.12.6")                                                          \
	X(drop_bpdu_stp_off, "dropped: a BPDU while the spanning tree is off", \
	    "7.12.6")                                                          \
	X(ignore_bpdu_rst, "ignored: a BPDU of the rapid spanning tree",       \
	    "9.3.3")                                                           \
	X(drop_bpdu_llc,                                                       \
	    "dropped: addressed to bridges, but without LLC header 42 42 03",  \
	    "9.2")                                                             \
	X(drop_bpdu_short, "dropped: a BPDU shorter than its type needs",      \
	    "9.3.3")                                                           \
	X(drop_bpdu_protocol,                                                  \
	    "dropped: a BPDU with a protocol identifier other than 0",         \
	    "9.3.3")                                                           \
	X(drop_bpdu_type, "dropped: a BPDU of unknown type", "9.3.3")          \
	X(drop_bpdu_aged,                                                      \
	    "dropped: a BPDU whose message age has reached its max age",       \
	    "8.6.2")                                                           \
	X(drop_bpdu_own, "dropped: our own BPDU came back to its port",        \
	    "8.6.2")                                                           \
	X(drop_bpdu_guarded,                                                   \
	    "dropped: a BPDU on a guarded port, which goes down", "8.8.3")     \
	X(drop_bpdu_filtered,                                                  \
	    "dropped: a BPDU of a machine, which is not believed", "8.7")      \
	X(drop_bpdu_pvst,                                                      \
	    "dropped: a BPDU of PVST+, and no other port may send BPDUs",      \
	    "8.7")                                                             \
	X(relay_bpdu_pvst,                                                     \
	    "passed on: a BPDU of PVST+, by the ports that send BPDUs", "8.7") \
	X(drop_loop,                                                           \
	    "dropped: sent by the switch, it came back: a port is blocked",    \
	    "6.3.4")                                                           \
	X(drop_probe,                                                          \
	    "dropped: a loop probe of the switch that shows no loop", "6.3.4") \
	X(drop_port_disabled, "dropped: received on a disabled port", "7.7.1") \
	X(drop_port_blocking, "dropped: received on a blocking port", "7.7.1") \
	X(drop_port_listening, "dropped: received on a listening port",        \
	    "7.7.1")                                                           \
	X(drop_port_learning,                                                  \
	    "dropped after learning: received on a learning port", "7.7.1")    \
	X(drop_egress_state,                                                   \
	    "dropped: the destination's port is not forwarding", "7.7.1")      \
	X(drop_no_egress, "dropped: no other port is forwarding", "7.7.1")     \
	X(drop_lab_full,                                                       \
	    "dropped: the lab's buffer was full while time was held", "6.3.2")

enum verdict {
#define X(name, text, clause) VERDICT_##name,
	VERDICTS(X)
#undef X
	    VERDICT_COUNT
};

/** verdict_is_forward() - does the frame go to one port, out_port? */
static inline bool verdict_is_forward(enum verdict v)
{
	return v == VERDICT_forward || v == VERDICT_forward_redirected;
}

/** verdict_is_flood() - does the frame go to all other forwarding ports? */
static inline bool verdict_is_flood(enum verdict v)
{
	return v >= VERDICT_flood_unknown && v <= VERDICT_flood_broadcast;
}

/** verdict_name() - "flood_unknown": the name in counters and JSON; static */
const char *verdict_name(enum verdict v);

/** verdict_text() - the sentence for a person; static */
const char *verdict_text(enum verdict v);

/** verdict_clause() - "7.7.2": its clause of IEEE 802.1D-1998; static */
const char *verdict_clause(enum verdict v);

#endif
