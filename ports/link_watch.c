/* SPDX-License-Identifier: BSD-2-Clause */
/* link_watch.c - watch all interfaces of the namespace: see link.h. */
#include "link.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include <bsd/string.h>
#include <libmnl/libmnl.h>

#include "link_message.h"
#include "link_request.h"

enum {
	READS_MAX = 64, /* messages of a watch before the loop goes on */
};

/* An interface that the watch has reported, and not as deleted since. */
struct known {
	int ifindex;
	char name[IFNAMSIZ];
	bool seen; /* in the dump that is under way */
};

struct link_watch {
	struct mnl_socket *nl;
	struct known *known;
	size_t n_known, room;
	bool dump_wanted;  /* what we know may be out of date */
	bool dump_running; /* the kernel takes one at a time */
	bool dump_torn;	   /* the list changed under the running one */
	void (*changed)(const struct link *link, void *arg);
	void *arg;
	char buf[LINK_REPLY_MAX];
};

static void dump_start(struct link_watch *watch);
static bool read_some(struct link_watch *watch);
static void on_message(struct link_watch *watch, const struct nlmsghdr *nlh);
static void report_unseen(struct link_watch *watch);
static void note(struct link_watch *watch, const struct link *link);
static struct known *find_known(struct link_watch *watch, int ifindex);
static struct known *add_known(struct link_watch *watch);

struct link_watch *link_watch_new(void)
{
	struct link_watch *watch = calloc(1, sizeof(*watch));

	if (!watch)
		return NULL;
	watch->nl = link_open_route(RTMGRP_LINK, SOCK_NONBLOCK);
	if (!watch->nl) {
		free(watch);
		return NULL;
	}
	dump_start(watch);
	return watch;
}

void link_watch_free(struct link_watch *watch)
{
	if (!watch)
		return;
	mnl_socket_close(watch->nl);
	free(watch->known);
	free(watch);
}

int link_watch_fd(const struct link_watch *watch)
{
	return mnl_socket_get_fd(watch->nl);
}

void link_watch_read(struct link_watch *watch,
    void (*changed)(const struct link *link, void *arg), void *arg)
{
	watch->changed = changed;
	watch->arg = arg;
	for (int i = 0; i < READS_MAX; i++) {
		if (watch->dump_wanted && !watch->dump_running)
			dump_start(watch);
		if (!read_some(watch))
			break;
	}
}

static void dump_start(struct link_watch *watch)
{
	struct link_request req;

	link_request_init(&req, RTM_GETLINK, NLM_F_DUMP);
	if (mnl_socket_sendto(watch->nl, req.head, req.head->nlmsg_len) < 0)
		return; /* still wanted */
	for (size_t i = 0; i < watch->n_known; i++)
		watch->known[i].seen = false;
	watch->dump_wanted = false;
	watch->dump_torn = false;
	watch->dump_running = true;
}

/* Return: false when there was nothing to read. */
static bool read_some(struct link_watch *watch)
{
	ssize_t n =
	    mnl_socket_recvfrom(watch->nl, watch->buf, sizeof(watch->buf));
	const struct nlmsghdr *nlh = (const void *)watch->buf;
	int left = (int)n;

	if (n < 0) {
		if (errno == ENOBUFS || errno == ENOSPC)
			watch->dump_wanted = true;
		return errno == ENOBUFS || errno == ENOSPC || errno == EINTR;
	}
	for (; link_message_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left))
		on_message(watch, nlh);
	return n > 0;
}

static void on_message(struct link_watch *watch, const struct nlmsghdr *nlh)
{
	struct link link;

	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		watch->dump_torn = true;
	if (nlh->nlmsg_type == NLMSG_DONE || nlh->nlmsg_type == NLMSG_ERROR) {
		watch->dump_running = false;
		if (watch->dump_torn)
			watch->dump_wanted = true;
		else if (!watch->dump_wanted)
			report_unseen(watch);
	} else if (link_heard(nlh, &link)) {
		note(watch, &link);
		watch->changed(&link, watch->arg);
	}
}

/* Interfaces that the finished dump did not show went unnoticed. */
static void report_unseen(struct link_watch *watch)
{
	size_t i = 0;

	while (i < watch->n_known) {
		struct link link = {
		    .ifindex = watch->known[i].ifindex, .deleted = true};

		if (watch->known[i].seen) {
			i++;
			continue;
		}
		strlcpy(link.name, watch->known[i].name, sizeof(link.name));
		note(watch, &link);
		watch->changed(&link, watch->arg);
	}
}

static void note(struct link_watch *watch, const struct link *link)
{
	struct known *known = find_known(watch, link->ifindex);

	if (link->deleted) {
		if (known)
			*known = watch->known[--watch->n_known];
		return;
	}
	if (!known)
		known = add_known(watch);
	if (!known)
		return;
	known->ifindex = link->ifindex;
	known->seen = true;
	strlcpy(known->name, link->name, sizeof(known->name));
}

static struct known *find_known(struct link_watch *watch, int ifindex)
{
	for (size_t i = 0; i < watch->n_known; i++) {
		if (watch->known[i].ifindex == ifindex)
			return &watch->known[i];
	}
	return NULL;
}

static struct known *add_known(struct link_watch *watch)
{
	size_t room = watch->room ? 2 * watch->room : 16;
	struct known *more;

	if (watch->n_known == watch->room) {
		more = reallocarray(watch->known, room, sizeof(*more));
		if (!more)
			return NULL;
		watch->known = more;
		watch->room = room;
	}
	return &watch->known[watch->n_known++];
}
