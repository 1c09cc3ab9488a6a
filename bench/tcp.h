/* SPDX-License-Identifier: BSD-2-Clause */
/* tcp.h - TCP throughput between hosts 1 and 2, by iperf3. */
#ifndef BENCH_TCP_H
#define BENCH_TCP_H

#include <stdbool.h>

#include "subject.h"

/**
 * tcp_measure() - payload bits a second, both directions together
 * @seconds: whole: iperf3 takes less than one for "for ever"
 *
 * Return: 0, or -errno with subject->testbed.why set.
 */
int tcp_measure(struct subject *subject, int streams, bool both, int seconds,
    double *bits_per_second);

/** tcp_parse() - the same from what iperf3 -J wrote; negative: no result */
double tcp_parse(const char *json, bool both);

#endif
