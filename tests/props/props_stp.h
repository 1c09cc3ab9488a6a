/* SPDX-License-Identifier: BSD-2-Clause */
/* props_stp.h - what the parts of props_stp share: the random network under
 * test and the way to say that a property does not hold. */
#ifndef TESTS_PROPS_PROPS_STP_H
#define TESTS_PROPS_PROPS_STP_H

#include <stdbool.h>
#include <stdint.h>

#include "stp/sim.h"

enum {
	BRIDGES_MAX = 24,
	LANS_MAX = 64,
	ENDS_MAX = 6,
	DELAY_MAX_MS = 20,
};

/* The families of networks: see props_stp.c. */
enum family { PLAIN, OFFICE, MUTE, WRONG, FAMILIES };

/** struct world - one random network and what has been seen of it */
struct world {
	uint64_t seed;	 /* repeats the run */
	uint64_t random; /* state of below() */
	enum family family;
	struct sim *sim;
	bool loop;		   /* now */
	uint64_t loop_began_at_ms; /* if loop */
};

/** struct record - the extremes of all networks of this run */
struct record {
	uint64_t slowest_ms;	  /* settling took at most */
	uint64_t longest_loop_ms; /* a loop lasted at most */
	uint64_t delivered;	  /* BPDUs */
	uint64_t settled;	  /* times */
	uint64_t late;		  /* of these, later than without hold times */
	bool verbose;		  /* tell events */
};

extern struct record record;

/* --- props_stp.c ----------------------------------------------------- */

/** mix() - the number that follows @x in a random sequence */
uint64_t mix(uint64_t x);

/** below() - a random number from 0 to @limit - 1; 0 if @limit is 0 */
uint32_t below(struct world *w, uint32_t limit);

/** chance() - true in @percent of 100 calls */
bool chance(struct world *w, uint32_t percent);

/** tell() - print an event and its time, if verbose */
__attribute__((format(printf, 2, 3))) void tell(
    struct world *w, const char *format, ...);

/** broken() - print what does not hold and how to repeat it, and exit 1 */
__attribute__((format(printf, 2, 3), noreturn)) void broken(
    struct world *w, const char *format, ...);

/* --- props_stp_network.c ----------------------------------------------- */

/** build_network() - create w->sim: bridges, LANs, costs and policies */
void build_network(struct world *w);

/** random_id() - a bridge identifier that no other bridge has */
uint64_t random_id(struct world *w, int bridge);

/** random_cost() - a path cost, often one of Table 8-5 */
uint32_t random_cost(struct world *w);

/* --- props_stp_events.c ------------------------------------------------- */

/** switch_on() - all links come up, at once or bridge by bridge */
void switch_on(struct world *w);

/** event() - a cut, a repair, a dying bridge or management */
void event(struct world *w);

/** be_deaf() - BPDUs are lost for less than it takes to forget the root */
void be_deaf(struct world *w);

/* --- props_stp_checks.c ------------------------------------------------- */

/** on_moment() - check what holds always: sim->moment, with a world as @ctx */
void on_moment(struct sim *sim, void *ctx);

/** settle_down() - let the time pass and check what holds at last */
void settle_down(struct world *w);

#endif
