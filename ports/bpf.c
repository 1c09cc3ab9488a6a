/* SPDX-License-Identifier: BSD-2-Clause */
/* bpf.c - plain calls of bpf(2): see bpf.h. */
#include "bpf.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Linux 6.6 has them; headers may be older. */
enum {
	TCX_INGRESS = 46,
	TCX_EGRESS = 47,
	TCX_BEFORE = 1 << 3,
};

static int call(int command, union bpf_attr *attr);
static uint64_t address(const void *p);

int bpf_map_new(uint32_t max)
{
	union bpf_attr attr = {0};
	struct rlimit unlimited = {RLIM_INFINITY, RLIM_INFINITY};

	attr.map_type = BPF_MAP_TYPE_HASH;
	attr.key_size = sizeof(uint64_t);
	attr.value_size = sizeof(uint8_t);
	attr.max_entries = max;
	attr.map_flags = BPF_F_NO_PREALLOC;
	int result = call(BPF_MAP_CREATE, &attr);
	/* Before Linux 5.11 its memory counts as locked memory. */
	if (result == -EPERM && setrlimit(RLIMIT_MEMLOCK, &unlimited) == 0)
		result = call(BPF_MAP_CREATE, &attr);
	return result;
}

uint8_t bpf_map_get(int map, uint64_t key)
{
	union bpf_attr attr = {0};
	uint8_t value = 0;

	attr.map_fd = (uint32_t)map;
	attr.key = address(&key);
	attr.value = address(&value);
	return call(BPF_MAP_LOOKUP_ELEM, &attr) < 0 ? 0 : value;
}

int bpf_map_put(int map, uint64_t key, uint8_t value)
{
	union bpf_attr attr = {0};

	attr.map_fd = (uint32_t)map;
	attr.key = address(&key);
	attr.value = address(&value);
	attr.flags = BPF_ANY;
	return call(BPF_MAP_UPDATE_ELEM, &attr);
}

int bpf_map_del(int map, uint64_t key)
{
	union bpf_attr attr = {0};

	attr.map_fd = (uint32_t)map;
	attr.key = address(&key);
	return call(BPF_MAP_DELETE_ELEM, &attr);
}

int bpf_map_next(int map, const uint64_t *key, uint64_t *next)
{
	union bpf_attr attr = {0};

	attr.map_fd = (uint32_t)map;
	attr.key = address(key);
	attr.next_key = address(next);
	return call(BPF_MAP_GET_NEXT_KEY, &attr);
}

int bpf_program_new(const char *name, const struct bpf_insn *code, int n)
{
	union bpf_attr attr = {0};

	attr.prog_type = BPF_PROG_TYPE_SCHED_CLS;
	attr.insns = address(code);
	attr.insn_cnt = (uint32_t)n;
	attr.license = address("Dual BSD/GPL");
	snprintf(attr.prog_name, sizeof(attr.prog_name), "%s", name);
	int result = call(BPF_PROG_LOAD, &attr);
	if (result != -E2BIG && result != -EINVAL)
		return result;
	/* Before Linux 4.15 it has no name. */
	memset(attr.prog_name, 0, sizeof(attr.prog_name));
	return call(BPF_PROG_LOAD, &attr);
}

int bpf_attach(int program, int ifindex, bool egress, bool first)
{
	union bpf_attr attr = {0};

	attr.link_create.prog_fd = (uint32_t)program;
	attr.link_create.target_fd = (uint32_t)ifindex;
	attr.link_create.attach_type = egress ? TCX_EGRESS : TCX_INGRESS;
	attr.link_create.flags = first ? TCX_BEFORE : 0;
	return call(BPF_LINK_CREATE, &attr);
}

/* fds of bpf(2) are close-on-exec. */
static int call(int command, union bpf_attr *attr)
{
	long result = syscall(SYS_bpf, command, attr, sizeof(*attr));

	return result < 0 ? -errno : (int)result;
}

static uint64_t address(const void *p)
{
	return (uint64_t)(uintptr_t)p;
}
