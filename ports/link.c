/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link.c - network interfaces through rtnetlink. ioctl() and sysfs tell what
 * rtnetlink does not: speed, TSO, wireless.
 */
#include "link.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/wireless.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <bsd/string.h>
#include <libmnl/libmnl.h>

#include "link_message.h"
#include "link_request.h"

static bool put_name(struct link_request *req, const char *name);
static int find_netns(int netns, int32_t *id);
static int ask_netns(uint16_t type, uint16_t flags, int netns, int32_t *id);
static int on_netns(const struct nlmsghdr *nlh, void *arg);
static int transact(struct link_request *req, mnl_cb_t cb, void *arg);
static int on_found(const struct nlmsghdr *nlh, void *arg);
static int on_found_in(const struct nlmsghdr *nlh, void *arg);
static void ask_device(struct link *link);
static bool is_wireless(const struct link *link, int fd);
static bool sysfs_is_of(const struct link *link);
static uint32_t speed_of(const struct link *link, int fd);
static bool has_tso(const struct link *link, int fd);
static void count_queues(struct link *link, int fd);
static int set_flags(int ifindex, unsigned flags);

int link_find(const char *name, struct link *link)
{
	struct link_request req;
	int result;

	*link = (struct link){0};
	if (!put_name(&req, name))
		return -ENODEV;
	result = transact(&req, on_found, link);
	return result == 0 && link->ifindex == 0 ? -ENODEV : result;
}

int link_find_index(int ifindex, struct link *link)
{
	struct link_request req;

	*link = (struct link){0};
	if (ifindex <= 0)
		return -ENODEV;
	link_request_init(&req, RTM_GETLINK, 0);
	req.info->ifi_index = ifindex;
	int result = transact(&req, on_found, link);
	return result == 0 && link->ifindex == 0 ? -ENODEV : result;
}

int link_find_in(int netns, const char *name, struct link *link)
{
	struct link_request req;
	int32_t id = -1;
	int result;

	*link = (struct link){0};
	if (!put_name(&req, name))
		return -ENODEV;
	result = find_netns(netns, &id);
	if (result < 0)
		return result;
	mnl_attr_put_u32(req.head, IFLA_TARGET_NETNSID, (uint32_t)id);
	result = transact(&req, on_found_in, link);
	return result == 0 && link->ifindex == 0 ? -ENODEV : result;
}

int link_set_up(int ifindex)
{
	return set_flags(ifindex, IFF_UP);
}

void link_lower(int ifindex)
{
	struct link link;

	if (link_find_index(ifindex, &link) == 0 && !link.master)
		set_flags(ifindex, 0);
}

int link_set_mtu(int ifindex, uint32_t mtu)
{
	struct link_request req;

	link_request_init(&req, RTM_NEWLINK, NLM_F_ACK);
	req.info->ifi_index = ifindex;
	mnl_attr_put_u32(req.head, IFLA_MTU, mtu);
	return transact(&req, NULL, NULL);
}

int link_set_mac(int ifindex, const uint8_t mac[ETH_ADDR])
{
	struct link_request req;

	link_request_init(&req, RTM_NEWLINK, NLM_F_ACK);
	req.info->ifi_index = ifindex;
	mnl_attr_put(req.head, IFLA_ADDRESS, ETH_ADDR, mac);
	return transact(&req, NULL, NULL);
}

int link_set_alias(int ifindex, const char *alias)
{
	struct link_request req;

	link_request_init(&req, RTM_NEWLINK, NLM_F_ACK);
	req.info->ifi_index = ifindex;
	mnl_attr_put_str(req.head, IFLA_IFALIAS, alias);
	return transact(&req, NULL, NULL);
}

int link_set_name(int ifindex, const char *name)
{
	struct link_request req;

	link_request_init(&req, RTM_NEWLINK, NLM_F_ACK);
	req.info->ifi_index = ifindex;
	mnl_attr_put_strz(req.head, IFLA_IFNAME, name);
	return transact(&req, NULL, NULL);
}

void link_request_init(struct link_request *req, uint16_t type, uint16_t flags)
{
	memset(req->bytes, 0, sizeof(req->bytes));
	req->head = mnl_nlmsg_put_header(req->bytes);
	req->head->nlmsg_type = type;
	req->head->nlmsg_flags = NLM_F_REQUEST | flags;
	req->info = mnl_nlmsg_put_extra_header(req->head, sizeof(*req->info));
	req->info->ifi_family = AF_UNSPEC;
}

struct mnl_socket *link_open_route(unsigned groups, int flags)
{
	struct mnl_socket *nl =
	    mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC | flags);
	int error;

	if (!nl)
		return NULL;
	if (mnl_socket_bind(nl, groups, MNL_SOCKET_AUTOPID) == 0)
		return nl;
	error = errno;
	mnl_socket_close(nl);
	errno = error;
	return NULL;
}

bool link_heard(const struct nlmsghdr *nlh, struct link *link)
{
	if (!link_parse(nlh, link))
		return false;
	if (!link->deleted && link->ethernet)
		ask_device(link);
	return true;
}

/* A long name is an alternative one. Return: false for none at all. */
static bool put_name(struct link_request *req, const char *name)
{
	size_t len = strlen(name);

	link_request_init(req, RTM_GETLINK, 0);
	if (len == 0 || len >= LINK_ALTNAME)
		return false;
	mnl_attr_put_strz(
	    req->head, len < IFNAMSIZ ? IFLA_IFNAME : IFLA_ALT_IFNAME, name);
	return true;
}

/* The number by which our namespace knows the one of the fd @netns. The kernel
 * gives one to a namespace that an interface moves to from ours. */
static int find_netns(int netns, int32_t *id)
{
	int result = ask_netns(RTM_GETNSID, 0, netns, id);

	if (result == 0 && *id < 0)
		result = ask_netns(RTM_NEWNSID, NLM_F_ACK, netns, id);
	if (result == 0 && *id < 0)
		result = ask_netns(RTM_GETNSID, 0, netns, id);
	return result == 0 && *id < 0 ? -ENOENT : result;
}

static int ask_netns(uint16_t type, uint16_t flags, int netns, int32_t *id)
{
	struct link_request req = {.bytes = {0}};
	struct rtgenmsg *gen;

	req.head = mnl_nlmsg_put_header(req.bytes);
	req.head->nlmsg_type = type;
	req.head->nlmsg_flags = NLM_F_REQUEST | flags;
	gen = mnl_nlmsg_put_extra_header(req.head, sizeof(*gen));
	gen->rtgen_family = AF_UNSPEC;
	mnl_attr_put_u32(req.head, NETNSA_FD, (uint32_t)netns);
	if (type == RTM_NEWNSID)
		mnl_attr_put_u32(req.head, NETNSA_NSID, (uint32_t)*id);
	return transact(&req, on_netns, id);
}

static int on_netns(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *attr;
	int32_t *id = arg;

	mnl_attr_for_each(attr, nlh, sizeof(struct rtgenmsg))
	{
		if (mnl_attr_get_type(attr) == NETNSA_NSID)
			*id = (int32_t)mnl_attr_get_u32(attr);
	}
	return MNL_CB_STOP;
}

/* Sends one request and hands its one reply to @cb. Return: 0 or -errno. */
static int transact(struct link_request *req, mnl_cb_t cb, void *arg)
{
	struct mnl_socket *nl = link_open_route(0, 0);
	char *reply = malloc(LINK_REPLY_MAX);
	ssize_t n = -1;
	int result;

	if (nl && reply &&
	    mnl_socket_sendto(nl, req->head, req->head->nlmsg_len) > 0)
		n = mnl_socket_recvfrom(nl, reply, LINK_REPLY_MAX);
	if (n >= 0)
		n = mnl_cb_run(
		    reply, (size_t)n, 0, mnl_socket_get_portid(nl), cb, arg);
	result = n < 0 ? -errno : 0;
	free(reply);
	if (nl)
		mnl_socket_close(nl);
	return result;
}

static int on_found(const struct nlmsghdr *nlh, void *arg)
{
	link_heard(nlh, arg);
	return MNL_CB_STOP;
}

/* What ioctl() and sysfs say is of our own namespace. */
static int on_found_in(const struct nlmsghdr *nlh, void *arg)
{
	link_parse(nlh, arg);
	return MNL_CB_STOP;
}

static void ask_device(struct link *link)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return;
	link->wireless = is_wireless(link, fd);
	link->speed_mbps = speed_of(link, fd);
	link->tso = has_tso(link, fd);
	count_queues(link, fd);
	close(fd);
}

static bool is_wireless(const struct link *link, int fd)
{
	struct iwreq req = {0};
	char path[64];

	strlcpy(req.ifr_name, link->name, sizeof(req.ifr_name));
	if (ioctl(fd, SIOCGIWNAME, &req) == 0)
		return true;
	snprintf(path, sizeof(path), "/sys/class/net/%s/phy80211", link->name);
	return access(path, F_OK) == 0 && sysfs_is_of(link);
}

/* sysfs may show another namespace, where another device has that name. */
static bool sysfs_is_of(const struct link *link)
{
	char path[64], text[16] = "";
	int fd;

	snprintf(path, sizeof(path), "/sys/class/net/%s/ifindex", link->name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (read(fd, text, sizeof(text) - 1) < 0)
		text[0] = '\0';
	close(fd);
	return atoi(text) == link->ifindex;
}

static uint32_t speed_of(const struct link *link, int fd)
{
	struct ethtool_cmd cmd = {.cmd = ETHTOOL_GSET};
	struct ifreq req = {.ifr_data = (void *)&cmd};
	uint32_t speed;

	strlcpy(req.ifr_name, link->name, sizeof(req.ifr_name));
	if (ioctl(fd, SIOCETHTOOL, &req) < 0)
		return 0;
	speed = (uint32_t)cmd.speed_hi << 16 | cmd.speed;
	return speed == (uint32_t)SPEED_UNKNOWN ? 0 : speed;
}

static bool has_tso(const struct link *link, int fd)
{
	struct ethtool_value value = {.cmd = ETHTOOL_GTSO};
	struct ifreq req = {.ifr_data = (void *)&value};

	strlcpy(req.ifr_name, link->name, sizeof(req.ifr_name));
	return ioctl(fd, SIOCETHTOOL, &req) == 0 && value.data != 0;
}

/* Queues in use; netlink has said how many there could be. */
static void count_queues(struct link *link, int fd)
{
	struct ethtool_channels channels = {.cmd = ETHTOOL_GCHANNELS};
	struct ifreq req = {.ifr_data = (void *)&channels};

	strlcpy(req.ifr_name, link->name, sizeof(req.ifr_name));
	if (ioctl(fd, SIOCETHTOOL, &req) < 0)
		return;
	if (channels.tx_count + channels.combined_count > 0)
		link->tx_queues = channels.tx_count + channels.combined_count;
}

static int set_flags(int ifindex, unsigned flags)
{
	struct link_request req;

	link_request_init(&req, RTM_NEWLINK, NLM_F_ACK);
	req.info->ifi_index = ifindex;
	req.info->ifi_change = IFF_UP;
	req.info->ifi_flags = flags;
	return transact(&req, NULL, NULL);
}
