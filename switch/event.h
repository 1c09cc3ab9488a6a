/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * event.h - what happens in the switch, as it happens, for `monitor`.
 *
 * An event is valid during the call only. A frame causes one only if the
 * filtering database learned from it. None is made while nobody listens
 * (qswitch.listeners).
 */
#ifndef SWITCH_EVENT_H
#define SWITCH_EVENT_H

#include <stdint.h>

/*     X(name, "sentence") */
#define EVENTS(X)                                    \
	X(port_added, "port added")                  \
	X(port_removed, "port removed")              \
	X(port_up, "port up")                        \
	X(port_down, "port down")                    \
	X(port_state, "spanning tree state changed") \
	X(mac_learned, "address learned")            \
	X(mac_moved, "address moved")                \
	X(mac_claimed, "address claimed")            \
	X(topology_change, "topology change")        \
	X(new_root, "new root bridge")               \
	X(loop, "loop through a machine, port blocked")

enum event_type {
#define X(name, text) EVENT_##name,
	EVENTS(X)
#undef X
	    EVENT_COUNT
};

struct event {
	enum event_type type;
	const char *port;      /* name, NULL: none */
	const char *from_port; /* mac_moved, mac_claimed: where it was or is */
	const uint8_t *mac;    /* 6 bytes, NULL: none */
	uint16_t vid;
	uint64_t frame;	    /* number of the frame that caused it; 0: none */
	const char *detail; /* reason, new state, ...; NULL: none */
};

/** event_name() - "port_up" */
const char *event_name(enum event_type type);

/** event_text() - what it means, in a few words: "port up" */
const char *event_text(enum event_type type);

#endif
