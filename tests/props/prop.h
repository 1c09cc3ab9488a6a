/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * prop.h - random runs against a model. A property is a function of a seed;
 * prop_main() runs it for seeds 1 to N, or for the one seed given on the
 * command line, and names the seed of a run that fails.
 */
#ifndef TESTS_PROPS_PROP_H
#define TESTS_PROPS_PROP_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct prop {
	uint64_t seed;
	uint64_t state;
	int step; /* for the message: the property counts it */
};

/** prop_below() - a number below @n (xorshift64*, Vigna 2016) */
static inline uint32_t prop_below(struct prop *prop, uint32_t n)
{
	prop->state ^= prop->state >> 12;
	prop->state ^= prop->state << 25;
	prop->state ^= prop->state >> 27;
	return (uint32_t)(prop->state * UINT64_C(0x2545f4914f6cdd1d) >> 32) % n;
}

/** prop_one_in() - true once in @n times */
static inline int prop_one_in(struct prop *prop, uint32_t n)
{
	return prop_below(prop, n) == 0;
}

#define PROP_CHECK(prop, condition)                                          \
	do {                                                                 \
		if (!(condition)) {                                          \
			fprintf(stderr,                                      \
			    "%s:%d: not true: %s (seed %llu, step %d)\n",    \
			    __FILE__, __LINE__, #condition,                  \
			    (unsigned long long)(prop)->seed, (prop)->step); \
			exit(1);                                             \
		}                                                            \
	} while (0)

/** prop_run() - run @property once, with @seed */
static inline void prop_run(void (*property)(struct prop *), uint64_t seed)
{
	struct prop prop = {
	    .seed = seed, .state = seed * UINT64_C(0x9e3779b97f4a7c15)};

	property(&prop);
}

/** prop_main() - run @property with seeds 1..@runs, or the one in @argv */
static inline int prop_main(
    int argc, char **argv, void (*property)(struct prop *), uint64_t runs)
{
	if (argc > 1) {
		prop_run(property, strtoull(argv[1], NULL, 0));
		return 0;
	}
	for (uint64_t seed = 1; seed <= runs; seed++)
		prop_run(property, seed);
	printf("%s: %llu runs\n", argv[0], (unsigned long long)runs);
	return 0;
}

#endif
