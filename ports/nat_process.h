/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nat_process.h - qswitch-nat, the process behind a port nat: or host:, as
 * qswitchd sees it: started beside the loop, told of forwards, and its leases.
 *
 *     nat_new --> nat_start --> runs --> it dies, or nat_stop --> nat_start ...
 *
 * Leases and forwards stay here from one process to the next.
 */
#ifndef PORTS_NAT_PROCESS_H
#define PORTS_NAT_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

#include "lease.h"
#include "nat_spec.h"

/* Descriptors of qswitch-nat, and bytes of a word on CONTROL. */
enum {
	NAT_FD_WIRE = 3,
	NAT_FD_CONTROL = 4,
	NAT_FD_BOARD = 5,
	NAT_WORD = 1024,
};

struct nat_process;

/**
 * nat_new() - a process for the network of @spec, not started
 * @spec: of the port, copied
 * @host: host:ADDR/LEN, not nat:NET
 * @net:  what the network is: ADDR/LEN or NET
 * @err:  PORT_ERR bytes
 *
 * Return: NULL with a sentence in @err, and errno.
 */
struct nat_process *nat_new(
    const struct port_spec *spec, bool host, const char *net, char *err);

/** nat_free() - end it and free it; NULL is fine */
void nat_free(struct nat_process *nat);

/** nat_of() - what its operator wants; borrowed */
const struct nat_spec *nat_of(const struct nat_process *nat);

/**
 * nat_start() - start it
 * @wire: becomes its descriptor NAT_FD_WIRE; stays the caller's
 * @mac:  that its DHCP server sends from
 * @wait: wait until it is ready or has said why not: before the loop runs
 * @err:  PORT_ERR bytes
 *
 * Return: 0, or -errno with a sentence in @err.
 */
int nat_start(struct nat_process *nat, int wire, const uint8_t mac[ETH_ADDR],
    bool wait, char *err);

/** nat_stop() - end it, if it runs */
void nat_stop(struct nat_process *nat);

/**
 * nat_gone() - the wire has ended: has the process? Why?
 *
 * Return: a sentence, borrowed until the next call.
 */
const char *nat_gone(struct nat_process *nat);

/** nat_ready() - has it said that it is ready? A system call or more */
bool nat_ready(struct nat_process *nat);

/** nat_runs() - false as soon as it has died; a system call */
bool nat_runs(struct nat_process *nat);

/** nat_pid() - its process id; 0: it does not run */
int nat_pid(const struct nat_process *nat);

/**
 * nat_forward() - add or remove a forward while it runs
 * @text: PROTO:ADDR:PORT:GUEST:PORT
 * @err:  PORT_ERR bytes
 *
 * Whether the host's port is free is found out here; what qswitch-nat says to
 * it comes later and shows in nat_forwards().
 *
 * Return: 0, or -errno with a sentence in @err.
 */
int nat_forward(struct nat_process *nat, const char *text, bool add, char *err);

/**
 * nat_forwards() - each forward
 * @emit: gets it as text, and why it is refused; "": it is not
 */
void nat_forwards(struct nat_process *nat,
    void (*emit)(const char *forward, const char *refusal, void *arg),
    void *arg);

/** nat_lease_at() - the last lease of address @ip. Return: false: none */
bool nat_lease_at(
    const struct nat_process *nat, uint32_t ip, struct lease *lease);

/**
 * nat_leases() - the leases of some addresses
 * @from: number of the first address in the network; 0 at first
 * @n:    how many addresses to look at
 *
 * Return: where to go on; 0: that was all.
 */
uint32_t nat_leases(const struct nat_process *nat, uint32_t from, uint32_t n,
    void (*emit)(const struct lease *lease, void *arg), void *arg);

#endif
