/* SPDX-License-Identifier: BSD-2-Clause */
/* link_message.c - what rtnetlink says about an interface: see
 * link_message.h. */
#include "link_message.h"

#include <limits.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include <bsd/string.h>
#include <libmnl/libmnl.h>

enum {
	LOWER_UP = 1 << 16, /* IFF_LOWER_UP, which <net/if.h> lacks */
};

static void parse_attr(const struct nlattr *attr, struct link *link);
static void parse_linkinfo(const struct nlattr *info, struct link *link);
static void parse_data(const struct nlattr *data, struct link *link);
static void take_number(const struct nlattr *attr, uint32_t *number);
static void take_text(const struct nlattr *attr, char *text, size_t size);

bool link_message_ok(const struct nlmsghdr *nlh, int left)
{
	return mnl_nlmsg_ok(nlh, left) && nlh->nlmsg_len <= INT_MAX;
}

bool link_parse(const struct nlmsghdr *nlh, struct link *link)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;

	if (nlh->nlmsg_type != RTM_NEWLINK && nlh->nlmsg_type != RTM_DELLINK)
		return false;
	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*info) ||
	    info->ifi_family != AF_UNSPEC)
		return false;
	*link = (struct link){.ifindex = info->ifi_index,
	    .deleted = nlh->nlmsg_type == RTM_DELLINK,
	    .up = info->ifi_flags & IFF_UP,
	    .carrier = info->ifi_flags & LOWER_UP,
	    .ethernet = info->ifi_type == ARPHRD_ETHER};
	mnl_attr_for_each(attr, nlh, sizeof(*info)) parse_attr(attr, link);
	return true;
}

static void parse_attr(const struct nlattr *attr, struct link *link)
{
	uint32_t master = (uint32_t)link->master;

	switch (mnl_attr_get_type(attr)) {
	case IFLA_IFNAME:
		take_text(attr, link->name, sizeof(link->name));
		break;
	case IFLA_MTU:
		take_number(attr, &link->mtu);
		break;
	case IFLA_MASTER:
		take_number(attr, &master);
		link->master = (int)master;
		break;
	case IFLA_ADDRESS:
		if (mnl_attr_get_payload_len(attr) == ETH_ADDR)
			memcpy(link->mac, mnl_attr_get_payload(attr), ETH_ADDR);
		break;
	case IFLA_NUM_TX_QUEUES:
		take_number(attr, &link->tx_queues);
		break;
	case IFLA_IFALIAS:
		take_text(attr, link->alias, sizeof(link->alias));
		break;
	case IFLA_LINKINFO:
		parse_linkinfo(attr, link);
		break;
	case IFLA_NEW_NETNSID:
		link->moved = link->deleted;
		break;
	}
}

static void parse_linkinfo(const struct nlattr *info, struct link *link)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, info)
	{
		if (mnl_attr_get_type(attr) == IFLA_INFO_KIND)
			take_text(attr, link->kind, sizeof(link->kind));
		else if (mnl_attr_get_type(attr) == IFLA_INFO_SLAVE_KIND)
			take_text(
			    attr, link->master_kind, sizeof(link->master_kind));
		else if (mnl_attr_get_type(attr) == IFLA_INFO_DATA)
			parse_data(attr, link);
	}
}

/* The kernel puts the kind before its data. */
static void parse_data(const struct nlattr *data, struct link *link)
{
	bool macvlan = strcmp(link->kind, "macvlan") == 0 ||
		       strcmp(link->kind, "macvtap") == 0;
	uint32_t mode = MACVLAN_MODE_PASSTHRU;
	const struct nlattr *attr;

	link->shares = strcmp(link->kind, "ipvlan") == 0 ||
		       strcmp(link->kind, "ipvtap") == 0;
	mnl_attr_for_each_nested(attr, data)
	{
		if (macvlan && mnl_attr_get_type(attr) == IFLA_MACVLAN_MODE)
			take_number(attr, &mode);
	}
	if (macvlan)
		link->shares = mode != MACVLAN_MODE_PASSTHRU;
}

static void take_number(const struct nlattr *attr, uint32_t *number)
{
	if (mnl_attr_get_payload_len(attr) >= sizeof(*number))
		*number = mnl_attr_get_u32(attr);
}

/* Not all of the kernel's text ends with a 0 (IFLA_IFALIAS did not always), so
 * the length of the attribute counts too. */
static void take_text(const struct nlattr *attr, char *text, size_t size)
{
	size_t len =
	    strnlen(mnl_attr_get_payload(attr), mnl_attr_get_payload_len(attr));

	if (len >= size)
		len = size - 1;
	memcpy(text, mnl_attr_get_payload(attr), len);
	text[len] = 0;
}
