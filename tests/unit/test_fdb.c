/* SPDX-License-Identifier: BSD-2-Clause */
/* test_fdb.c - the filtering database: learning, ageing, limits, flushes. */
#include "forwarding/fdb.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cm.h"

enum { SEED = 42 };

struct mac {
	uint8_t bytes[ETH_ADDR];
};

static struct mac mac(uint32_t n)
{
	return (struct mac){{0x02, 0, (uint8_t)(n >> 24), (uint8_t)(n >> 16),
	    (uint8_t)(n >> 8), (uint8_t)n}};
}

/* Times are in seconds here, and VID is 1 unless said otherwise. */
static enum fdb_learned learn(struct fdb *fdb, uint32_t n, int port, int at_s)
{
	return fdb_learn(
	    fdb, 1, mac(n).bytes, port, n + 1000, at_s * 1000u, NULL);
}

static int lookup(const struct fdb *fdb, uint32_t n, int at_s)
{
	return fdb_lookup(fdb, 1, mac(n).bytes, at_s * 1000u, NULL);
}

static int setup(void **state)
{
	*state = fdb_new(FDB_SIZE_MIN, SEED);
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	fdb_free(*state);
	return 0;
}

static void sizes_are_checked(void **state)
{
	struct fdb *fdb;

	(void)state;
	assert_null(fdb_new(FDB_SIZE_MIN - 1, SEED));
	assert_null(fdb_new(FDB_SIZE_MAX + 1, SEED));
	fdb = fdb_new(FDB_SIZE_MAX, SEED);
	assert_non_null(fdb);
	assert_int_equal(lookup(fdb, 1, 0), 0);
	fdb_free(fdb);
	fdb_free(NULL);
}

static void an_address_is_learned_and_found(void **state)
{
	struct fdb *fdb = *state;
	struct fdb_fact fact = {0};

	assert_int_equal(lookup(fdb, 7, 5), 0);
	assert_int_equal(learn(fdb, 7, 3, 5), FDB_NEW);
	assert_int_equal(learn(fdb, 7, 3, 5), FDB_SAME);
	assert_int_equal(fdb_lookup(fdb, 1, mac(7).bytes, 12000, &fact), 3);
	assert_true(fact.known);
	assert_false(fact.is_static);
	assert_int_equal(fact.port, 3);
	assert_int_equal(fact.vid, 1);
	assert_int_equal(fact.age_s, 7);
	assert_int_equal(fact.taught, 1007);
	assert_memory_equal(fact.mac, mac(7).bytes, ETH_ADDR);
	assert_int_equal(fdb_port_count(fdb, 3), 1);
}

static void the_vid_is_part_of_the_key(void **state)
{
	struct fdb *fdb = *state;

	fdb_learn(fdb, 1, mac(7).bytes, 3, 1, 0, NULL);
	assert_int_equal(
	    fdb_learn(fdb, 4094, mac(7).bytes, 5, 2, 0, NULL), FDB_NEW);
	assert_int_equal(fdb_lookup(fdb, 1, mac(7).bytes, 0, NULL), 3);
	assert_int_equal(fdb_lookup(fdb, 4094, mac(7).bytes, 0, NULL), 5);
	assert_int_equal(fdb_lookup(fdb, 2, mac(7).bytes, 0, NULL), 0);
}

static void a_move_is_reported(void **state)
{
	struct fdb *fdb = *state;
	struct fdb_stats stats;
	struct fdb_fact fact;
	int from = 0;

	learn(fdb, 7, 3, 0);
	assert_int_equal(
	    fdb_learn(fdb, 1, mac(7).bytes, 4, 99, 2000, &from), FDB_MOVED);
	assert_int_equal(from, 3);
	assert_int_equal(fdb_lookup(fdb, 1, mac(7).bytes, 2000, &fact), 4);
	assert_int_equal(fact.taught, 99);
	assert_int_equal(fdb_port_count(fdb, 3), 0);
	assert_int_equal(fdb_port_count(fdb, 4), 1);
	fdb_stats(fdb, &stats);
	assert_int_equal(stats.moved, 1);
	assert_int_equal(stats.learned, 1);
	assert_int_equal(stats.used, 1);
}

/* Table 7-4: 300 s; never gone before, and gone one second later. */
static void entries_age(void **state)
{
	struct fdb *fdb = *state;

	assert_int_equal(fdb_ageing(fdb), 300);
	fdb_learn(fdb, 1, mac(7).bytes, 3, 1, 999, NULL);
	assert_int_equal(fdb_lookup(fdb, 1, mac(7).bytes, 300999, NULL), 3);
	assert_int_equal(fdb_lookup(fdb, 1, mac(7).bytes, 301000, NULL), 0);
}

static void being_heard_keeps_an_entry(void **state)
{
	struct fdb *fdb = *state;
	struct fdb_fact fact;

	learn(fdb, 7, 3, 0);
	assert_int_equal(learn(fdb, 7, 3, 300), FDB_SAME);
	assert_int_equal(fdb_lookup(fdb, 1, mac(7).bytes, 600000, &fact), 3);
	assert_int_equal(fact.age_s, 300);
	assert_int_equal(lookup(fdb, 7, 601), 0);
}

static void an_expired_address_is_new(void **state)
{
	struct fdb *fdb = *state;
	int from = 77;

	learn(fdb, 7, 3, 0);
	assert_int_equal(learn(fdb, 7, 3, 400), FDB_NEW);
	assert_int_equal(
	    fdb_learn(fdb, 1, mac(7).bytes, 4, 1, 800000, &from), FDB_NEW);
	assert_int_equal(from, 77);
	assert_int_equal(fdb_port_count(fdb, 3), 0);
	assert_int_equal(fdb_port_count(fdb, 4), 1);
}

static void a_new_ageing_time_counts_at_once(void **state)
{
	struct fdb *fdb = *state;

	learn(fdb, 7, 3, 0);
	fdb_set_ageing(fdb, 15);
	assert_int_equal(lookup(fdb, 7, 15), 3);
	assert_int_equal(lookup(fdb, 7, 16), 0);
	fdb_set_ageing(fdb, 300);
	assert_int_equal(lookup(fdb, 7, 16), 3);
}

static void static_entries_stay(void **state)
{
	struct fdb *fdb = *state;
	struct fdb_fact fact;

	assert_int_equal(fdb_add_static(fdb, 1, mac(7).bytes, 3, 0), 0);
	assert_int_equal(learn(fdb, 7, 4, 1), FDB_CLAIMED);
	assert_int_equal(learn(fdb, 7, 3, 1), FDB_SAME);
	assert_int_equal(fdb_lookup(fdb, 1, mac(7).bytes, 9000000, &fact), 3);
	assert_true(fact.is_static);
	assert_int_equal(fact.age_s, 0);
	assert_int_equal(fact.taught, 0);
	assert_int_equal(fdb_port_count(fdb, 3), 0);
}

static void static_replaces_dynamic_and_static(void **state)
{
	struct fdb *fdb = *state;
	struct fdb_stats stats;

	learn(fdb, 7, 3, 0);
	assert_int_equal(fdb_add_static(fdb, 1, mac(7).bytes, 4, 0), 0);
	assert_int_equal(fdb_port_count(fdb, 3), 0);
	assert_int_equal(fdb_add_static(fdb, 1, mac(7).bytes, 5, 0), 0);
	assert_int_equal(lookup(fdb, 7, 0), 5);
	fdb_stats(fdb, &stats);
	assert_int_equal(stats.used, 1);
	assert_int_equal(stats.statics, 1);
}

static void static_entries_may_fill_the_table(void **state)
{
	struct fdb *fdb = *state;

	for (uint32_t n = 0; n < FDB_SIZE_MIN; n++)
		assert_int_equal(fdb_add_static(fdb, 1, mac(n).bytes, 1, 0), 0);
	assert_int_equal(fdb_add_static(fdb, 1, mac(99).bytes, 1, 0), -ENOSPC);
	assert_int_equal(learn(fdb, 99, 2, 0), FDB_NOT_LEARNED);
	assert_int_equal(fdb_add_static(fdb, 1, mac(3).bytes, 2, 0), 0);
	assert_int_equal(fdb_del(fdb, 1, mac(5).bytes), 0);
	assert_int_equal(learn(fdb, 99, 2, 0), FDB_NEW);
}

/* In a table of static entries nothing can expire. The database must not still
 * believe that when dynamic entries have replaced them. */
static void expiry_is_seen_after_static_entries(void **state)
{
	struct fdb *fdb = *state;

	static_entries_may_fill_the_table(state);
	fdb_flush(fdb, &(struct fdb_filter){.statics = true});
	for (uint32_t n = 0; n < FDB_SIZE_MIN; n++)
		learn(fdb, n, n < 8 ? 1 : 2, n < 8 ? 1 : 200);
	for (uint32_t n = 20; n < 28; n++)
		assert_int_equal(learn(fdb, n, 2, 302), FDB_NEW);
	assert_int_equal(fdb_port_count(fdb, 1), 0);
	assert_int_equal(fdb_port_count(fdb, 2), FDB_SIZE_MIN);
}

static void a_port_keeps_to_its_limit(void **state)
{
	struct fdb *fdb = *state;

	fdb_set_port_max(fdb, 3, 2);
	learn(fdb, 1, 3, 0);
	learn(fdb, 2, 3, 1);
	learn(fdb, 1, 3, 2); /* now 2 is the oldest */
	assert_int_equal(learn(fdb, 3, 3, 3), FDB_NEW);
	assert_int_equal(fdb_port_count(fdb, 3), 2);
	assert_int_equal(lookup(fdb, 2, 3), 0);
	assert_int_equal(lookup(fdb, 1, 3), 3);
	assert_int_equal(lookup(fdb, 3, 3), 3);
}

static void a_move_keeps_to_the_limit(void **state)
{
	struct fdb *fdb = *state;

	fdb_set_port_max(fdb, 3, 1);
	learn(fdb, 1, 3, 0);
	learn(fdb, 2, 4, 0);
	assert_int_equal(learn(fdb, 2, 3, 1), FDB_MOVED);
	assert_int_equal(fdb_port_count(fdb, 3), 1);
	assert_int_equal(fdb_port_count(fdb, 4), 0);
	assert_int_equal(lookup(fdb, 1, 1), 0);
	assert_int_equal(lookup(fdb, 2, 1), 3);
}

static void a_lower_limit_evicts_the_oldest(void **state)
{
	struct fdb *fdb = *state;

	for (int n = 0; n < 8; n++)
		learn(fdb, (uint32_t)n, 3, n);
	fdb_set_port_max(fdb, 3, 3);
	assert_int_equal(fdb_port_count(fdb, 3), 3);
	for (uint32_t n = 0; n < 8; n++)
		assert_int_equal(lookup(fdb, n, 8), n < 5 ? 0 : 3);
	fdb_set_port_max(fdb, 3, 0);
	for (uint32_t n = 10; n < 20; n++)
		learn(fdb, n, 3, 9);
	assert_int_equal(fdb_port_count(fdb, 3), 13);
}

static void a_flood_evicts_its_own_ports_entries(void **state)
{
	struct fdb *fdb = fdb_new(64, SEED);

	(void)state;
	for (uint32_t n = 0; n < 32; n++)
		learn(fdb, n, 1, 0);
	for (uint32_t n = 100; n < 10100; n++)
		assert_int_equal(learn(fdb, n, 2, 1), FDB_NEW);
	for (uint32_t n = 0; n < 32; n++)
		assert_int_equal(lookup(fdb, n, 1), 1);
	assert_int_equal(fdb_port_count(fdb, 2), 32);
	for (uint32_t n = 10068; n < 10100; n++)
		assert_int_equal(lookup(fdb, n, 1), 2);
	fdb_free(fdb);
}

/* A quiet port takes FDB_RESERVE entries from the fullest, and then its own. */
static void a_quiet_port_is_not_starved(void **state)
{
	struct fdb *fdb = fdb_new(64, SEED);

	(void)state;
	for (uint32_t n = 0; n < 40; n++)
		learn(fdb, n, 1, 0);
	for (uint32_t n = 40; n < 64; n++)
		learn(fdb, n, 2, 0);
	for (uint32_t n = 100; n < 100 + 2 * FDB_RESERVE; n++)
		assert_int_equal(learn(fdb, n, 3, 1), FDB_NEW);
	assert_int_equal(fdb_port_count(fdb, 1), 40 - FDB_RESERVE);
	assert_int_equal(fdb_port_count(fdb, 2), 24);
	assert_int_equal(fdb_port_count(fdb, 3), FDB_RESERVE);
	assert_int_equal(lookup(fdb, 0, 1), 0);
	assert_int_equal(lookup(fdb, 39, 1), 1);
	fdb_free(fdb);
}

/* Expired entries of a silent port are evicted before live ones of any port. */
static void expired_entries_make_room_first(void **state)
{
	struct fdb *fdb = fdb_new(64, SEED);

	(void)state;
	for (uint32_t n = 0; n < 40; n++)
		learn(fdb, n, 1, 0);
	for (uint32_t n = 40; n < 64; n++)
		learn(fdb, n, 2, 200);
	for (uint32_t n = 100; n < 140; n++)
		assert_int_equal(learn(fdb, n, 2, 301), FDB_NEW);
	assert_int_equal(fdb_port_count(fdb, 1), 0);
	for (uint32_t n = 40; n < 64; n++)
		assert_int_equal(lookup(fdb, n, 301), 2);
	assert_int_equal(learn(fdb, 200, 2, 301), FDB_NEW);
	assert_int_equal(lookup(fdb, 40, 301), 0);
	fdb_free(fdb);
}

static void one_address_is_deleted(void **state)
{
	struct fdb *fdb = *state;

	learn(fdb, 7, 3, 0);
	assert_int_equal(fdb_del(fdb, 2, mac(7).bytes), -ENOENT);
	assert_int_equal(fdb_del(fdb, 1, mac(7).bytes), 0);
	assert_int_equal(fdb_del(fdb, 1, mac(7).bytes), -ENOENT);
	assert_int_equal(lookup(fdb, 7, 0), 0);
	assert_int_equal(fdb_port_count(fdb, 3), 0);
}

/* Twelve entries: ports 1 and 2, VIDs 1 to 3, one static each. */
static void fill_for_flush(struct fdb *fdb)
{
	for (int port = 1; port <= 2; port++)
		for (uint16_t vid = 1; vid <= 3; vid++) {
			uint32_t n = (uint32_t)(port * 10 + vid);

			fdb_learn(fdb, vid, mac(n).bytes, port, 1, 0, NULL);
			fdb_add_static(fdb, vid, mac(n + 100).bytes, port, 0);
		}
}

static void flushes_match_every_condition(void **state)
{
	struct mac one = mac(11);
	const struct {
		struct fdb_filter filter;
		uint32_t n;
	} flushes[] = {
	    {{.port = 1}, 3},
	    {{.port = 1, .statics = true}, 6},
	    {{.vid = 2}, 2},
	    {{.vid = 2, .statics = true}, 4},
	    {{.port = 2, .vid = 3}, 1},
	    {{.port = 2, .vid = 3, .statics = true}, 2},
	    {{.mac = one.bytes}, 1},
	    {{.mac = one.bytes, .port = 1}, 1},
	    {{.mac = one.bytes, .port = 2}, 0},
	    {{.mac = one.bytes, .vid = 2}, 0},
	    {{.port = 9, .statics = true}, 0},
	    {{0}, 6},
	    {{.statics = true}, 12},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(flushes) / sizeof(*flushes); i++) {
		struct fdb *fdb = fdb_new(FDB_SIZE_MIN, SEED);
		struct fdb_stats stats;

		fill_for_flush(fdb);
		assert_int_equal(
		    fdb_flush(fdb, &flushes[i].filter), flushes[i].n);
		assert_int_equal(fdb_flush(fdb, &flushes[i].filter), 0);
		fdb_stats(fdb, &stats);
		assert_int_equal(stats.used, 12 - flushes[i].n);
		fdb_free(fdb);
	}
}

struct walked {
	int n, stop_at;
};

static bool count_fact(const struct fdb_fact *fact, void *arg)
{
	struct walked *walked = arg;

	assert_true(fact->known);
	return ++walked->n != walked->stop_at;
}

static void a_walk_shows_what_has_not_expired(void **state)
{
	struct fdb *fdb = *state;
	struct walked all = {0}, some = {.stop_at = 2};

	learn(fdb, 1, 1, 0);
	learn(fdb, 2, 1, 100);
	learn(fdb, 3, 2, 100);
	fdb_add_static(fdb, 1, mac(4).bytes, 2, 100000);
	fdb_walk(fdb, 301000, count_fact, &all);
	assert_int_equal(all.n, 3);
	fdb_walk(fdb, 301000, count_fact, &some);
	assert_int_equal(some.n, 2);
}

/* Addresses as vendors assign them: in sequence, at one place or another of the
 * address, in one VLAN or many. The hash has to spread them as if they were
 * random: 1.17 slots per search in a table a quarter full. */
static void probes_are_short(void **state)
{
	enum { N = 8192 };

	(void)state;
	for (uint64_t seed = 0; seed < 64; seed++) {
		struct fdb *fdb = fdb_new(N, seed);
		struct fdb_stats stats;

		for (uint32_t n = 0; n < N; n++) {
			struct mac m = mac(n << seed % 16);
			uint16_t vid = seed % 3 ? 1 : (uint16_t)(1 + n % 4094);

			fdb_learn(fdb, vid, m.bytes, 1, 1, 0, NULL);
		}
		fdb_stats(fdb, &stats);
		assert_int_equal(stats.used, N);
		assert_true(stats.probe_mean > 1.1 && stats.probe_mean < 1.25);
		assert_true(stats.probe_max < 20);
		fdb_free(fdb);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sizes_are_checked),
#define ON_SMALL(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	    ON_SMALL(an_address_is_learned_and_found),
	    ON_SMALL(the_vid_is_part_of_the_key),
	    ON_SMALL(a_move_is_reported),
	    ON_SMALL(entries_age),
	    ON_SMALL(being_heard_keeps_an_entry),
	    ON_SMALL(an_expired_address_is_new),
	    ON_SMALL(a_new_ageing_time_counts_at_once),
	    ON_SMALL(static_entries_stay),
	    ON_SMALL(static_replaces_dynamic_and_static),
	    ON_SMALL(static_entries_may_fill_the_table),
	    ON_SMALL(expiry_is_seen_after_static_entries),
	    ON_SMALL(a_port_keeps_to_its_limit),
	    ON_SMALL(a_move_keeps_to_the_limit),
	    ON_SMALL(a_lower_limit_evicts_the_oldest),
	    cmocka_unit_test(a_flood_evicts_its_own_ports_entries),
	    cmocka_unit_test(a_quiet_port_is_not_starved),
	    cmocka_unit_test(expired_entries_make_room_first),
	    ON_SMALL(one_address_is_deleted),
	    cmocka_unit_test(flushes_match_every_condition),
	    ON_SMALL(a_walk_shows_what_has_not_expired),
	    cmocka_unit_test(probes_are_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
