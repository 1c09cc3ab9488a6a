/* SPDX-License-Identifier: BSD-2-Clause */
/* clock.h - the bench's clock: nanoseconds that only go forward. */
#ifndef BENCH_CLOCK_H
#define BENCH_CLOCK_H

#include <stdint.h>
#include <time.h>

/** clock_ns() - the present, CLOCK_MONOTONIC in nanoseconds */
static inline uint64_t clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000ULL + (uint64_t)now.tv_nsec;
}

/** clock_sleep_ns() - sleep for @ns, less when a signal arrives */
static inline void clock_sleep_ns(uint64_t ns)
{
	struct timespec time = {.tv_sec = (time_t)(ns / 1000000000ULL),
	    .tv_nsec = (long)(ns % 1000000000ULL)};

	clock_nanosleep(CLOCK_MONOTONIC, 0, &time, NULL);
}

#endif
