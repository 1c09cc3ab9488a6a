/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * life_fixture.h - ports on interfaces that come, go and change: what the
 * kernel says of one, and what the link watch would tell the port.
 */
#ifndef TESTS_UNIT_LIFE_FIXTURE_H
#define TESTS_UNIT_LIFE_FIXTURE_H

#include "ports/link.h"

#include "netns.h"

static struct port_host host;

/** look() - interface @name, which is there */
static inline struct link look(const char *name)
{
	struct link link;

	if (link_find(name, &link) < 0)
		fail_msg("no interface %s", name);
	return link;
}

/** exists() - is there an interface @name? */
static inline bool exists(const char *name)
{
	return if_nametoindex(name) != 0;
}

/** tell() - tell @port the present state of interface @name */
static inline void tell(struct port *port, const char *name)
{
	struct link link = look(name);

	port_link(port, &link);
}

/** tell_deleted() - tell @port that its interface was deleted */
static inline void tell_deleted(
    struct port *port, int ifindex, const char *name)
{
	struct link link = {.ifindex = ifindex, .deleted = true};

	snprintf(link.name, sizeof(link.name), "%s", name);
	port_link(port, &link);
}

/** refuses() - open() of @text fails and says @why */
static inline void refuses(const char *text, const char *why)
{
	struct port *port = netns_port(&host, text);

	assert_true(port_open(port) < 0);
	assert_string_equal(port->reason, why);
	assert_false(port->is_open);
	assert_int_equal(port->fd, -1);
	port_free(port);
}

/** send_one() - send a frame of 60 bytes out of @port */
static inline void send_one(struct port *port)
{
	static const uint8_t bytes[60] = {2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 1};
	struct frame f;
	const struct frame *list = &f;

	frame_parse(&f, bytes, sizeof(bytes));
	port_send(port, &list, 1);
}

/** say_one() - put a frame of 60 bytes on the wire behind @name */
static inline void say_one(const char *name)
{
	static struct netns_frame f = {
	    .len = 60, .bytes = {2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 1}};
	int fd = netns_wire(name);

	netns_say(fd, &f);
	close(fd);
}

#endif
