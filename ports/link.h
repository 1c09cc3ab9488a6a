/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link.h - network interfaces through rtnetlink (libmnl): find one, bring it
 * up (link.c), watch all of the namespace (link_watch.c).
 */
#ifndef PORTS_LINK_H
#define PORTS_LINK_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#include "forwarding/frame.h"

enum { LINK_ALTNAME = 128 }; /* bytes of an alternative name: ALTIFNAMSIZ */

struct link {
	int ifindex;
	char name[IFNAMSIZ];
	char kind[16]; /* "tun", "veth", "bridge"; "" for hardware */
	bool deleted;  /* gone from this namespace */
	bool moved;    /* deleted here, as it has moved to another one */
	bool up;       /* administratively, IFF_UP */
	bool carrier;  /* IFF_LOWER_UP */
	uint32_t mtu;
	uint32_t speed_mbps;  /* 0: unknown */
	bool tso;	      /* the device cuts TCP super-frames itself */
	uint32_t tx_queues;   /* in use */
	int master;	      /* ifindex of the bridge or bond it is in, or 0 */
	char master_kind[16]; /* "bridge", "bond", ... or "" */
	bool wireless;
	bool shares; /* a macvlan or ipvlan: takes frames to its own address */
	bool ethernet; /* ARPHRD_ETHER: an Ethernet header on its frames */
	uint8_t mac[ETH_ADDR];
	char alias[48]; /* IFLA_IFALIAS: a note about it, cut; or "" */
};

/**
 * link_find() - look @name up, which may be an alternative name
 * @link: overwritten, also when this fails
 *
 * Return: 0, -ENODEV if there is none, or another -errno.
 * #syscalls socket bind getsockname sendto recvmsg close ioctl openat read
 *           access
 */
int link_find(const char *name, struct link *link);

/** link_find_index() - likewise by index: a name may be another's by now */
int link_find_index(int ifindex, struct link *link);

/**
 * link_find_in() - look @name up in another network namespace
 * @netns: an fd of it
 *
 * Leaves out what the device itself would tell: wireless, speed_mbps, tso and
 * the queues in use.
 *
 * Return: as link_find(); -ENOENT when our namespace has no number for it;
 * -EPERM without CAP_NET_ADMIN there.
 */
int link_find_in(int netns, const char *name, struct link *link);

/** link_set_up() - set IFF_UP. Return: 0 or -errno */
int link_set_up(int ifindex);

/**
 * link_lower() - take @ifindex down again, whatever its name is now
 * @ifindex: of the interface that we brought up; 0: none
 *
 * Does nothing if it has become a member of a bridge or bond.
 */
void link_lower(int ifindex);

/** link_set_mtu() - for an interface that we made. Return: 0 or -errno */
int link_set_mtu(int ifindex, uint32_t mtu);

/** link_set_mac() - for an interface that we made. Return: 0 or -errno */
int link_set_mac(int ifindex, const uint8_t mac[ETH_ADDR]);

/** link_set_alias() - for an interface that we made. Return: 0 or -errno */
int link_set_alias(int ifindex, const char *alias);

/** link_set_name() - for one that we made and that is down. Return: 0 or -errno */
int link_set_name(int ifindex, const char *name);

struct link_watch;

/** link_watch_new() - watch all interfaces. Return: NULL with errno set */
struct link_watch *link_watch_new(void);

/** link_watch_free() - stop watching; NULL is fine */
void link_watch_free(struct link_watch *watch);

/** link_watch_fd() - the fd to wait on for reading; the watch's to close */
int link_watch_fd(const struct link_watch *watch);

/**
 * link_watch_read() - report what has changed since the last call
 * @changed: called with a link that is valid during the call only
 *
 * The first calls report every interface. Never blocks. When the kernel's
 * queue has overflowed, the state of every interface is reported again, and
 * the interfaces that went meanwhile as deleted, so nothing is missed for good.
 */
void link_watch_read(struct link_watch *watch,
    void (*changed)(const struct link *link, void *arg), void *arg);

#endif
