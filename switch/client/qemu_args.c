/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * qemu_args.c - the QEMU options for a port: see qemu_args.h. Pure.
 *
 * QEMU has -netdev stream and dgram since 7.2. A stream reconnects with
 * reconnect=SECONDS since 8.0, with reconnect-ms= since 9.2.
 */
#include "qemu_args.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bsd/string.h>

enum { V_STREAM = 702, V_RECONNECT = 800, V_RECONNECT_MS = 902 };

static void append_quoted(char *out, const char *text);
static bool tap(const struct qemu_target *t, char *netdev, size_t size);
static void print_inet(
    char *text, size_t size, const char *prefix, const char *address);
static const char *reconnect(const struct qemu_target *t);
static bool stream(const struct qemu_target *t, char *netdev, size_t size);
static bool dgram(const struct qemu_target *t, char *netdev, size_t size);
static bool vde(const struct qemu_target *t, char *netdev, size_t size);

static const struct {
	const char *kind;
	bool (*make)(const struct qemu_target *t, char *netdev, size_t size);
} makers[] = {
    {"vmtap", tap},
    {"qemu", stream},
    {"dgram", dgram},
    {"vde", vde},
};

int qemu_version(const char *text)
{
	int major, minor;

	while (*text && !isdigit((unsigned char)*text))
		text++;
	if (sscanf(text, "%3d.%2d", &major, &minor) != 2)
		return 0;
	return major * 100 + minor;
}

bool qemu_args(const struct qemu_target *t, char out[QEMU_ARGS])
{
	char netdev[QEMU_ARGS / 2] = "";

	for (size_t i = 0; i < sizeof(makers) / sizeof(*makers); i++) {
		if (strcmp(makers[i].kind, t->kind) != 0)
			continue;
		if (!makers[i].make(t, netdev, sizeof(netdev))) {
			strlcpy(out, netdev, QEMU_ARGS);
			return false;
		}
		strlcpy(out, "-netdev ", QEMU_ARGS);
		append_quoted(out, netdev);
		strlcat(
		    out, " -device virtio-net-pci,netdev=net0,mac=", QEMU_ARGS);
		strlcat(out, t->mac, QEMU_ARGS);
		return true;
	}
	snprintf(out, QEMU_ARGS,
	    "QEMU cannot plug into a port of kind %s: use vmtap, qemu, dgram "
	    "or vde",
	    t->kind);
	return false;
}

/* In single quotes if @text has characters that are special to a shell. */
static void append_quoted(char *out, const char *text)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789.,:=/@%+_-";
	char one[2] = "";

	if (strspn(text, safe) == strlen(text)) {
		strlcat(out, text, QEMU_ARGS);
		return;
	}
	strlcat(out, "'", QEMU_ARGS);
	for (; *text; text++) {
		*one = *text;
		strlcat(out, *text == '\'' ? "'\\''" : one, QEMU_ARGS);
	}
	strlcat(out, "'", QEMU_ARGS);
}

static bool tap(const struct qemu_target *t, char *netdev, size_t size)
{
	bool several = t->queues && *t->queues;

	snprintf(netdev, size,
	    "tap,id=net0,ifname=%s,script=no,downscript=no%s%s", t->arg,
	    several ? ",queues=" : "", several ? t->queues : "");
	return true;
}

/* Splits HOST:PORT, [HOST]:PORT into what QEMU calls host= and port=. */
static void print_inet(
    char *text, size_t size, const char *prefix, const char *address)
{
	const char *colon = strrchr(address, ':');
	int len = colon ? (int)(colon - address) : (int)strlen(address);

	if (len > 1 && address[0] == '[') {
		address++;
		len -= 2;
	}
	snprintf(text, size, "%s.type=inet,%s.host=%.*s,%s.port=%s", prefix,
	    prefix, len, address, prefix, colon ? colon + 1 : "");
}

static const char *reconnect(const struct qemu_target *t)
{
	if (t->connects || t->version < V_RECONNECT)
		return "";
	return t->version < V_RECONNECT_MS ? ",reconnect=1"
					   : ",reconnect-ms=1000";
}

static bool stream(const struct qemu_target *t, char *netdev, size_t size)
{
	char address[QEMU_ARGS / 4];
	bool tcp = strncmp(t->arg, "tcp:", 4) == 0;

	if (t->version < V_STREAM && tcp) {
		snprintf(netdev, size, "socket,id=net0,%s=%s",
		    t->connects ? "listen" : "connect", t->arg + 4);
		return true;
	}
	if (t->version < V_STREAM) {
		strlcpy(netdev,
		    "QEMU before 7.2 has no streams over unix sockets: use "
		    "qemu:tcp:HOST:PORT or vmtap:",
		    size);
		return false;
	}
	if (tcp)
		print_inet(address, sizeof(address), "addr", t->arg + 4);
	else
		snprintf(address, sizeof(address),
		    "addr.type=unix,addr.path=%s", t->arg);
	snprintf(netdev, size, "stream,id=net0,server=%s,%s%s",
	    t->connects ? "on" : "off", address, reconnect(t));
	return true;
}

/* Our local address is the remote one of QEMU. */
static bool dgram(const struct qemu_target *t, char *netdev, size_t size)
{
	char local[QEMU_ARGS / 4], remote[QEMU_ARGS / 4];
	bool udp = strncmp(t->arg, "udp:", 4) == 0;

	if (t->version < V_STREAM && udp) {
		snprintf(netdev, size, "socket,id=net0,udp=%s,localaddr=%s",
		    t->arg + 4, t->remote);
		return true;
	}
	if (t->version < V_STREAM) {
		strlcpy(netdev,
		    "QEMU before 7.2 has no datagrams over unix sockets: use "
		    "dgram:udp:HOST:PORT or vmtap:",
		    size);
		return false;
	}
	if (udp) {
		print_inet(local, sizeof(local), "local", t->remote);
		print_inet(remote, sizeof(remote), "remote", t->arg + 4);
	} else {
		snprintf(local, sizeof(local), "local.type=unix,local.path=%s",
		    t->remote);
		snprintf(remote, sizeof(remote),
		    "remote.type=unix,remote.path=%s", t->arg);
	}
	snprintf(netdev, size, "dgram,id=net0,%s,%s", local, remote);
	return true;
}

static bool vde(const struct qemu_target *t, char *netdev, size_t size)
{
	snprintf(netdev, size, "vde,id=net0,sock=%s", t->arg);
	return true;
}
