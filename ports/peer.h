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
	char program[32];    /* "qemu-system-x86_64", "" */
	char vm[64];	     /* QEMU's -name, "" */
	char address[64];    /* of a TCP or UDP peer, "" */
	struct whois *asked; /* for program and vm; NULL: not asked */
};

/**
 * peer_of_socket() - whom a connected socket leads to; blanks are unknown
 *
 * Never waits: program and vm come later, if peer_ask() asks for them.
 *
 * #syscalls getsockopt getpeername
 */
void peer_of_socket(int fd, struct peer *peer);

/** peer_ask() - find out program and vm, beside the loop; peer_drop() follows */
void peer_ask(struct peer *peer);

/** peer_drop() - end what peer_ask() began, if it did */
void peer_drop(struct peer *peer);

/**
 * peer_of_pid() - the process @pid, by its command line
 *
 * May wait for as long as that process likes: for whois.c.
 *
 * #syscalls openat read close
 */
void peer_of_pid(pid_t pid, struct peer *peer);

/**
 * peer_parse_cmdline() - program and VM from /proc/PID/cmdline
 * @cmdline: @len bytes, arguments that end with a NUL each
 *
 * Pure. Understands "-name NAME" and "-name guest=NAME,...". What is not
 * printable becomes a question mark: it will be shown on terminals.
 */
void peer_parse_cmdline(const char *cmdline, size_t len, struct peer *peer);

/** peer_facts() - emit it for the operator: vm, pid, program, user, address */
void peer_facts(const struct peer *peer,
    void (*emit)(const char *key, const char *value, void *arg), void *arg);

#endif
