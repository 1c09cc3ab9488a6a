/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stack.h - the TCP/IP stack that stands in for the rest of the world: libslirp
 * (stack.c), or none, when it was not there at build time (no_stack.c).
 */
#ifndef SWITCH_NAT_STACK_H
#define SWITCH_NAT_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ports/nat_spec.h"

#include "polls.h"

struct stack;

/* What the stack asks of its owner. */
struct stack_owner {
	void *arg;
	/* a frame for the guests, borrowed */
	void (*send)(void *arg, const uint8_t *frame, size_t len);
	/* the MAC address of the guest that has @ip; NULL: unknown */
	const uint8_t *(*mac_of)(void *arg, uint32_t ip);
};

/**
 * stack_new() - a stack for the network of @spec, without its forwards
 * @owner: copied
 * @err:   PORT_ERR bytes
 *
 * Return: NULL with a sentence in @err.
 */
struct stack *stack_new(
    const struct nat_spec *spec, const struct stack_owner *owner, char *err);

/** stack_input() - a frame of a guest; not from within a call to the owner */
void stack_input(struct stack *stack, const uint8_t *frame, size_t len);

/**
 * stack_forward() - let a port of the host lead to a guest, or end that
 * @err: PORT_ERR bytes
 *
 * Return: 0, or -errno with a sentence in @err.
 */
int stack_forward(
    struct stack *stack, const struct nat_forward *f, bool add, char *err);

/** stack_before() - add what the stack waits for to @polls */
void stack_before(struct stack *stack, struct polls *polls);

/** stack_after() - @polls has been polled: let the stack work */
void stack_after(struct stack *stack, struct polls *polls);

#endif
