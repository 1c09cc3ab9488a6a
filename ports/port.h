/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * port.h - a port as the switch sees it: its life, its frames, its counters.
 *
 * A port moves frames between the switch and one device, socket or file. It
 * knows nothing of bridges, VLANs or spanning trees. Its kind determines what
 * it is: kind.h is for the author of a new one.
 *
 *     port_new(spec) --> closed --port_open()--> open --port_close()--> closed
 *                          ^                       |
 *                          +------ port_fail() ----+   reason says why;
 *                                                      the switch retries
 *
 * One port never hurts another: whatever goes wrong with a device ends in
 * port_fail() of that port, with a sentence for the operator.
 */
#ifndef PORTS_PORT_H
#define PORTS_PORT_H

#include <stdbool.h>
#include <stdint.h>

#include "forwarding/frame.h"

#include "counters.h"
#include "host.h"
#include "spec.h"

struct link;
struct nat_process;
struct shield;
struct whois;

enum { PORT_NUMBERS = 1023 }; /* ports are numbered 1..PORT_NUMBERS */

/* What a kind remembers from one open() to the next. */
struct port_past {
	bool made;    /* we made the device ourselves */
	bool strayed; /* it was in another namespace in the end: leave it */
	bool used;    /* an inherited socket was taken: it was the only one */
	struct whois *holder;	 /* who holds the TAP: asked, or NULL */
	uint64_t asked_at_ms;	 /* monotonic: when; 0: never */
	struct shield *shield;	 /* between the device and the host, or NULL */
	struct nat_process *nat; /* behind nat: and host:, or NULL */
	uint64_t look_at_ms;	 /* monotonic: when host: looks after it */
	int raised;    /* ifindex of the interface that we brought up, or 0 */
	unsigned said; /* remarks made: a set of 1 << enum port_said */
	uint64_t lost_at_ms; /* when the device disappeared; 0: it is there */
};

struct port {
	/* set by port_new(), read-only afterwards */
	const struct port_kind *kind;
	struct port_spec spec;
	struct port_host *host;
	int no;	    /* 1..PORT_NUMBERS, assigned by the switch */
	void *seed; /* for a port that a listener spawned, else NULL */

	/* set by the kind */
	int fd;	      /* -1: none */
	int events;   /* POLLIN | POLLOUT for which the loop polls fd */
	unsigned can; /* CAN_*: what may be sent unfinished */
	uint32_t mtu; /* bytes behind the Ethernet header */
	bool carrier; /* the other side is there */
	bool more;    /* frames wait in memory: receive() again without poll */
	uint32_t speed_mbps; /* 0: unknown */
	bool gone; /* for good (a peer that has left): fails and is removed */
	char link_name[16]; /* of the interface whose link() it wants, or "" */
	int ifindex;	    /* of that interface, 0: none */
	void *priv;	    /* the kind's own, NULL when closed */
	struct port_past past;

	/* set by send(), cleared by port.c: of the frames that it has taken,
	 * those that the device then refused; bit i is that of frames[i] */
	uint64_t refused;

	/* set by port.c */
	bool is_open;
	uint64_t turn; /* of the loop, in which it last received */
	int segments;  /* that its frames may still become in that turn */
	char reason[PORT_ERR]; /* why it is closed or has no carrier, or "" */
	char remark[PORT_ERR]; /* for the log, whose owner clears it; or "" */
	struct port_counters counters;
};

/**
 * port_new() - a closed port
 * @spec: copied
 * @host: outlives the port
 * @no:   1..PORT_NUMBERS
 * @seed: owned by the port's kind from here on; NULL for all but spawned ports
 *
 * Return: NULL when out of memory.
 */
struct port *port_new(const struct port_kind *kind,
    const struct port_spec *spec, struct port_host *host, int no, void *seed);

/** port_free() - close @port and free it; NULL is fine */
void port_free(struct port *port);

/** port_open() - 0, or -errno with the sentence in @port->reason */
int port_open(struct port *port);

/** port_want() - the operator wants @port: its next port_open() makes a device
 * again that was deleted, wherever that was */
void port_want(struct port *port);

/** port_close() - close @port and forget its reason; it can be opened again */
void port_close(struct port *port);

/** port_link() - pass news of its interface to an open @port; may fail it */
void port_link(struct port *port, const struct link *link);

/** port_up() - is @port open and with carrier, so that frames can pass? */
static inline bool port_up(const struct port *port)
{
	return port->is_open && port->carrier;
}

/**
 * port_receive() - receive a batch and count it; never blocks
 *
 * The frames are borrowed until port_release(), which follows before the next
 * port_receive() of any port. If @port is closed or fails in between, their
 * bytes are gone. Debug builds overwrite them on release (poison.h).
 *
 * Return: frames in @batch; also 0 if the port has failed.
 */
int port_receive(struct port *port, struct batch *batch);

/** port_release() - give the frames of @batch back; its n becomes 0 */
void port_release(struct port *port, struct batch *batch);

/** port_writable() - fd has become writable; on error the port fails */
void port_writable(struct port *port);

/**
 * port_send() - send or drop each of @n frames, and count each once
 *
 * Finishes in software what the port cannot take. Never blocks. If the port
 * fails, the rest counts as tx_error.
 */
void port_send(struct port *port, const struct frame *const *frames, int n);

#endif
