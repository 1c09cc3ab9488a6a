/* SPDX-License-Identifier: BSD-2-Clause */
/* tcp.h - TCP throughput between hosts 1 and 2, measured with iperf3. */
#ifndef BENCH_TCP_H
#define BENCH_TCP_H

#include <stdbool.h>

#include "subject.h"

/**
 * tcp_measure() - measure payload bits a second, both directions added
 * @both:    send both ways at once
 * @seconds: whole, since iperf3 reads less than one as "forever"
 *
 * Return: 0; -EOPNOTSUPP when the endpoints have no network stack; or -errno.
 * subject->testbed.why says why.
 */
int tcp_measure(struct subject *subject, int streams, bool both, int seconds,
    double *bits_per_second);

/** tcp_parse() - bits a second in the output of iperf3 -J; negative: none */
double tcp_parse(const char *json, bool both);

#endif
