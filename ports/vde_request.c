/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vde_request.c - what a VDE client asks for: see vde_request.h. Pure.
 */
#include "vde_request.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

static_assert(
    sizeof(struct sockaddr_un) == 110, "the request holds it as it is");

static uint32_t word(const uint8_t *data, size_t offset);
static void take_text(
    struct vde_request *request, const uint8_t *data, size_t len);
static const char *check_address(struct vde_request *request);

int vde_request_parse(const uint8_t *data, size_t len,
    struct vde_request *request, const char **why)
{
	*request = (struct vde_request){0};
	*why = NULL;
	if (len >= 4 && word(data, 0) != (uint32_t)VDE_MAGIC)
		*why = "it does not speak VDE (no magic number)";
	else if (len >= 8 && word(data, 4) != VDE_VERSION)
		*why = "it does not speak version 3 of VDE";
	else if (len >= 12 && (word(data, 8) & 0xff) > 1)
		*why = "it asks for a type of port that does not exist";
	if (*why)
		return -EPROTO;
	if (len < VDE_REQUEST)
		return -EAGAIN;
	request->port = word(data, 8) >> 8;
	memcpy(&request->address, data + 12, sizeof(request->address));
	*why = check_address(request);
	/* User-mode Linux sends the C structure, with padding behind it. */
	if (!request->abstract || len != VDE_REQUEST_PADDED)
		take_text(request, data + VDE_REQUEST, len - VDE_REQUEST);
	return *why ? -EPROTO : 0;
}

static uint32_t word(const uint8_t *data, size_t offset)
{
	uint32_t value;

	memcpy(&value, data + offset, sizeof(value));
	return value;
}

static void take_text(
    struct vde_request *request, const uint8_t *data, size_t len)
{
	size_t n = len < VDE_TEXT ? len : VDE_TEXT;

	for (size_t i = 0; i < n && data[i]; i++)
		request->text[i] = isprint(data[i]) ? (char)data[i] : '?';
}

/* A name in the file system ends inside sun_path; one byte stays for a NUL. An
 * abstract name is all of it: User-mode Linux puts a structure there. */
static const char *check_address(struct vde_request *request)
{
	const struct sockaddr_un *a = &request->address;

	request->abstract = !a->sun_path[0];
	if (a->sun_family != AF_UNIX)
		return "its data socket is not of family AF_UNIX";
	if (!request->abstract && !memchr(a->sun_path, 0, sizeof(a->sun_path)))
		return "the path of its data socket has no end";
	return NULL;
}
