/* SPDX-License-Identifier: BSD-2-Clause */
/* nat.h - what an operator asks of a port nat: or host: (nat.c, hostport.c). */
#ifndef PORTS_NAT_H
#define PORTS_NAT_H

#include "nat_process.h"

struct port;

/** nat_of_port() - the process behind @port; NULL: a port of another kind */
struct nat_process *nat_of_port(const struct port *port);

/** nat_facts() - emit what the network is and how many leases run */
void nat_facts(struct nat_process *nat,
    void (*emit)(const char *key, const char *value, void *arg), void *arg);

#endif
