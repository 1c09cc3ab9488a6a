/* SPDX-License-Identifier: BSD-2-Clause */
/* mem.c - a port without a device, for tests, benchmarks and replay. */
#include "mem.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct queue {
	unsigned head, tail; /* tail - head wait */
	struct frame *frames[MEM_QUEUE];
};

struct mem {
	struct queue in, out;
	struct frame *lent;		/* to the caller of mem_collect() */
	struct frame *batch[BATCH_MAX]; /* lent to the caller of receive() */
	int n_batch;
	int room;
	int error;
};

static int push(struct queue *queue, const struct frame *f);
static struct frame *copy_of(const struct frame *f);
static void signal_fd(const struct port *port);
static struct frame *pop(struct queue *queue);
static void empty(struct queue *queue);

int mem_inject(struct port *port, const struct frame *f)
{
	struct mem *mem = port->priv;
	int result = push(&mem->in, f);

	signal_fd(port);
	return result;
}

const struct frame *mem_collect(struct port *port)
{
	struct mem *mem = port->priv;

	free(mem->lent);
	mem->lent = pop(&mem->out);
	return mem->lent;
}

void mem_set_room(struct port *port, int frames)
{
	struct mem *mem = port->priv;

	mem->room = frames;
}

void mem_break(struct port *port, int error)
{
	struct mem *mem = port->priv;

	mem->error = error;
	signal_fd(port);
}

static int push(struct queue *queue, const struct frame *f)
{
	struct frame *copy;

	if (queue->tail - queue->head == MEM_QUEUE)
		return -ENOBUFS;
	copy = copy_of(f);
	if (!copy)
		return -ENOMEM;
	queue->frames[queue->tail++ % MEM_QUEUE] = copy;
	return 0;
}

/* One allocation: the frame and behind it its bytes, tag apart. */
static struct frame *copy_of(const struct frame *f)
{
	struct frame *copy = malloc(sizeof(*copy) + ETH_ADDRS + f->body_len);
	uint8_t *bytes;

	if (!copy)
		return NULL;
	bytes = (uint8_t *)(copy + 1);
	*copy = *f;
	memcpy(bytes, f->addrs, ETH_ADDRS);
	memcpy(bytes + ETH_ADDRS, f->body, f->body_len);
	copy->addrs = bytes;
	copy->body = bytes + ETH_ADDRS;
	return copy;
}

/* Readable while there is something to receive. */
static void signal_fd(const struct port *port)
{
	const struct mem *mem = port->priv;
	eventfd_t value;

	eventfd_read(port->fd, &value);
	if (mem->in.head != mem->in.tail || mem->error)
		eventfd_write(port->fd, 1);
}

static struct frame *pop(struct queue *queue)
{
	if (queue->head == queue->tail)
		return NULL;
	return queue->frames[queue->head++ % MEM_QUEUE];
}

static int open_port(struct port *port, char *err)
{
	struct mem *mem = calloc(1, sizeof(*mem));

	port->priv = mem;
	if (!mem)
		return port_refuse(err, -ENOMEM, "out of memory");
	mem->room = -1;
	port->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (port->fd < 0)
		return port_refuse(
		    err, -errno, "cannot make an eventfd: %s", strerror(errno));
	port->events = POLLIN;
	port->can = CAN_ALL;
	port->mtu = PORT_MTU_MAX;
	port->carrier = true;
	return 0;
}

static int receive(struct port *port, struct batch *batch)
{
	struct mem *mem = port->priv;
	struct frame *f;

	if (mem->error)
		return -mem->error;
	while (mem->n_batch < BATCH_MAX && (f = pop(&mem->in))) {
		batch->frames[mem->n_batch] = *f;
		mem->batch[mem->n_batch++] = f;
	}
	signal_fd(port);
	return mem->n_batch;
}

static void release(struct port *port, struct batch *batch)
{
	struct mem *mem = port->priv;

	(void)batch;
	while (mem->n_batch > 0)
		free(mem->batch[--mem->n_batch]);
}

static int send_frames(
    struct port *port, const struct frame *const *frames, int n)
{
	struct mem *mem = port->priv;

	if (mem->error)
		return -mem->error;
	for (int i = 0; i < n; i++) {
		if (mem->room == 0 || push(&mem->out, frames[i]) < 0)
			return i > 0 ? i : -EAGAIN;
		if (mem->room > 0)
			mem->room--;
	}
	return n;
}

static void close_port(struct port *port)
{
	struct mem *mem = port->priv;

	if (port->fd >= 0)
		close(port->fd);
	if (!mem)
		return;
	release(port, NULL);
	empty(&mem->in);
	empty(&mem->out);
	free(mem->lent);
	free(mem);
}

static void empty(struct queue *queue)
{
	struct frame *f;

	while ((f = pop(queue)))
		free(f);
}

const struct port_kind kind_mem = {
    .name = "mem",
    .help = "inject and collect, for tests",
    .open = open_port,
    .receive = receive,
    .release = release,
    .send = send_frames,
    .close = close_port,
};
