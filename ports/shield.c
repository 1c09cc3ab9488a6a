/* SPDX-License-Identifier: BSD-2-Clause */
/* shield.c - a TCX program that drops all, in both directions: see shield.h. */
#include "shield.h"

#include <errno.h>
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bsd/string.h>

/* Linux 6.6; headers may be older. */
enum { TCX_INGRESS = 46, TCX_EGRESS = 47 };

struct shield {
	int links[2];
};

static int load_drop(void);
static int attach(int prog, int ifindex, uint32_t where);

struct shield *shield_new(int ifindex)
{
	struct shield *shield = malloc(sizeof(*shield));
	int prog = shield ? load_drop() : -1;

	if (prog >= 0) {
		shield->links[0] = attach(prog, ifindex, TCX_INGRESS);
		shield->links[1] = attach(prog, ifindex, TCX_EGRESS);
	}
	int error = errno;
	if (prog >= 0)
		close(prog);
	if (prog >= 0 && shield->links[0] >= 0 && shield->links[1] >= 0)
		return shield;
	if (prog >= 0)
		shield_free(shield);
	else
		free(shield);
	errno = error;
	return NULL;
}

void shield_free(struct shield *shield)
{
	if (!shield)
		return;
	for (int i = 0; i < 2; i++) {
		if (shield->links[i] >= 0)
			close(shield->links[i]);
	}
	free(shield);
}

/* The whole program: return TC_ACT_SHOT. */
static int load_drop(void)
{
	static const struct bpf_insn drop[] = {
	    {.code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = TC_ACT_SHOT},
	    {.code = BPF_JMP | BPF_EXIT},
	};
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr)); /* all of it: the kernel looks */
	attr.prog_type = BPF_PROG_TYPE_SCHED_CLS;
	attr.insn_cnt = sizeof(drop) / sizeof(*drop);
	attr.insns = (uintptr_t)drop;
	attr.license = (uintptr_t) "BSD";
	strlcpy(attr.prog_name, "qswitch_shield", sizeof(attr.prog_name));
	return (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
}

static int attach(int prog, int ifindex, uint32_t where)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.link_create.prog_fd = (uint32_t)prog;
	attr.link_create.target_ifindex = (uint32_t)ifindex;
	attr.link_create.attach_type = where;
	return (int)syscall(SYS_bpf, BPF_LINK_CREATE, &attr, sizeof(attr));
}
