/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vde_request.h - what a VDE client asks for: version 3 of the request that
 * libvdeplug, QEMU, VirtualBox and User-mode Linux send. Pure.
 *
 *     0 magic 4 | 4 version 4 | 8 type 4 | 12 sockaddr_un 110 | 122 text
 *
 * User-mode Linux sends the structure with its padding, 124 bytes, and an
 * abstract name of which only the 110 bytes as a whole are one.
 *
 * All in the machine's byte order. The text has no length: it is what arrived
 * with the rest.
 */
#ifndef PORTS_VDE_REQUEST_H
#define PORTS_VDE_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/un.h>

enum {
	VDE_MAGIC = (int)0xfeedface,
	VDE_VERSION = 3,
	VDE_REQUEST = 122, /* bytes without text */
	VDE_REQUEST_PADDED = 124,
	VDE_TEXT = 128, /* bytes of text at most */
	VDE_REQUEST_MAX = VDE_REQUEST + VDE_TEXT,
};

struct vde_request {
	uint32_t port;		    /* number wished for, 0: any */
	bool abstract;		    /* a name without file, as UML uses */
	struct sockaddr_un address; /* of the client's datagram socket */
	char text[VDE_TEXT + 1];    /* printable, "" if none */
};

/**
 * vde_request_parse() - read a request
 * @data: @len bytes, as far as they have arrived
 * @why:  set to half a sentence for -EPROTO, else to NULL
 *
 * Return: 0; -EAGAIN when bytes are missing; -EPROTO.
 */
int vde_request_parse(const uint8_t *data, size_t len,
    struct vde_request *request, const char **why);

#endif
