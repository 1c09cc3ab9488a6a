/* SPDX-License-Identifier: BSD-2-Clause */
/* link_request.h - requests to rtnetlink about interfaces, for link.c and
 * link_watch.c. */
#ifndef PORTS_LINK_REQUEST_H
#define PORTS_LINK_REQUEST_H

#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stdint.h>

#include <libmnl/libmnl.h>

#include "link.h"

enum { LINK_REPLY_MAX = 32768 }; /* the kernel makes no longer dump message */

struct link_request {
	struct nlmsghdr *head;
	struct ifinfomsg *info;
	_Alignas(NLMSG_ALIGNTO) char bytes[512];
};

/** link_request_init() - begin a request about interfaces
 * @flags: NLM_F_*, besides NLM_F_REQUEST */
void link_request_init(struct link_request *req, uint16_t type, uint16_t flags);

/**
 * link_open_route() - a socket to rtnetlink
 * @groups: RTMGRP_* to listen to
 * @flags:  SOCK_*, besides SOCK_CLOEXEC
 *
 * Return: NULL with errno set.
 */
struct mnl_socket *link_open_route(unsigned groups, int flags);

/**
 * link_heard() - link_parse(), and what the device itself tells
 *
 * Return: false if the message is about something else.
 */
bool link_heard(const struct nlmsghdr *nlh, struct link *link);

#endif
