/* SPDX-License-Identifier: BSD-2-Clause */
/* connecting.c - connect to a peer, or wait for it: see connecting.h. */
#include "connecting.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

struct waiting {
	int timer;
	struct sock_address address;
	const struct connecting *how;
};

static int try_connect(const struct sock_address *a, int type, bool *connected);
static bool may_come(int error);
static int wait_for(struct port *port, const struct sock_address *a,
    const struct connecting *how, char *err);
static int say_waiting(const struct port *port, int error, char *err);

int connecting_open(struct port *port, const struct sock_address *a,
    const struct connecting *how, char *err)
{
	bool connected = false;
	int fd = try_connect(a, how->type, &connected);

	if (fd < 0 && may_come(-fd)) {
		int result = wait_for(port, a, how, err);
		return result < 0 ? result : say_waiting(port, -fd, err);
	}
	port->kind = how->ready;
	if (fd < 0)
		return port_refuse(err, fd, "cannot connect to %s: %s",
		    port->spec.arg, strerror(-fd));
	if (!connected)
		port_refuse(err, 0, "connecting to %s", port->spec.arg);
	return how->start(port, fd, connected, err);
}

int connecting_receive(struct port *port, struct batch *batch)
{
	struct waiting *w = port->priv;
	const struct connecting *how = w->how;
	bool connected = false;
	uint64_t expired;
	int fd = try_connect(&w->address, how->type, &connected);

	(void)batch;
	(void)!read(w->timer, &expired, sizeof(expired));
	if (fd < 0)
		return say_waiting(port, -fd, port->reason);
	connecting_close(port);
	port->kind = how->ready;
	port->reason[0] = '\0';
	return how->start(port, fd, connected, port->reason);
}

int connecting_send(struct port *port, const struct frame *const *frames, int n)
{
	(void)port, (void)frames, (void)n;
	return -EIO;
}

void connecting_close(struct port *port)
{
	struct waiting *w = port->priv;

	if (!w)
		return;
	if (w->timer >= 0)
		close(w->timer);
	free(w);
	port->priv = NULL;
}

/* Return: the socket, or -errno. */
static int try_connect(const struct sock_address *a, int type, bool *connected)
{
	int fd =
	    socket(a->any.sa_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -errno;
	*connected = connect(fd, &a->any, a->len) == 0;
	if (*connected || errno == EINPROGRESS)
		return fd;
	int error = errno;
	close(fd);
	return -error;
}

/* EAGAIN: a listener whose queue is full. */
static bool may_come(int error)
{
	return error == ENOENT || error == ECONNREFUSED || error == EAGAIN ||
	       error == ENETUNREACH || error == EHOSTUNREACH ||
	       error == ENETDOWN || error == EADDRNOTAVAIL;
}

static int wait_for(struct port *port, const struct sock_address *a,
    const struct connecting *how, char *err)
{
	static const struct itimerspec second = {
	    .it_interval.tv_sec = 1, .it_value.tv_sec = 1};
	struct waiting *w = calloc(1, sizeof(*w));

	port->kind = how->waiting;
	if (!w)
		return port_refuse(err, -ENOMEM, "out of memory");
	port->priv = w;
	w->address = *a;
	w->how = how;
	w->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (w->timer < 0 || timerfd_settime(w->timer, 0, &second, NULL) < 0)
		return port_refuse(
		    err, -errno, "cannot make a timer: %s", strerror(errno));
	port->fd = w->timer;
	port->events = POLLIN;
	port->carrier = false;
	return 0;
}

static int say_waiting(const struct port *port, int error, char *err)
{
	return port_refuse(err, 0, "waiting for a peer at %s: %s",
	    port->spec.arg, strerror(error));
}
