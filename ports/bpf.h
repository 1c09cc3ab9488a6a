/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bpf.h - the few calls of bpf(2) that steer.c needs: a set of MAC addresses
 * that programs look into, and programs for the ingress or egress of a device.
 *
 * What they return are fds that the caller closes. A map or program lives as
 * long as an fd or an attachment; the attachment of bpf_attach() lives as long
 * as its fd, and so ends with the process.
 */
#ifndef PORTS_BPF_H
#define PORTS_BPF_H

#include <stdbool.h>
#include <stdint.h>

struct bpf_insn;

/**
 * bpf_set_new() - an empty set of up to @max keys
 *
 * Return: an fd or -errno; -EPERM without CAP_BPF (before Linux 5.8:
 * CAP_SYS_ADMIN).
 * #syscalls bpf prlimit64
 */
int bpf_set_new(uint32_t max);

/** bpf_set_add() - Return: 0, or -EEXIST if it is in the set already */
int bpf_set_add(int set, uint64_t key);

/** bpf_set_del() - Return: 0, or -ENOENT if it was not in the set */
int bpf_set_del(int set, uint64_t key);

/**
 * bpf_set_next() - the key behind @key in the set's own order
 * @key:  NULL, or one that is not in the set: begin at the first
 *
 * Return: 0, or -ENOENT at the end.
 */
int bpf_set_next(int set, const uint64_t *key, uint64_t *next);

/**
 * bpf_program_new() - load @n instructions for the traffic of a device
 * @name: shown by "bpftool prog"; up to 15 letters, digits and _
 *
 * Return: an fd or -errno.
 */
int bpf_program_new(const char *name, const struct bpf_insn *code, int n);

/**
 * bpf_attach() - let @program see what device @ifindex sends or receives
 * @first: before the programs of others, not behind them
 *
 * Return: an fd; or -errno: -EINVAL before Linux 6.6.
 */
int bpf_attach(int program, int ifindex, bool egress, bool first);

#endif
