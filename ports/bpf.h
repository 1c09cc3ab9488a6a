/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bpf.h - the few calls of bpf(2) that we need: a map from addresses to
 * bytes that programs look into, and programs for the ingress or egress of a
 * device.
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
 * bpf_map_new() - an empty map of up to @max keys
 *
 * Return: an fd or -errno; -EPERM without CAP_BPF (before Linux 5.8:
 * CAP_SYS_ADMIN).
 * #syscalls bpf prlimit64
 */
int bpf_map_new(uint32_t max);

/** bpf_map_get() - the value of @key. Return: 0 if it has none */
uint8_t bpf_map_get(int map, uint64_t key);

/** bpf_map_put() - give @key the @value, which is not 0. Return: 0 or -errno */
int bpf_map_put(int map, uint64_t key, uint8_t value);

/** bpf_map_del() - Return: 0, or -ENOENT if @key was not in the map */
int bpf_map_del(int map, uint64_t key);

/**
 * bpf_map_next() - the key behind @key in the map's own order
 * @key:  one that is not in the map: begin at the first
 *
 * Return: 0, or -ENOENT at the end.
 */
int bpf_map_next(int map, const uint64_t *key, uint64_t *next);

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
