/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link.c - network interfaces through rtnetlink. ioctl() and sysfs tell what
 * rtnetlink does not: speed, TSO, wireless.
 */
#include "link.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_link.h>
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

enum {
	REPLY_MAX = 32768, /* the kernel makes no longer dump message */
	READS_MAX = 64,	   /* messages of a watch before the loop goes on */
};

struct request {
	struct nlmsghdr *head;
	struct ifinfomsg *info;
	_Alignas(NLMSG_ALIGNTO) char bytes[512];
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
	char buf[REPLY_MAX];
};

static void request_init(struct request *req, uint16_t type, uint16_t flags);
static int transact(struct request *req, mnl_cb_t cb, void *arg);
static struct mnl_socket *open_route(unsigned groups, int flags);
static int on_found(const struct nlmsghdr *nlh, void *arg);
static bool parse(const struct nlmsghdr *nlh, struct link *link);
static void ask_device(struct link *link);
static bool is_wireless(const struct link *link, int fd);
static bool sysfs_is_of(const struct link *link);
static uint32_t speed_of(const struct link *link, int fd);
static bool has_tso(const struct link *link, int fd);
static void count_queues(struct link *link, int fd);
static int set_flags(int ifindex, unsigned flags);
static void dump_start(struct link_watch *watch);
static bool read_some(struct link_watch *watch);
static void on_message(struct link_watch *watch, const struct nlmsghdr *nlh);
static void report_unseen(struct link_watch *watch);
static void note(struct link_watch *watch, const struct link *link);
static struct known *find_known(struct link_watch *watch, int ifindex);
static struct known *add_known(struct link_watch *watch);

int link_find(const char *name, struct link *link)
{
	struct request req;
	int result;

	*link = (struct link){0};
	if (strlen(name) == 0 || strlen(name) >= IFNAMSIZ)
		return -ENODEV;
	request_init(&req, RTM_GETLINK, 0);
	mnl_attr_put_strz(req.head, IFLA_IFNAME, name);
	result = transact(&req, on_found, link);
	return result == 0 && link->ifindex == 0 ? -ENODEV : result;
}

int link_find_index(int ifindex, struct link *link)
{
	struct request req;

	*link = (struct link){0};
	if (ifindex <= 0)
		return -ENODEV;
	request_init(&req, RTM_GETLINK, 0);
	req.info->ifi_index = ifindex;
	int result = transact(&req, on_found, link);
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
	struct request req;

	request_init(&req, RTM_NEWLINK, NLM_F_ACK);
	req.info->ifi_index = ifindex;
	mnl_attr_put_u32(req.head, IFLA_MTU, mtu);
	return transact(&req, NULL, NULL);
}

int link_set_mac(int ifindex, const uint8_t mac[ETH_ADDR])
{
	struct request req;

	request_init(&req, RTM_NEWLINK, NLM_F_ACK);
	req.info->ifi_index = ifindex;
	mnl_attr_put(req.head, IFLA_ADDRESS, ETH_ADDR, mac);
	return transact(&req, NULL, NULL);
}

int link_set_alias(int ifindex, const char *alias)
{
	struct request req;

	request_init(&req, RTM_NEWLINK, NLM_F_ACK);
	req.info->ifi_index = ifindex;
	mnl_attr_put_str(req.head, IFLA_IFALIAS, alias);
	return transact(&req, NULL, NULL);
}

int link_set_name(int ifindex, const char *name)
{
	struct request req;

	request_init(&req, RTM_NEWLINK, NLM_F_ACK);
	req.info->ifi_index = ifindex;
	mnl_attr_put_strz(req.head, IFLA_IFNAME, name);
	return transact(&req, NULL, NULL);
}

struct link_watch *link_watch_new(void)
{
	struct link_watch *watch = calloc(1, sizeof(*watch));

	if (!watch)
		return NULL;
	watch->nl = open_route(RTMGRP_LINK, SOCK_NONBLOCK);
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

static void request_init(struct request *req, uint16_t type, uint16_t flags)
{
	memset(req->bytes, 0, sizeof(req->bytes));
	req->head = mnl_nlmsg_put_header(req->bytes);
	req->head->nlmsg_type = type;
	req->head->nlmsg_flags = NLM_F_REQUEST | flags;
	req->info = mnl_nlmsg_put_extra_header(req->head, sizeof(*req->info));
	req->info->ifi_family = AF_UNSPEC;
}

/* Sends one request and hands its one reply to @cb. Return: 0 or -errno. */
static int transact(struct request *req, mnl_cb_t cb, void *arg)
{
	struct mnl_socket *nl = open_route(0, 0);
	char *reply = malloc(REPLY_MAX);
	ssize_t n = -1;
	int result;

	if (nl && reply &&
	    mnl_socket_sendto(nl, req->head, req->head->nlmsg_len) > 0)
		n = mnl_socket_recvfrom(nl, reply, REPLY_MAX);
	if (n >= 0)
		n = mnl_cb_run(
		    reply, (size_t)n, 0, mnl_socket_get_portid(nl), cb, arg);
	result = n < 0 ? -errno : 0;
	free(reply);
	if (nl)
		mnl_socket_close(nl);
	return result;
}

static struct mnl_socket *open_route(unsigned groups, int flags)
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

static int on_found(const struct nlmsghdr *nlh, void *arg)
{
	parse(nlh, arg);
	return MNL_CB_STOP;
}

/* Return: false if the message is not about an interface. */
static bool parse(const struct nlmsghdr *nlh, struct link *link)
{
	if (!link_parse(nlh, link))
		return false;
	if (!link->deleted && link->ethernet)
		ask_device(link);
	return true;
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
	struct request req;

	request_init(&req, RTM_NEWLINK, NLM_F_ACK);
	req.info->ifi_index = ifindex;
	req.info->ifi_change = IFF_UP;
	req.info->ifi_flags = flags;
	return transact(&req, NULL, NULL);
}

static void dump_start(struct link_watch *watch)
{
	struct request req;

	request_init(&req, RTM_GETLINK, NLM_F_DUMP);
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
	} else if (parse(nlh, &link)) {
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
