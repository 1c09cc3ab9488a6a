/* SPDX-License-Identifier: BSD-2-Clause */
/* nat_probe.h - can a port of the host lead to a guest? */
#ifndef PORTS_NAT_PROBE_H
#define PORTS_NAT_PROBE_H

#include <stdbool.h>

#include "nat_spec.h"

/**
 * nat_probe() - is the port of the host that @f takes free?
 * @spec:    of its network
 * @running: qswitch-nat runs, and has no privileges any more to take it with
 * @err:     PORT_ERR bytes
 *
 * Takes the port for a moment.
 *
 * Return: 0, or -errno with a sentence in @err.
 */
int nat_probe(const struct nat_spec *spec, const struct nat_forward *f,
    bool running, char *err);

#endif
