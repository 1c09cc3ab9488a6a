/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gate.h - where peers come in: accepts connections and counts the peers that
 * became ports, so that one listener cannot use up the switch.
 *
 * A listener and each of its peers hold the gate; the last one frees it.
 */
#ifndef PORTS_GATE_H
#define PORTS_GATE_H

#include <sys/stat.h>
#include <sys/types.h>

#include "sock.h"
#include "spec.h"

enum {
	GATE_DEFAULT = 64, /* peers, without max= */
	GATE_MAX = 512,
	GATE_TURN = 16, /* connections accepted before the loop goes on */
};

struct port;
struct port_kind;

struct gate {
	int holders;
	int fd;	       /* listening */
	int spare;     /* given up to turn peers away when fds run out */
	int peers;     /* that are ports now */
	int peers_max; /* option max= */
	unsigned long refused;
	char path[PORT_ARG]; /* of a socket that we made, or "" */
	char who[SOCK_WHO];  /* may connect to it, or "" */
	dev_t dev;
	ino_t ino;
};

/**
 * gate_new() - a gate with one holder
 * @spec: option max=
 * @fd:   listening, non-blocking; owned by the gate, also when this fails
 * @path: of a socket file, to be removed when the gate is shut; NULL: none
 * @err:  PORT_ERR bytes
 *
 * Return: NULL with a sentence in @err.
 */
struct gate *gate_new(
    const struct port_spec *spec, int fd, const char *path, char *err);

/** gate_hold() - be one more holder of @gate. Return: @gate */
struct gate *gate_hold(struct gate *gate);

/** gate_drop() - let go of @gate; the last holder frees it; NULL is fine */
void gate_drop(struct gate *gate);

/** gate_shut() - stop listening; remove the socket file, if it is still ours */
void gate_shut(struct gate *gate);

/**
 * gate_accept() - the next connection
 *
 * Beyond peers_max, and when file descriptors run out, peers are turned away
 * here and counted as refused.
 *
 * Return: a non-blocking fd that the caller owns, or -EAGAIN.
 * #syscalls accept4
 */
int gate_accept(struct gate *gate);

/**
 * gate_serve() - let peers in, up to GATE_TURN
 * @kind: what each becomes: gate_enter() begins its open()
 * @stem: of its name, see spawn() of struct port_host
 */
void gate_serve(struct gate *gate, struct port *listener,
    const struct port_kind *kind, const char *stem);

/**
 * gate_enter() - the socket of a peer that gate_serve() has let in
 * @err: PORT_ERR bytes
 *
 * When open() has succeeded, gate_entered() must follow.
 *
 * Return: an fd that the caller owns; -ENOTCONN: the port was open before, and
 * the peer has left.
 */
int gate_enter(struct port *port, char *err);

/** gate_entered() - count @port as a peer. Return: its gate, for gate_leave() */
struct gate *gate_entered(struct port *port);

/** gate_leave() - a peer has closed; lets go of @gate */
void gate_leave(struct gate *gate);

/** gate_facts() - emit peers, peers_max and refused for the operator */
void gate_facts(const struct gate *gate,
    void (*emit)(const char *key, const char *value, void *arg), void *arg);

#endif
