/* SPDX-License-Identifier: BSD-2-Clause */
/* rfc.h - `qswitch-bench rfc`: the tests of RFC 2544 and RFC 2889 that make
 * sense in software, under their names and in their report formats. */
#ifndef BENCH_RFC_H
#define BENCH_RFC_H

#include <stdbool.h>

#include <json-c/json.h>

#include "candidate.h"
#include "placement.h"
#include "progress.h"
#include "traffic.h"

enum { RFC_SIZES_MAX = 8, RFC_PORTS_MAX = 2 };

struct rfc {
	/* asked */
	struct contender contender;
	enum pin pin;
	uint64_t trial_ns;
	int resolution;		  /* percent */
	int trials;		  /* of tests that are repeated and averaged */
	int addresses;		  /* of the largest address test */
	int sizes[RFC_SIZES_MAX]; /* bytes with FCS, as in the RFCs */
	int nsizes;
	int ports[RFC_PORTS_MAX];
	int nports;
	/* running */
	const struct cell *cell;
	struct progress progress;
	json_object *sheets;
	char why[TESTBED_WHY_MAX]; /* of a test that failed */
	/* throughput of 26.1 in frames/s, by size; 0: not measured yet */
	double throughput[RFC_SIZES_MAX];
};

struct rfc_test {
	const char *name;
	const char *clause;
	/* return 0, or -errno with rfc->why set */
	int (*run)(struct rfc *rfc);
	int per_size; /* trials for each frame size, about; 0: not by size */
	bool repeats; /* each of them --trials times, */
	bool meshes;  /* and for each count of --ports */
};

extern const struct rfc_test rfc2544_tests[], rfc2889_tests[];
extern const int rfc2544_count, rfc2889_count;

/**
 * rfc_open() - set up the candidate with @nports ports, as subject_open()
 *
 * Return: 0 or -errno; in both cases end with rfc_close(), which sets
 * rfc->why.
 */
int rfc_open(struct rfc *rfc, struct subject *subject, int nports);

/**
 * rfc_close() - tear down, and keep in rfc->why what failed
 * @result: of the test: 0 or -errno
 *
 * Return: @result.
 */
int rfc_close(struct rfc *rfc, struct subject *subject, int result);

/**
 * rfc_main() - run the subcommand; argv[0] is its name
 *
 * Return: an exit status.
 */
int rfc_main(int argc, char **argv);

#endif
