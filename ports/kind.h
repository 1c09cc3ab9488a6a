/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kind.h - for the author of a kind of port: the table of functions to fill
 * in, and what helps with that.
 *
 * A new kind is one file with a struct port_kind, one line in kinds.h and one
 * in the table of port.c. port.c counts, finishes frames in software and does
 * the rest of a port's life.
 *
 * Frames that receive() delivers are borrowed until release(). Kinds that read
 * from an fd fill the arena (arena.h); kinds with rings point into those.
 */
#ifndef PORTS_KIND_H
#define PORTS_KIND_H

#include <stdbool.h>
#include <stdint.h>

#include "forwarding/frame.h"

#include "port.h"

struct link;

/* A batch ends with the frame that makes it longer than this: of super-frames
 * the first would have left the processor's cache by the time the last is sent.
 */
enum { BATCH_BYTES = 256 << 10 };

/* The only members of a kind that may be NULL are marked so. */
struct port_kind {
	const char *name;   /* "tap": what stands before the colon */
	const char *driver; /* where one kind has several; first is default */
	const char
	    *called;	  /* its ports, whose ARG may be empty; NULL: by ARG */
	const char *help; /* ARG and its options, newline, what it is */
	const char *const *keys; /* options it takes, NULL-terminated; NULL */
	bool listener; /* not a port of the bridge: it only spawns others */

	/**
	 * open() - make the port ready
	 * @err: PORT_ERR bytes; gets one sentence: what failed, on which
	 *       object, the system's reason and what to do; or, on success
	 *       without carrier, why there is none
	 *
	 * Sets fd, events, can, mtu, carrier and priv. May be called again
	 * after close(). When it fails, port.c calls close() (of a spawned
	 * port the seed stays with the caller of spawn() then). A kind that
	 * comes in several forms (listening, connected) may put the one that
	 * it has opened in port->kind, if its open() is the same.
	 *
	 * Return: 0 or -errno.
	 */
	int (*open)(struct port *port, char *err);

	/**
	 * receive() - up to BATCH_MAX frames; never blocks
	 * @batch: n is 0 on entry
	 *
	 * A datagram that is not a frame at all (0 bytes) is skipped, a runt
	 * is delivered: the bridge counts it.
	 *
	 * receive(), send() and writable() may call port_fail() with a better
	 * sentence just before they return -errno.
	 *
	 * Return: the number of frames, or -errno: the port has failed.
	 */
	int (*receive)(struct port *port, struct batch *batch);

	/** release() - give ring memory back; NULL when the arena held the
	 * bytes */
	void (*release)(struct port *port, struct batch *batch);

	/**
	 * send() - send frames in order; never blocks
	 *
	 * Each fits port->can and the MTU. Their bytes are not referenced
	 * after return.
	 *
	 * A frame that a device refuses must not take those behind it along:
	 * send() may go on, and mark it in port->refused.
	 *
	 * Return: how many were taken, 1..@n; or what the first met:
	 * -EAGAIN or -ENOBUFS when there is no room for it now, -EMSGSIZE
	 * when it is too long, -EOPNOTSUPP when it is to be finished in
	 * software after all, -EIO when it alone was refused; any other
	 * -errno says that the port has failed.
	 */
	int (*send)(
	    struct port *port, const struct frame *const *frames, int n);

	/** flush() - once a batch, after the sends; NULL when send() did it
	 * all */
	void (*flush)(struct port *port);

	/** writable() - fd has become writable, asked for in events; NULL.
	 * Return: 0, or -errno when the port has failed */
	int (*writable)(struct port *port);

	/**
	 * link() - the interface @port->link_name has changed; NULL
	 * @err: why the port has failed, or why it has no carrier
	 *
	 * Called for the interface of that name or index. Updates carrier and
	 * mtu.
	 *
	 * Return: 0, or -errno when the port has failed.
	 */
	int (*link)(struct port *port, const struct link *link, char *err);

	/** facts() - facts for the operator: emit(key, value) each; NULL. May
	 * bring counters up to date that the kernel keeps */
	void (*facts)(struct port *port,
	    void (*emit)(const char *key, const char *value, void *arg),
	    void *arg);

	/** close() - free everything that open() made; accepts a half-opened
	 * port */
	void (*close)(struct port *port);

	/** restore() - undo what opening changed on a device of the host;
	 * called once, when the closed port goes for good; NULL */
	void (*restore)(struct port *port);
};

/* The table of kinds, NULL-terminated. */
extern const struct port_kind *const port_kinds[];

/**
 * port_kind_find() - the kind called @name
 * @driver: which of several of that name; NULL: the default one
 *
 * Return: NULL if there is none.
 */
const struct port_kind *port_kind_find(const char *name, const char *driver);

/**
 * port_refuse() - write the sentence of a failing open() into @err
 * @err:    PORT_ERR bytes
 * @result: what the caller returns: -errno, or 0 to say why there is no carrier
 *
 * Return: @result.
 */
int port_refuse(char *err, int result, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/**
 * port_fail() - close @port; the sentence becomes its reason
 *
 * The arguments may lie in memory that close() frees.
 */
void port_fail(struct port *port, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* What port_remark() says, each once. */
enum port_said {
	SAID_TOO_LONG, /* super-frames that do not fit */
	SAID_UNTOLD,   /* super-frames that the kernel cannot describe */
};

/**
 * port_remark() - tell the operator of something that is wrong though the port
 * works, once in its life
 * @what: which of the things that there are
 *
 * One sentence with the remedy. The switch logs it after the batch.
 */
void port_remark(struct port *port, enum port_said what, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/**
 * port_now_ms() - the present, monotonic
 *
 * For what a kind must not do too often or too soon, inside calls that are not
 * given the time: when a TAP was deleted (tap.c), when a receive ring was last
 * renewed (nic_packet_rx.c). Never on the frame path. Apart from this, only
 * savefile.c reads a clock in this room.
 */
uint64_t port_now_ms(void);

#endif
