/* SPDX-License-Identifier: BSD-2-Clause */
/* shield.c - a TCX program that drops all, in both directions: see shield.h. */
#include "shield.h"

#include <errno.h>
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "bpf.h"

struct shield {
	int links[2];
};

static int load_drop(void);

struct shield *shield_new(int ifindex)
{
	struct shield *shield = malloc(sizeof(*shield));
	int program = load_drop();
	int error = shield ? -program : ENOMEM;

	for (int i = 0; i < 2 && shield; i++) {
		bool egress = i == 1;

		shield->links[i] =
		    program < 0 ? program
				: bpf_attach(program, ifindex, egress, false);
		if (shield->links[i] < 0)
			error = -shield->links[i];
	}
	if (program >= 0)
		close(program);
	if (error <= 0)
		return shield;
	shield_free(shield);
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

	return bpf_program_new(
	    "qswitch_shield", drop, sizeof(drop) / sizeof(*drop));
}
