/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * peer.h - who is at the other end: process, and name of the virtual machine.
 */
#ifndef PORTS_PEER_H
#define PORTS_PEER_H

#include <stddef.h>
#include <sys/types.h>

struct peer {
	pid_t pid;	     /* 0: unknown */
	uid_t uid;	     /* (uid_t)-1: unknown */
	gid_t gid;	     /* (gid_t)-1: unknown */
	char program[32];    /* "qemu-system-x86_64", "" */
	char vm[64];	     /* QEMU's -name, "" */
	char address[64];    /* of a TCP or UDP peer, "" */
	struct whois *asked; /* for program and vm; NULL: not asked */
};

/**
 * peer_of_socket() - who is at the other end of connected socket @fd?
 * @peer: overwritten; what is not known is left blank
 *
 * Never waits: program and vm come later, if peer_ask() asks for them.
 * #syscalls getsockopt getpeername
 */
void peer_of_socket(int fd, struct peer *peer);

/** peer_ask() - find out program and VM outside the loop; see peer_drop() */
void peer_ask(struct peer *peer);

/** peer_drop() - end what peer_ask() began, if it did */
void peer_drop(struct peer *peer);

/**
 * peer_of_pid() - program and VM of process @pid; the rest stays blank
 *
 * May wait for as long as that process likes: for whois.c only.
 * #syscalls openat read close
 */
void peer_of_pid(pid_t pid, struct peer *peer);

/**
 * peer_parse_cmdline() - program and VM from /proc/PID/cmdline
 * @cmdline: @len bytes, arguments that end with a NUL each
 *
 * Pure. Understands "-name NAME" and "-name guest=NAME,...". Bytes that are not
 * printable become question marks, as they will be shown on terminals.
 */
void peer_parse_cmdline(const char *cmdline, size_t len, struct peer *peer);

/** peer_facts() - emit vm, pid, program, uid and peer, as far as known */
void peer_facts(const struct peer *peer,
    void (*emit)(const char *key, const char *value, void *arg), void *arg);

#endif
