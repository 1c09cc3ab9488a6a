/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * port.h - the contract that every kind of port fulfils, and the accounting
 * wrapper through which the switch uses it.
 *
 * A port moves frames between the switch and one device, socket or file. It
 * knows nothing of bridges, VLANs or spanning trees. A new kind is one file
 * with a struct port_kind and one line in the table of port.c.
 *
 * Life of a port, seen from the switch:
 *
 *     port_new(spec) --> closed --port_open()--> open --port_close()--> closed
 *                          ^                       |
 *                          +------ port_fail() ----+   reason says why;
 *                                                      the switch retries
 *
 * One port never hurts another: whatever goes wrong with a device ends in
 * port_fail() of that port, with a sentence for the operator.
 *
 * Frames that port_receive() delivers are borrowed until port_release().
 * Kinds that read from an fd fill the arena, which all ports share, as only
 * one batch is under way at a time; kinds with rings point into those.
 */
#ifndef PORTS_PORT_H
#define PORTS_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "forwarding/frame.h"
#include "forwarding/offload.h"

enum {
	PORT_NUMBERS = 1023, /* ports are numbered 1..PORT_NUMBERS */
	PORT_NAME = 32,	     /* bytes of a port's name, NUL counted */
	PORT_ARG = 256,	     /* bytes of what follows the kind, NUL counted */
	PORT_ERR = 512,	     /* bytes of an error sentence, NUL counted */
	PORT_OPTIONS = 16,   /* key=value pairs in a specification */
	PORT_MTU_DEFAULT = 1500,
	PORT_MTU_MAX = 65535,
};

struct port_option {
	char key[16];
	char value[PORT_ARG];
};

/* KIND:ARG[,name=N][,key=value...], parsed (switch/config.c) and checked. */
struct port_spec {
	char kind[16];
	char arg[PORT_ARG];
	char name[PORT_NAME];
	bool uplink;
	int n_options;
	struct port_option options[PORT_OPTIONS];
};

/* The value of option @key, NULL if it was not given. */
const char *port_spec_get(const struct port_spec *spec, const char *key);

/**
 * port_spec_number() - option @key as a number within @min..@max
 * @value: left alone if the option was not given
 *
 * Return: 0, or -EINVAL with a sentence in @err (PORT_ERR bytes).
 */
int port_spec_number(const struct port_spec *spec, const char *key,
    uint32_t min, uint32_t max, uint32_t *value, char *err);

/**
 * port_spec_yes() - option @key, which is yes or no
 * @value: left alone if the option was not given
 *
 * Return: 0, or -EINVAL with a sentence in @err (PORT_ERR bytes).
 */
int port_spec_yes(
    const struct port_spec *spec, const char *key, bool *value, char *err);

struct port_counters {
	uint64_t rx_frames;
	uint64_t rx_bytes;
	uint64_t rx_dropped; /* lost before we could read: kernel's count */
	uint64_t rx_invalid; /* cut short, or asking for a senseless offload */
	/* every copy that the switch queued ends in exactly one of these four
	 */
	uint64_t tx_frames;
	uint64_t tx_full;     /* the device or peer did not take it */
	uint64_t tx_oversize; /* longer than the port's MTU */
	uint64_t tx_error;    /* refused otherwise, or the port was down */
	uint64_t tx_bytes;    /* of tx_frames */
	/* how tx_frames left */
	uint64_t tx_csummed;   /* checksum finished in software */
	uint64_t tx_segmented; /* super-frames cut in software */
	uint64_t tx_segments;  /* frames that these became */
};

/* A batch ends with the frame that makes it longer than this: of super-frames
 * the first would have left the processor's cache by the time the last is sent.
 */
enum { BATCH_BYTES = 256 << 10 };

/*
 * Memory for one batch of received frames. Slots start at staggered offsets,
 * or small frames would all fall into the same cache sets.
 */
struct arena;

struct arena *arena_new(void); /* NULL when out of memory */
void arena_free(struct arena *arena);

enum {
	ARENA_HEADROOM = 16,			   /* for a virtio_net_hdr */
	ARENA_SLOT = FRAME_MAX + 2 * VLAN_TAG + 2, /* bytes behind it */
};

/* Slot @i (0..BATCH_MAX-1): ARENA_SLOT bytes, with ARENA_HEADROOM before. */
uint8_t *arena_slot(struct arena *arena, int i);

struct link;
struct port;
struct port_kind;

/*
 * What ports share and may ask of their host. Owned by the switch; outlives
 * every port. A port may call `spawn` from receive() and `wake` from anywhere;
 * neither calls back into the port.
 */
struct port_host {
	void *ctx;
	struct arena *arena;
	uint8_t *scratch; /* OFFLOAD_SCRATCH bytes, for port.c */

	/**
	 * spawn() - a peer has connected to listener @from: make it a port
	 * @kind: what the new port is
	 * @stem: the host names it STEM-1, STEM-2, ...: the first that is free
	 * @seed: for @kind's open(), in the new port's `seed`
	 *
	 * The new port's specification is that of @from with another name.
	 *
	 * Return: 0, and @seed belongs to the new port's open(); or -errno:
	 * it still belongs to the caller.
	 */
	int (*spawn)(struct port *from, const struct port_kind *kind,
	    const char *stem, void *seed);

	/* The port's fd, events, carrier or MTU has changed outside of a call
	 * that the switch made. */
	void (*wake)(struct port *port);
};

/* The only members of a kind that may be NULL are marked so. */
struct port_kind {
	const char *name;   /* "tap": what stands before the colon */
	const char *driver; /* where one kind has several; first is default */
	const char *help;   /* ARG and its options, newline, what it is */
	const char *const *keys; /* options it takes, NULL-terminated; NULL */
	bool listener; /* no port of the bridge: it only spawns others */

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
	 * Return: the number of frames, or -errno: the port has failed.
	 * A datagram that is no frame at all (0 bytes) is skipped, a runt
	 * is delivered: the bridge counts it.
	 *
	 * receive(), send() and writable() may call port_fail() with a
	 * sentence of their own just before they return -errno.
	 */
	int (*receive)(struct port *port, struct batch *batch);

	/* gives ring memory back; NULL when the arena held the bytes */
	void (*release)(struct port *port, struct batch *batch);

	/**
	 * send() - send frames in order; never blocks
	 *
	 * Each fits port->can and the MTU. Their bytes are not referenced
	 * after return.
	 *
	 * Return: how many were taken, 1..@n; or what the first met:
	 * -EAGAIN or -ENOBUFS when there is no room for it now, -EMSGSIZE
	 * when it is too long, -EOPNOTSUPP when it is to be finished in
	 * software after all, -EIO when it alone was refused; any other
	 * -errno says that the port has failed.
	 */
	int (*send)(
	    struct port *port, const struct frame *const *frames, int n);

	/* once a batch, after the sends; NULL when send() did it all */
	void (*flush)(struct port *port);

	/* fd has become writable, asked for in events; NULL.
	 * Return: 0, or -errno when the port has failed. */
	int (*writable)(struct port *port);

	/**
	 * link() - the interface @port->link_name has changed; NULL
	 *
	 * Called for the interface of that name or index. Updates carrier and
	 * mtu. Return: 0, or -errno when the port has failed. @err says why
	 * it has, or why it has no carrier.
	 */
	int (*link)(struct port *port, const struct link *link, char *err);

	/* facts for the operator: emit(key, value) each; NULL. May bring
	 * counters up to date that the kernel keeps. */
	void (*facts)(struct port *port,
	    void (*emit)(const char *key, const char *value, void *arg),
	    void *arg);

	/* frees everything that open() made; accepts a half-opened port */
	void (*close)(struct port *port);

	/* takes back what opening has changed about a device of the host's;
	 * once, when the closed port goes for good; NULL */
	void (*restore)(struct port *port);
};

/* What a kind remembers from one open() to the next. */
struct port_past {
	bool made;  /* we made the device ourselves */
	bool used;  /* an inherited socket was taken: it was the only one */
	int raised; /* ifindex of the interface that we brought up, or 0 */
	uint64_t lost_ms; /* monotonic: when it was taken from us; 0: not */
};

struct port {
	/* set by port_new(), read-only afterwards */
	const struct port_kind *kind;
	struct port_spec spec;
	struct port_host *host;
	int no;	    /* 1..PORT_MAX: the switch's */
	void *seed; /* for a port that a listener spawned, else NULL */

	/* set by the kind */
	int fd;	      /* -1: none */
	int events;   /* POLLIN | POLLOUT that the loop shall watch fd for */
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

	/* set by port.c */
	bool is_open;
	char reason[PORT_ERR]; /* why it is closed or has no carrier, or "" */
	struct port_counters counters;
};

/* The table of kinds, NULL-terminated. */
extern const struct port_kind *const port_kinds[];

/* The kind (and driver, NULL: its default) of that name, or NULL. */
const struct port_kind *port_kind_find(const char *name, const char *driver);

/**
 * port_new() - a closed port
 * @spec: copied
 * @seed: owned by the port's kind from here on; NULL for all but spawned ports
 *
 * Return: NULL when out of memory.
 */
struct port *port_new(const struct port_kind *kind,
    const struct port_spec *spec, struct port_host *host, int no, void *seed);
void port_free(struct port *port); /* closes; NULL is fine */

/* Return: 0 or -errno; @port->reason then holds the sentence. */
int port_open(struct port *port);
void port_close(struct port *port);

/* For a kind's open(): writes the sentence into @err and returns @rc. */
int port_refuse(char *err, int rc, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Closes @port; the sentence becomes its reason. */
void port_fail(struct port *port, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* port_link() - tell @port, if it is open, of its interface. May fail it. */
void port_link(struct port *port, const struct link *link);

/* For a kind: monotonic, for what it must not do too often or too soon. */
uint64_t port_now_ms(void);

/* open and with carrier: frames can pass */
static inline bool port_up(const struct port *port)
{
	return port->is_open && port->carrier;
}

/**
 * port_receive() - receive a batch and count it
 *
 * Return: frames in @batch; 0 as well when the port failed, which it then is.
 */
int port_receive(struct port *port, struct batch *batch);
void port_release(struct port *port, struct batch *batch);

/* port_writable() - fd has become writable; a port that fails is failed */
void port_writable(struct port *port);

/**
 * port_send() - send or drop each of @n frames, and count each once
 *
 * Finishes in software what the port cannot take. Never blocks, never fails:
 * a port that cannot go on is failed and counts the rest as tx_error.
 */
void port_send(struct port *port, const struct frame *const *frames, int n);

#endif
