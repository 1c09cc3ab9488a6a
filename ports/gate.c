/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gate.c - where peers come in: see gate.h.
 */
#include "gate.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <bsd/string.h>

#include "kind.h"

/* What a listener hands to the port that a peer becomes. */
struct seed {
	int fd;
	struct gate *gate;
};

static bool admit(struct gate *gate, struct port *listener,
    const struct port_kind *kind, const char *stem, int fd);
static int open_spare(void);
static void note_file(struct gate *gate, const char *path);
static int accept_one(struct gate *gate);
static void turn_away_without_fd(struct gate *gate);

struct gate *gate_new(
    const struct port_spec *spec, int fd, const char *path, char *err)
{
	uint32_t max = GATE_DEFAULT;
	struct gate *gate = NULL;

	if (!port_spec_number(spec, "max", 1, GATE_MAX, &max, err)) {
		gate = calloc(1, sizeof(*gate));
		if (!gate)
			port_refuse(err, -ENOMEM, "out of memory");
	}
	if (!gate) {
		if (path)
			unlink(path);
		close(fd);
		return NULL;
	}
	gate->holders = 1;
	gate->fd = fd;
	gate->spare = open_spare();
	gate->peers_max = (int)max;
	note_file(gate, path);
	return gate;
}

struct gate *gate_hold(struct gate *gate)
{
	assert(gate->holders > 0);
	gate->holders++;
	return gate;
}

void gate_drop(struct gate *gate)
{
	if (!gate)
		return;
	assert(gate->holders > 0);
	if (--gate->holders > 0)
		return;
	gate_shut(gate);
	free(gate);
}

void gate_shut(struct gate *gate)
{
	struct stat st;

	if (gate->fd < 0)
		return;
	if (*gate->path && !lstat(gate->path, &st) && st.st_dev == gate->dev &&
	    st.st_ino == gate->ino)
		unlink(gate->path);
	close(gate->fd);
	close(gate->spare);
	gate->fd = gate->spare = -1;
}

int gate_accept(struct gate *gate)
{
	for (int i = 0; i < GATE_TURN; i++) {
		int fd = accept_one(gate);

		if (fd < 0 && (errno == EMFILE || errno == ENFILE)) {
			turn_away_without_fd(gate);
			continue;
		}
		if (fd < 0 || gate->peers < gate->peers_max)
			return fd < 0 ? -EAGAIN : fd;
		close(fd);
		gate->refused++;
	}
	return -EAGAIN;
}

void gate_serve(struct gate *gate, struct port *listener,
    const struct port_kind *kind, const char *stem)
{
	for (int i = 0; i < GATE_TURN; i++) {
		int fd = gate_accept(gate);

		if (fd < 0)
			break;
		if (!admit(gate, listener, kind, stem, fd))
			close(fd);
	}
}

int gate_enter(struct port *port, char *err)
{
	const struct seed *seed = port->seed;

	if (!seed) {
		port->gone = true;
		return port_refuse(
		    err, -ENOTCONN, "the peer has left: it must connect again");
	}
	int fd = fcntl(seed->fd, F_DUPFD_CLOEXEC, 0);
	if (fd >= 0)
		return fd;
	return port_refuse(
	    err, -errno, "cannot take a connection: %s", strerror(errno));
}

struct gate *gate_entered(struct port *port)
{
	struct seed *seed = port->seed;
	struct gate *gate = gate_hold(seed->gate);

	gate->peers++;
	port->seed = NULL;
	close(seed->fd);
	free(seed);
	return gate;
}

void gate_leave(struct gate *gate)
{
	gate->peers--;
	gate_drop(gate);
}

void gate_facts(const struct gate *gate,
    void (*emit)(const char *key, const char *value, void *arg), void *arg)
{
	char text[24];

	snprintf(text, sizeof(text), "%d", gate->peers);
	emit("peers", text, arg);
	snprintf(text, sizeof(text), "%d", gate->peers_max);
	emit("peers_max", text, arg);
	snprintf(text, sizeof(text), "%lu", gate->refused);
	emit("refused", text, arg);
	if (*gate->who)
		emit("may connect", gate->who, arg);
}

/* Return: false if @fd is still the caller's. */
static bool admit(struct gate *gate, struct port *listener,
    const struct port_kind *kind, const char *stem, int fd)
{
	struct seed *seed = malloc(sizeof(*seed));

	if (!seed)
		return false;
	*seed = (struct seed){fd, gate};
	if (listener->host->spawn(listener, kind, stem, seed) == 0)
		return true;
	free(seed);
	return false;
}

static int open_spare(void)
{
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void note_file(struct gate *gate, const char *path)
{
	struct stat st;

	if (!path || lstat(path, &st))
		return;
	strlcpy(gate->path, path, sizeof(gate->path));
	gate->dev = st.st_dev;
	gate->ino = st.st_ino;
	sock_who(path, gate->who);
}

static int accept_one(struct gate *gate)
{
	return accept4(gate->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

/* When descriptors run out, give up the spare one to accept the peer and close
 * the connection. Otherwise the peer would go on waiting, and the loop would
 * call again and again. */
static void turn_away_without_fd(struct gate *gate)
{
	close(gate->spare);
	int fd = accept_one(gate);
	if (fd >= 0)
		close(fd);
	gate->spare = open_spare();
	gate->refused++;
}
