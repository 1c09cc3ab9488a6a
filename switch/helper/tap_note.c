/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tap_note.c - an interface's alias, written and counted through rtnetlink: see
 * tap_note.h. By hand, as the helper uses only the C library.
 */
#include "tap_note.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* "made by qswitch" is what 60-qswitch.rules looks for. */
#define NOTE "made by qswitch-bridge-helper for user %u"

enum { NOTE_SIZE = 64, ANSWER_SIZE = 32768, COUNT_TRIES = 10 };

struct request {
	struct nlmsghdr head;
	struct ifinfomsg link;
	struct rtattr alias;
	char note[NOTE_SIZE];
};

static int ask(
    int fd, const struct request *request, const char *note, unsigned *have);
static int take_messages(const char *data, size_t len, const char *note,
    unsigned *have, bool *changed);
static bool has_note(const struct nlmsghdr *head, const char *note);

int tap_note(const char *name, uid_t uid, unsigned *have)
{
	struct request write = {
	    .head = {.nlmsg_type = RTM_NEWLINK,
		.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK},
	    .link = {.ifi_index = (int)if_nametoindex(name)},
	    .alias = {.rta_type = IFLA_IFALIAS},
	};
	struct request count = {
	    .head = {.nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg)),
		.nlmsg_type = RTM_GETLINK,
		.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
	};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd < 0)
		return -errno;
	int len = snprintf(write.note, sizeof(write.note), NOTE, uid);
	write.alias.rta_len = (unsigned short)RTA_LENGTH(len);
	write.head.nlmsg_len =
	    NLMSG_LENGTH(sizeof(struct ifinfomsg)) + RTA_SPACE(len);
	int result = ask(fd, &write, write.note, have);
	/* a list that changed while it was read may lack some: read it again */
	for (int i = 0; !result && i < COUNT_TRIES; i++) {
		*have = 0;
		result = ask(fd, &count, write.note, have);
		if (result != -EINTR)
			break;
		result = i + 1 < COUNT_TRIES ? 0 : -EBUSY;
	}
	close(fd);
	return result;
}

/* Sends one request and takes all of its answer. Return: 0, -EINTR for a list
 * that changed while it was read, or another -errno. */
static int ask(
    int fd, const struct request *request, const char *note, unsigned *have)
{
	static _Alignas(struct nlmsghdr) char answer[ANSWER_SIZE];
	bool changed = false;
	int result = -EAGAIN;

	if (send(fd, request, request->head.nlmsg_len, 0) < 0)
		return -errno;
	while (result == -EAGAIN) {
		ssize_t len = recv(fd, answer, sizeof(answer), 0);

		if (len < 0)
			return -errno;
		result =
		    take_messages(answer, (size_t)len, note, have, &changed);
	}
	return !result && changed ? -EINTR : result;
}

/* Return: 0 at the end of the answer, -EAGAIN before it, or its -errno. */
static int take_messages(const char *data, size_t len, const char *note,
    unsigned *have, bool *changed)
{
	const struct nlmsghdr *head = (const void *)data;

	for (; NLMSG_OK(head, len); head = NLMSG_NEXT(head, len)) {
		*changed |= (head->nlmsg_flags & NLM_F_DUMP_INTR) != 0;
		if (head->nlmsg_type == NLMSG_DONE)
			return 0;
		if (head->nlmsg_type == NLMSG_ERROR)
			return *(const int *)NLMSG_DATA(head);
		*have += has_note(head, note);
	}
	return -EAGAIN;
}

static bool has_note(const struct nlmsghdr *head, const char *note)
{
	const struct ifinfomsg *link = NLMSG_DATA(head);
	const struct rtattr *attr = IFLA_RTA(link);
	size_t len = IFLA_PAYLOAD(head);

	for (; RTA_OK(attr, len); attr = RTA_NEXT(attr, len)) {
		if (attr->rta_type == IFLA_IFALIAS)
			return strncmp(RTA_DATA(attr), note,
				   RTA_PAYLOAD(attr)) == 0;
	}
	return false;
}
