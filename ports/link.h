/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link.h - network interfaces by rtnetlink (libmnl): find one, bring it up,
 * watch all of the namespace.
 */
#ifndef PORTS_LINK_H
#define PORTS_LINK_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#include "forwarding/frame.h"

struct link {
	int ifindex;
	char name[IFNAMSIZ];
	char kind[16]; /* "tun", "veth", "bridge"; "" for hardware */
	bool deleted;  /* gone from this namespace */
	bool up;       /* administratively, IFF_UP */
	bool carrier;  /* IFF_LOWER_UP */
	uint32_t mtu;
	uint32_t speed_mbps;  /* 0: unknown */
	bool tso;	      /* the device cuts TCP super-frames itself */
	uint32_t tx_queues;   /* to transmit by */
	int master;	      /* ifindex of the bridge or bond it is in, or 0 */
	char master_kind[16]; /* "bridge", "bond", ... or "" */
	bool wireless;
	bool ethernet; /* ARPHRD_ETHER: an Ethernet header on its frames */
	uint8_t mac[ETH_ADDR];
	char alias[48]; /* what somebody has noted about it, cut; or "" */
};

/* link_find() - look @name up. Return: 0, -ENODEV or another -errno.
 * #syscalls socket bind getsockname sendto recvmsg close ioctl openat read
 *           access */
int link_find(const char *name, struct link *link);

/** link_find_index() - likewise by index: a name may be another's by now */
int link_find_index(int ifindex, struct link *link);

/* link_set_up() - set IFF_UP. Return: 0 or -errno. */
int link_set_up(int ifindex);

/** link_lower() - take @ifindex (0: none) down again, whatever its name is now,
 * unless somebody has made it part of something since */
void link_lower(int ifindex);

/* For interfaces that we made. Return: 0 or -errno. */
int link_set_mtu(int ifindex, uint32_t mtu);
int link_set_mac(int ifindex, const uint8_t mac[ETH_ADDR]);
int link_set_alias(int ifindex, const char *alias);

struct link_watch;

/* Return: NULL with errno set. */
struct link_watch *link_watch_new(void);
void link_watch_free(struct link_watch *watch); /* NULL is fine */

/* The fd to wait on for reading. */
int link_watch_fd(const struct link_watch *watch);

/**
 * link_watch_read() - report what has changed since the last call
 *
 * The first calls report every interface. Never blocks. When the kernel's
 * queue has overflowed it reports the state of every interface anew, and those
 * that went meanwhile as deleted, so nothing is missed for good.
 */
void link_watch_read(struct link_watch *watch,
    void (*changed)(const struct link *link, void *arg), void *arg);

#endif
