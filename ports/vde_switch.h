/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vde_switch.h - what a VDE switch and its clients share: the directory with
 * its sockets, the users who may plug in, and the numbers of the ports.
 *
 * The server (vde.c) and each client (vde_client.c) hold it through the gate:
 * the last one to let go frees it.
 */
#ifndef PORTS_VDE_SWITCH_H
#define PORTS_VDE_SWITCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/un.h>

#include "gate.h"
#include "sock.h"
#include "spec.h"

enum {
	VDE_PORTS = 1000, /* numbers 1..999, as in the names of data sockets */
	VDE_USERS = 32,	  /* entries of users= */
};

/* One entry of users=NAME[@PORT]+NAME... */
struct vde_user {
	uid_t uid;
	uint32_t port; /* 0: any */
};

struct vde_switch {
	struct gate *gate;
	char dir[sizeof((struct sockaddr_un){0}).sun_path];
	bool made_dir;
	struct sock_access access;
	int n_users;
	struct vde_user users[VDE_USERS];
	struct {
		int clients;
		uid_t uid; /* whose the port is while it has clients */
	} ports[VDE_PORTS];
};

/**
 * vde_switch_new() - make the directory and listen on its socket DIR/ctl
 * @spec: its argument is the directory; options users=, mode=, owner=, group=
 *        and max=
 * @err:  PORT_ERR bytes
 *
 * A directory that exists is used and stays behind.
 *
 * Return: NULL with errno set and a sentence in @err.
 * #syscalls mkdir socket bind listen chmod
 */
struct vde_switch *vde_switch_new(const struct port_spec *spec, char *err);

/** vde_switch_drop() - let go of @vs; the last holder removes the directory */
void vde_switch_drop(struct vde_switch *vs);

/**
 * vde_switch_choose() - which port may a client of user @uid have?
 * @wish: the number that it asks for; 0: any
 *
 * A port belongs to the user whose clients it has. root and the user of the
 * switch itself may always plug in.
 *
 * Return: the number, or 0: none.
 */
uint32_t vde_switch_choose(
    const struct vde_switch *vs, uid_t uid, uint32_t wish);

#endif
