/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vde_fixture.h - a VDE switch on a host of the test's own, and clients for it.
 */
#ifndef TESTS_UNIT_VDE_FIXTURE_H
#define TESTS_UNIT_VDE_FIXTURE_H

#include "ports/sock.h"
#include "ports/vde_request.h"

#include "fakehost.h"

struct fixture {
	struct fakehost *h;
	char dir[80], ctl[96], mine[96];
	struct port *server;
};

struct client {
	int stream, data;
	struct sockaddr_un theirs;
};

/** set_up() - a VDE switch in an empty directory */
static inline int set_up(void **state)
{
	struct fixture *t = calloc(1, sizeof(*t));

	t->h = fakehost_new();
	snprintf(t->dir, sizeof(t->dir), "%s/vde", t->h->dir);
	snprintf(t->ctl, sizeof(t->ctl), "%s/ctl", t->dir);
	snprintf(t->mine, sizeof(t->mine), "%s/mine", t->h->dir);
	t->server = fake_port(t->h, "vde", t->dir, "max=8", NULL);
	assert_int_equal(port_open(t->server), 0);
	*state = t;
	return 0;
}

/** tear_down() - end it; nothing may be left behind */
static inline int tear_down(void **state)
{
	struct fixture *t = *state;

	port_free(t->server);
	unlink(t->mine);
	fakehost_free(t->h);
	free(t);
	return 0;
}

/** make_request() - a version 3 request. Return: its length */
static inline size_t make_request(uint8_t data[VDE_REQUEST_MAX], uint32_t type,
    const struct sockaddr_un *a, const char *text)
{
	uint32_t words[] = {0xfeedface, 3, type};

	memcpy(data, words, 12);
	memcpy(data + 12, a, sizeof(*a));
	memcpy(data + 122, text, strlen(text));
	return 122 + strlen(text);
}

/** named() - the address of @path */
static inline struct sockaddr_un named(const char *path)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};

	strlcpy(a.sun_path, path, sizeof(a.sun_path));
	return a;
}

/** abstract_name() - a new one, much as User-mode Linux has it */
static inline struct sockaddr_un abstract_name(void)
{
	static int count;
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int words[2] = {getpid(), ++count};

	memcpy(a.sun_path + 1, words, sizeof(words));
	return a;
}

/** bound() - a datagram socket bound to @a; ends with the test */
static inline int bound(const struct sockaddr_un *a)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	assert_int_equal(bind(fd, (const struct sockaddr *)a, sizeof(*a)), 0);
	return fd;
}

/** ask() - ask, and let the server serve until it has made up its mind */
static inline void ask(struct fixture *t, struct client *c,
    const struct sockaddr_un *a, uint32_t type, const char *text)
{
	uint8_t data[VDE_REQUEST_MAX];
	size_t len = make_request(data, type, a, text);
	int before = t->h->n + t->h->refused;

	c->stream = unix_connect(t->ctl);
	assert_true(c->stream >= 0);
	assert_int_equal(send(c->stream, data, len, 0), len);
	while (t->h->n + t->h->refused == before)
		fake_serve(t->h, t->server);
}

/** plug() - plug in with an abstract name */
static inline void plug(struct fixture *t, struct client *c, uint32_t type)
{
	struct sockaddr_un a = abstract_name();

	c->data = bound(&a);
	ask(t, c, &a, type, "test");
	assert_int_equal(recv(c->stream, &c->theirs, 110, MSG_DONTWAIT), 110);
}

/** unplug() - close both sockets of @c */
static inline void unplug(struct client *c)
{
	close(c->stream);
	close(c->data);
}

/** to_switch() - send one frame to the switch */
static inline void to_switch(
    const struct client *c, const void *data, size_t len)
{
	assert_int_equal(
	    sendto(c->data, data, len, 0, (const struct sockaddr *)&c->theirs,
		sizeof(c->theirs)),
	    len);
}

/** send_frame() - send a frame of 60 bytes out of @port */
static inline void send_frame(struct port *port, unsigned seed)
{
	uint8_t bytes[60];
	struct frame f;
	const struct frame *out = &f;

	make_frame(bytes, sizeof(bytes), seed);
	frame_parse(&f, bytes, sizeof(bytes));
	port_send(port, &out, 1);
}

/** emit() - append a fact to the text of 200 bytes that @arg is */
static inline void emit(const char *key, const char *value, void *arg)
{
	char *text = arg;

	snprintf(text + strlen(text), 200 - strlen(text), "%s=%s;", key, value);
}

#endif
