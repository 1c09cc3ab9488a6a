/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mem.h - a port without a device: it receives what a test injects, and
 * collects what is sent. Not in the table of kinds: no command line reaches it.
 *
 *     port = port_new(&kind_mem, &spec, host, no, NULL); port_open(port);
 *     mem_inject(port, &frame);      next port_receive() delivers it
 *     while ((f = mem_collect(port)))  what port_send() took, in order
 *
 * The fd is readable while frames wait to be received. A test may set can, mtu
 * and carrier of the open port as it likes.
 */
#ifndef PORTS_MEM_H
#define PORTS_MEM_H

#include "kind.h"

extern const struct port_kind kind_mem;

enum { MEM_QUEUE = 4096 }; /* frames that either queue holds */

/**
 * mem_inject() - queue a copy of @f, offload request included
 *
 * Return: 0, -ENOBUFS when the queue is full, or -ENOMEM.
 */
int mem_inject(struct port *port, const struct frame *f);

/**
 * mem_collect() - the next frame that was sent
 *
 * Return: NULL if there is none. Valid until the next call, or until the port
 * is closed.
 */
const struct frame *mem_collect(struct port *port);

/**
 * mem_set_room() - let send() take @frames more, then return -EAGAIN
 * @frames: -1: as many as the queue holds
 */
void mem_set_room(struct port *port, int frames);

/**
 * mem_break() - let receive() and send() return -@error from now on
 * @error: 0: work again
 *
 * The fd becomes readable.
 */
void mem_break(struct port *port, int error);

#endif
