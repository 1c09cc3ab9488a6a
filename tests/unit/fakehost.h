/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fakehost.h - a host for ports under test. Like the switch, it opens and keeps
 * the ports that a listener spawns, and removes those that have gone.
 */
#ifndef TESTS_UNIT_FAKEHOST_H
#define TESTS_UNIT_FAKEHOST_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <bsd/string.h>
#include <cmocka.h>

#include "ports/kind.h"

enum { FAKE_PORTS = 600, FAKE_WAIT_MS = 5000 };

struct fakehost {
	struct port_host host;
	struct port *ports[FAKE_PORTS]; /* spawned and not gone */
	int n;
	int refused; /* spawns whose open() failed */
	char refusal[PORT_ERR];
	struct batch batch;
	char dir[64]; /* for sockets */
};

/** fake_spawn() - port_host.spawn: open a new port and keep it, or count it */
static inline int fake_spawn(struct port *from, const struct port_kind *kind,
    const char *stem, void *seed)
{
	struct fakehost *h = from->host->ctx;
	struct port *port =
	    port_new(kind, &from->spec, from->host, h->n + 1, seed);

	(void)stem;
	assert_true(h->n < FAKE_PORTS);
	int result = port_open(port);
	if (result) {
		h->refused++;
		snprintf(h->refusal, sizeof(h->refusal), "%s", port->reason);
		port_free(port);
		return result;
	}
	h->ports[h->n++] = port;
	return 0;
}

/** fake_wake() - port_host.wake: does nothing, fake_serve() looks itself */
static inline void fake_wake(struct port *port)
{
	(void)port;
}

/** fakehost_new() - a host without ports, with an empty directory */
static inline struct fakehost *fakehost_new(void)
{
	struct fakehost *h = calloc(1, sizeof(*h));

	h->host = (struct port_host){.ctx = h,
	    .arena = arena_new(),
	    .scratch = malloc(OFFLOAD_SCRATCH),
	    .spawn = fake_spawn,
	    .wake = fake_wake};
	snprintf(h->dir, sizeof(h->dir), "/tmp/qswitch-test.XXXXXX");
	assert_non_null(mkdtemp(h->dir));
	return h;
}

/** fakehost_free() - free it and its ports; its directory must be empty */
static inline void fakehost_free(struct fakehost *h)
{
	while (h->n)
		port_free(h->ports[--h->n]);
	assert_int_equal(rmdir(h->dir), 0); /* nothing is left behind */
	arena_free(h->host.arena);
	free(h->host.scratch);
	free(h);
}

/** fake_port() - a port as config.c specifies it; "key=value"..., then NULL */
static inline struct port *fake_port(
    struct fakehost *h, const char *kind, const char *arg, ...)
{
	struct port_spec spec = {0};
	const char *option;
	va_list args;

	snprintf(spec.kind, sizeof(spec.kind), "%s", kind);
	snprintf(spec.arg, sizeof(spec.arg), "%s", arg);
	snprintf(spec.name, sizeof(spec.name), "test");
	va_start(args, arg);
	while ((option = va_arg(args, const char *))) {
		struct port_option *o = &spec.options[spec.n_options++];

		assert_int_equal(
		    sscanf(option, "%15[^=]=%255s", o->key, o->value), 2);
	}
	va_end(args);
	return port_new(port_kind_find(kind, NULL), &spec, &h->host, 1, NULL);
}

/**
 * fake_serve() - wait until the port's fd is ready, then serve it like the loop
 *
 * Return: frames received; they are in h->batch, borrowed.
 */
static inline int fake_serve(struct fakehost *h, struct port *port)
{
	struct pollfd p = {.fd = port->fd, .events = (short)port->events};

	if (!port->more && poll(&p, 1, FAKE_WAIT_MS) < 1)
		fail_msg("%s: nothing happens", port->spec.arg);
	if (p.revents & POLLOUT)
		port_writable(port);
	if (!port->is_open || !(port->more || p.revents & ~POLLOUT))
		return 0;
	return port_receive(port, &h->batch);
}

/** fake_serve_until() - the same until @n spawned ports are there */
static inline void fake_serve_until(
    struct fakehost *h, struct port *listener, int n)
{
	while (h->n < n)
		fake_serve(h, listener);
}

/** fake_reap() - free the spawned ports that have gone */
static inline void fake_reap(struct fakehost *h)
{
	int kept = 0;

	for (int i = 0; i < h->n; i++) {
		if (h->ports[i]->gone)
			port_free(h->ports[i]);
		else
			h->ports[kept++] = h->ports[i];
	}
	h->n = kept;
}

/** unix_connect() - connect to a stream socket. Return: its fd, or -errno. */
static inline int unix_connect(const char *path)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	strlcpy(a.sun_path, path, sizeof(a.sun_path));
	if (connect(fd, (struct sockaddr *)&a, sizeof(a))) {
		close(fd);
		return -errno;
	}
	return fd;
}

/** make_frame() - a broadcast frame of @len bytes, which count up from @seed */
static inline void make_frame(uint8_t *bytes, size_t len, unsigned seed)
{
	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)(seed + i);
	memset(bytes, 0xff, len < 6 ? len : 6);
	if (len >= 14)
		memcpy(bytes + 12, "\x88\xb5", 2);
}

#endif
