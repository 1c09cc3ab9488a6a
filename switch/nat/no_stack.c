/* SPDX-License-Identifier: BSD-2-Clause */
/* no_stack.c - stack.h where libslirp was not there at build time. */
#include <errno.h>

#include <bsd/string.h>

#include "stack.h"

struct stack *stack_new(
    const struct nat_spec *spec, const struct stack_owner *owner, char *err)
{
	(void)spec, (void)owner;
	strlcpy(err,
	    "this qswitch-nat was built without libslirp: install libslirp-dev "
	    "4.7 or newer and build again",
	    PORT_ERR);
	return NULL;
}

void stack_input(struct stack *stack, const uint8_t *frame, size_t len)
{
	(void)stack, (void)frame, (void)len;
}

int stack_forward(
    struct stack *stack, const struct nat_forward *f, bool add, char *err)
{
	(void)stack, (void)f, (void)add, (void)err;
	return -EOPNOTSUPP;
}

void stack_before(struct stack *stack, struct polls *polls)
{
	(void)stack, (void)polls;
}

void stack_after(struct stack *stack, struct polls *polls)
{
	(void)stack, (void)polls;
}
