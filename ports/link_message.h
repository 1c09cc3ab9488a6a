/* SPDX-License-Identifier: BSD-2-Clause */
/* link_message.h - what rtnetlink says about an interface. Pure. */
#ifndef PORTS_LINK_MESSAGE_H
#define PORTS_LINK_MESSAGE_H

#include <stdbool.h>

#include "link.h"

struct nlmsghdr;

/**
 * link_message_ok() - is @nlh one whole message in the @left bytes there?
 *
 * As mnl_nlmsg_ok(), which takes a length above 2^31 for a negative one.
 */
bool link_message_ok(const struct nlmsghdr *nlh, int left);

/**
 * link_parse() - a message of rtnetlink as an interface
 * @nlh:  one whole message, as of link_message_ok()
 * @link: set to what the message says, and 0 for the rest
 *
 * A number that is too short is left out; text ends where its attribute does.
 *
 * Return: false if the message is about something else, such as a port of a
 * kernel bridge.
 */
bool link_parse(const struct nlmsghdr *nlh, struct link *link);

#endif
