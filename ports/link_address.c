/* SPDX-License-Identifier: BSD-2-Clause */
/* link_address.c - addresses of an interface that we made: link_address.h. */
#include "link_address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>

enum { REQUEST = 512 };

static int transact(struct nlmsghdr *head);

int link_add_address(int ifindex, uint32_t ip, int len)
{
	char bytes[REQUEST] = {0};
	struct nlmsghdr *head = mnl_nlmsg_put_header(bytes);
	uint32_t broadcast = ip | UINT32_MAX >> len;

	head->nlmsg_type = RTM_NEWADDR;
	head->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE;
	struct ifaddrmsg *address =
	    mnl_nlmsg_put_extra_header(head, sizeof(*address));
	address->ifa_family = AF_INET;
	address->ifa_prefixlen = (uint8_t)len;
	address->ifa_index = (unsigned)ifindex;
	mnl_attr_put_u32(head, IFA_LOCAL, htonl(ip));
	mnl_attr_put_u32(head, IFA_ADDRESS, htonl(ip));
	mnl_attr_put_u32(head, IFA_BROADCAST, htonl(broadcast));
	int result = transact(head);
	return result == -EEXIST ? 0 : result;
}

int link_set_forwarding(int ifindex, uint32_t on)
{
	char bytes[REQUEST] = {0};
	struct nlmsghdr *head = mnl_nlmsg_put_header(bytes);

	head->nlmsg_type = RTM_SETLINK;
	head->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	struct ifinfomsg *info =
	    mnl_nlmsg_put_extra_header(head, sizeof(*info));
	info->ifi_family = AF_UNSPEC;
	info->ifi_index = ifindex;
	struct nlattr *families = mnl_attr_nest_start(head, IFLA_AF_SPEC);
	struct nlattr *family = mnl_attr_nest_start(head, AF_INET);
	struct nlattr *settings = mnl_attr_nest_start(head, IFLA_INET_CONF);
	mnl_attr_put_u32(head, IPV4_DEVCONF_FORWARDING, on);
	mnl_attr_nest_end(head, settings);
	mnl_attr_nest_end(head, family);
	mnl_attr_nest_end(head, families);
	return transact(head);
}

/* The kernel answers at once: its work is done when sendto() returns. */
static int transact(struct nlmsghdr *head)
{
	struct mnl_socket *nl = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	char reply[REQUEST];
	ssize_t n = -1;
	int result;

	if (nl && mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) == 0 &&
	    mnl_socket_sendto(nl, head, head->nlmsg_len) > 0)
		n = mnl_socket_recvfrom(nl, reply, sizeof(reply));
	if (n >= 0)
		n = mnl_cb_run(
		    reply, (size_t)n, 0, mnl_socket_get_portid(nl), NULL, NULL);
	result = n < 0 ? -errno : 0;
	if (nl)
		mnl_socket_close(nl);
	return result;
}
