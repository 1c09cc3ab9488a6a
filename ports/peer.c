/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * peer.c - who is at the other end: see peer.h.
 */
#include "peer.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "whois.h"

static void address_of(int fd, char *address, size_t size);
static void take_program(const char *path, size_t len, struct peer *peer);
static void copy_printable(char *to, size_t size, const char *from, size_t len);
static void take_name(const char *value, size_t len, struct peer *peer);
static bool is_name_option(const char *arg, size_t len);

void peer_of_socket(int fd, struct peer *peer)
{
	struct ucred cred = {.pid = 0};
	socklen_t len = sizeof(cred);

	*peer = (struct peer){.uid = (uid_t)-1, .gid = (gid_t)-1};
	if (!getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) && cred.pid) {
		peer->pid = cred.pid;
		peer->uid = cred.uid;
		peer->gid = cred.gid;
	}
	address_of(fd, peer->address, sizeof(peer->address));
}

void peer_ask(struct peer *peer)
{
	peer_drop(peer);
	if (peer->pid)
		peer->asked = whois_pid(peer->pid);
}

void peer_drop(struct peer *peer)
{
	whois_free(peer->asked);
	peer->asked = NULL;
}

void peer_of_pid(pid_t pid, struct peer *peer)
{
	char path[32], cmdline[8192];

	*peer = (struct peer){.pid = pid, .uid = (uid_t)-1, .gid = (gid_t)-1};
	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	ssize_t len = read(fd, cmdline, sizeof(cmdline));
	close(fd);
	if (len > 0)
		peer_parse_cmdline(cmdline, (size_t)len, peer);
}

void peer_parse_cmdline(const char *cmdline, size_t len, struct peer *peer)
{
	const char *end = cmdline + len;
	bool is_name = false;

	for (const char *arg = cmdline; arg < end;) {
		size_t n = strnlen(arg, (size_t)(end - arg));

		if (arg == cmdline)
			take_program(arg, n, peer);
		else if (is_name)
			take_name(arg, n, peer);
		is_name = is_name_option(arg, n);
		arg += n + 1;
	}
}

void peer_facts(const struct peer *peer,
    void (*emit)(const char *key, const char *value, void *arg), void *arg)
{
	struct whois_answer found;
	const char *vm = peer->vm, *program = peer->program;
	char text[16];

	if (whois_answer(peer->asked, &found)) {
		vm = found.vm;
		program = found.program;
	}
	if (*vm)
		emit("vm", vm, arg);
	if (peer->pid) {
		snprintf(text, sizeof(text), "%d", (int)peer->pid);
		emit("pid", text, arg);
	}
	if (*program)
		emit("program", program, arg);
	if (peer->uid != (uid_t)-1) {
		snprintf(text, sizeof(text), "%u", (unsigned)peer->uid);
		emit("uid", text, arg);
	}
	if (*peer->address)
		emit("peer", peer->address, arg);
}

/* "10.0.0.1:4000", "[fe80::1]:4000" or "" */
static void address_of(int fd, char *address, size_t size)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
		struct sockaddr_storage room;
	} a = {0};
	socklen_t len = sizeof(a);
	char host[INET6_ADDRSTRLEN] = "";

	if (getpeername(fd, &a.any, &len))
		return;
	if (a.any.sa_family == AF_INET)
		snprintf(address, size, "%s:%u",
		    inet_ntop(AF_INET, &a.in.sin_addr, host, sizeof(host)),
		    ntohs(a.in.sin_port));
	else if (a.any.sa_family == AF_INET6)
		snprintf(address, size, "[%s]:%u",
		    inet_ntop(AF_INET6, &a.in6.sin6_addr, host, sizeof(host)),
		    ntohs(a.in6.sin6_port));
}

static void take_program(const char *path, size_t len, struct peer *peer)
{
	const char *slash = memrchr(path, '/', len);
	const char *name = slash ? slash + 1 : path;

	copy_printable(peer->program, sizeof(peer->program), name,
	    len - (size_t)(name - path));
}

static void copy_printable(char *to, size_t size, const char *from, size_t len)
{
	size_t n = len < size - 1 ? len : size - 1;

	for (size_t i = 0; i < n; i++)
		to[i] = isprint((unsigned char)from[i]) ? from[i] : '?';
	to[n] = 0;
}

/* "guest=NAME,..." or "NAME,..." */
static void take_name(const char *value, size_t len, struct peer *peer)
{
	static const char key[] = "guest=";
	const size_t key_len = sizeof(key) - 1;

	if (len >= key_len && memcmp(value, key, key_len) == 0) {
		value += key_len;
		len -= key_len;
	}
	const char *comma = memchr(value, ',', len);
	copy_printable(peer->vm, sizeof(peer->vm), value,
	    comma ? (size_t)(comma - value) : len);
}

static bool is_name_option(const char *arg, size_t len)
{
	return (len == 5 && memcmp(arg, "-name", 5) == 0) ||
	       (len == 6 && memcmp(arg, "--name", 6) == 0);
}
