/* SPDX-License-Identifier: BSD-2-Clause */
/* test_fdb_flush.c - flushes of many entries: at once, in a moment, in parts. */
#include "forwarding/fdb.h"

#include <errno.h>
#include <string.h>
#include <time.h>

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

static bool count_facts(const struct fdb_fact *fact, void *arg)
{
	(void)fact;
	++*(int *)arg;
	return true;
}

/* What was flushed is absent at once, also while its slots are still used. */
static void a_flush_is_seen_at_once(void **state)
{
	enum { N = 5000 };
	struct fdb *fdb = fdb_new(N, SEED);
	struct fdb_stats stats;
	int seen = 0;

	(void)state;
	for (uint32_t n = 0; n < N; n++)
		learn(fdb, n, 1 + (int)n % 2, 0);
	assert_int_equal(
	    fdb_flush(fdb, &(struct fdb_filter){.port = 1}), N / 2);
	assert_int_equal(fdb_port_count(fdb, 1), 0);
	assert_int_equal(fdb_port_count(fdb, 2), N / 2);
	fdb_stats(fdb, &stats);
	assert_int_equal(stats.used, N / 2);
	for (uint32_t n = 0; n < N; n++)
		assert_int_equal(lookup(fdb, n, 0), n % 2 ? 2 : 0);
	fdb_walk(fdb, 0, count_facts, &seen);
	assert_int_equal(seen, N / 2);
	assert_int_equal(fdb_del(fdb, 1, mac(0).bytes), -ENOENT);
	/* learned again in the same second it is new, wherever it is heard */
	assert_int_equal(learn(fdb, 2, 1, 0), FDB_NEW);
	assert_int_equal(learn(fdb, 4, 2, 0), FDB_NEW);
	assert_int_equal(lookup(fdb, 2, 0), 1);
	assert_int_equal(fdb_add_static(fdb, 1, mac(6).bytes, 3, 0), 0);
	assert_int_equal(lookup(fdb, 6, 0), 3);
	/* the room that it leaves is there, and nobody is evicted for it */
	for (uint32_t n = N; n < N + N / 2 - 3; n++)
		assert_int_equal(learn(fdb, n, 4, 0), FDB_NEW);
	fdb_stats(fdb, &stats);
	assert_int_equal(stats.used, N);
	assert_int_equal(stats.evicted, 0);
	fdb_free(fdb);
}

/* More flushes than there are epochs: nothing comes back. */
static void flushed_entries_never_return(void **state)
{
	struct fdb *fdb = fdb_new(1000, SEED);

	(void)state;
	for (uint32_t n = 0; n < 1000; n++)
		learn(fdb, n, 1, 0);
	for (uint32_t i = 0; i < 600; i++) {
		fdb_flush(fdb, &(struct fdb_filter){.port = 1});
		for (uint32_t n = 0; n < 1000; n += 37)
			assert_int_equal(lookup(fdb, n, 0), 0);
		learn(fdb, 5000, 1, 0);
	}
	fdb_free(fdb);
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* A flush of many takes a moment: far less than it took to learn them. */
static void a_flush_does_not_take_long(void **state)
{
	enum { N = 390000 };
	struct fdb *fdb = fdb_new(N, SEED);
	double started = seconds();

	(void)state;
	for (uint32_t n = 0; n < N; n++)
		learn(fdb, n, 1, 0);
	double learned = seconds();
	assert_int_equal(fdb_flush(fdb, &(struct fdb_filter){0}), N);
	double flushed = seconds();
	assert_true(flushed - learned < (learned - started) / 10);
	fdb_free(fdb);
}

/* In parts, while others come and go: all of the VLAN that were there go. */
static void a_flush_in_parts_misses_none(void **state)
{
	enum { N = 3000 };
	struct fdb *fdb = fdb_new(2 * N, SEED);
	const struct fdb_filter filter = {.vid = 2};
	uint32_t from = 0, part, flushed = 0, parts = 0, i = 0;

	(void)state;
	for (uint32_t n = 0; n < N; n++)
		fdb_learn(
		    fdb, (uint16_t)(1 + n % 2), mac(n).bytes, 1, 1, 0, NULL);
	do {
		from = fdb_flush_part(fdb, &filter, from, 100, &part);
		flushed += part;
		parts++;
		for (int k = 0; k < 20; k++, i++) {
			fdb_learn(fdb, 3, mac(N + i).bytes, 2, 1, 0, NULL);
			fdb_del(fdb, 1, mac(2 * i % N).bytes);
		}
	} while (from);
	assert_true(parts > 10);
	assert_int_equal(flushed, N / 2);
	for (uint32_t n = 1; n < N; n += 2)
		assert_int_equal(fdb_lookup(fdb, 2, mac(n).bytes, 0, NULL), 0);
	fdb_free(fdb);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_flush_is_seen_at_once),
	    cmocka_unit_test(flushed_entries_never_return),
	    cmocka_unit_test(a_flush_does_not_take_long),
	    cmocka_unit_test(a_flush_in_parts_misses_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
