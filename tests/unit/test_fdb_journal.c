/* SPDX-License-Identifier: BSD-2-Clause */
/* test_fdb_journal.c - each change of an entry is noted, and no other. */
#include "forwarding/fdb_journal.h"

#include "forwarding/fdb.h"

#include "cm.h"

static const uint8_t *mac(int n)
{
	static uint8_t bytes[ETH_ADDR] = {2};

	bytes[4] = (uint8_t)(n >> 8);
	bytes[5] = (uint8_t)n;
	return bytes;
}

static int setup(void **state)
{
	*state = fdb_new(1024, 3);
	fdb_journal_keep(*state, true);
	return 0;
}

static int teardown(void **state)
{
	fdb_free(*state);
	return 0;
}

static void learn(struct fdb *fdb, int n, int port, uint64_t now_ms)
{
	fdb_learn(fdb, 1, mac(n), port, 1, now_ms, NULL);
}

/* The next change is of address @n, and only that one. */
static void expect(struct fdb *fdb, int n)
{
	uint8_t got[ETH_ADDR];

	assert_true(fdb_journal_has(fdb));
	assert_int_equal(fdb_journal_take(fdb, got), 1);
	assert_memory_equal(got, mac(n), ETH_ADDR);
	assert_false(fdb_journal_has(fdb));
}

static void what_changes_is_noted(void **state)
{
	struct fdb *fdb = *state;

	learn(fdb, 1, 5, 0);
	expect(fdb, 1);
	learn(fdb, 1, 5, 2000); /* heard again: no change */
	assert_false(fdb_journal_has(fdb));
	learn(fdb, 1, 6, 2000);
	expect(fdb, 1);
	fdb_add_static(fdb, 1, mac(2), 5, 2000);
	expect(fdb, 2);
	learn(fdb, 2, 6, 2000); /* claimed: no change */
	assert_false(fdb_journal_has(fdb));
	fdb_del(fdb, 1, mac(2));
	expect(fdb, 2);
	fdb_flush(fdb, &(struct fdb_filter){.port = 6});
	expect(fdb, 1);
}

static void an_evicted_address_is_noted(void **state)
{
	struct fdb *fdb = *state;
	uint8_t got[ETH_ADDR];

	learn(fdb, 1, 5, 0);
	expect(fdb, 1);
	fdb_set_port_max(fdb, 5, 1);
	learn(fdb, 2, 5, 0);
	assert_int_equal(fdb_journal_take(fdb, got), 1);
	assert_memory_equal(got, mac(1), ETH_ADDR);
	expect(fdb, 2);
}

static void a_torn_journal_says_so_once(void **state)
{
	struct fdb *fdb = *state;
	uint8_t got[ETH_ADDR];

	for (int n = 0; n < FDB_JOURNAL; n++)
		learn(fdb, n, 5, 0);
	assert_false(fdb_journal_torn(fdb));
	learn(fdb, FDB_JOURNAL, 5, 0);
	assert_true(fdb_journal_torn(fdb));
	assert_false(fdb_journal_torn(fdb));
	for (int n = 0; n < FDB_JOURNAL; n++)
		assert_int_equal(fdb_journal_take(fdb, got), 1);
	assert_int_equal(fdb_journal_take(fdb, got), 0);
	learn(fdb, 600, 5, 0);
	expect(fdb, 600);
}

static void nobody_who_keeps_it_no_journal(void **state)
{
	struct fdb *fdb = *state;

	learn(fdb, 1, 5, 0);
	fdb_journal_keep(fdb, false);
	assert_false(fdb_journal_has(fdb));
	learn(fdb, 2, 5, 0);
	assert_false(fdb_journal_has(fdb));
}

#define ON_FDB(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_FDB(what_changes_is_noted),
	    ON_FDB(an_evicted_address_is_noted),
	    ON_FDB(a_torn_journal_says_so_once),
	    ON_FDB(nobody_who_keeps_it_no_journal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
