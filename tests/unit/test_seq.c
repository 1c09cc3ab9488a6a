/* SPDX-License-Identifier: BSD-2-Clause */
/* test_seq.c - kind seq: peers come, talk, misbehave and leave; and the port
 * that connects itself. */
#include "fakehost.h"

struct fixture {
	struct fakehost *h;
	char path[96];
	struct port *listener;
};

static int set_up(void **state)
{
	struct fixture *t = calloc(1, sizeof(*t));

	t->h = fakehost_new();
	snprintf(t->path, sizeof(t->path), "%s/seq", t->h->dir);
	t->listener =
	    fake_port(t->h, "seq", t->path, "max=2", "mode=0640", NULL);
	assert_int_equal(port_open(t->listener), 0);
	*state = t;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *t = *state;

	port_free(t->listener);
	fakehost_free(t->h);
	free(t);
	return 0;
}

static int dial(const char *path)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);

	strlcpy(a.sun_path, path, sizeof(a.sun_path));
	assert_int_equal(
	    connect(fd, (const struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

static void send_frame(struct port *port, size_t len)
{
	uint8_t bytes[2000];
	struct frame f;
	const struct frame *out = &f;

	make_frame(bytes, len, 1);
	frame_parse(&f, bytes, len);
	port_send(port, &out, 1);
}

/* One frame a message, both ways, in order. */
static void there_and_back(void **state)
{
	struct fixture *t = *state;
	int vm = dial(t->path);
	uint8_t bytes[2000];
	struct stat st;

	assert_int_equal(stat(t->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	fake_serve_until(t->h, t->listener, 1);
	struct port *port = t->h->ports[0];
	assert_true(port_up(port));
	make_frame(bytes, 60, 3);
	assert_int_equal(send(vm, bytes, 60, 0), 60);
	assert_int_equal(send(vm, bytes, 1514, 0), 1514);
	assert_int_equal(fake_serve(t->h, port), 2);
	assert_int_equal(frame_len(&t->h->batch.frames[0]), 60);
	assert_int_equal(frame_len(&t->h->batch.frames[1]), 1514);
	port_release(port, &t->h->batch);
	send_frame(port, 1514);
	send_frame(port, 60);
	send_frame(port, 1519); /* 4 bytes more than the MTU may pass */
	assert_int_equal(port->counters.tx_oversize, 1);
	assert_int_equal(recv(vm, bytes, sizeof(bytes), MSG_DONTWAIT), 1514);
	assert_int_equal(recv(vm, bytes, sizeof(bytes), MSG_DONTWAIT), 60);
	close(vm);
	while (port->is_open)
		fake_serve(t->h, port);
	assert_string_equal(port->reason, "the peer has disconnected");
	assert_true(port->gone);
}

/* A peer that does not read fills its own queue; all frames are counted, and
 * those that waited arrive whole when it reads. */
static void a_peer_that_does_not_read(void **state)
{
	enum { FRAMES = 4000 };
	struct fixture *t = *state;
	int vm = dial(t->path), n = 0;
	uint8_t bytes[2000];

	fake_serve_until(t->h, t->listener, 1);
	struct port *port = t->h->ports[0];
	for (int i = 0; i < FRAMES; i++)
		send_frame(port, 1514);
	const struct port_counters *c = &port->counters;
	assert_true(c->tx_full > 0);
	assert_int_equal(c->tx_frames + c->tx_full, FRAMES);
	while (recv(vm, bytes, sizeof(bytes), MSG_DONTWAIT) == 1514) {
		n++;
		port_receive(port, &t->h->batch);
	}
	assert_int_equal(n, c->tx_frames);
	/* one that leaves without having read */
	for (int i = 0; i < FRAMES; i++)
		send_frame(port, 1514);
	close(vm);
	send_frame(port, 60);
	while (port->is_open)
		fake_serve(t->h, port);
	assert_true(port->gone);
}

static void too_many(void **state)
{
	struct fixture *t = *state;
	int vms[3];
	char byte;

	for (int i = 0; i < 3; i++)
		vms[i] = dial(t->path);
	fake_serve_until(t->h, t->listener, 2);
	/* turned away: an end, or a reset */
	assert_true(recv(vms[2], &byte, 1, 0) <= 0);
	assert_int_equal(t->h->n, 2);
	for (int i = 0; i < 3; i++)
		close(vms[i]);
}

static void connects_and_waits(void **state)
{
	struct fixture *t = *state;
	struct port *port =
	    fake_port(t->h, "seq", t->path, "connect=yes", NULL);

	port_close(t->listener);
	assert_int_equal(port_open(port), 0);
	assert_false(port_up(port));
	assert_non_null(strstr(port->reason, "waiting for a peer at "));
	assert_int_equal(port_open(t->listener), 0);
	while (!port_up(port))
		fake_serve(t->h, port);
	fake_serve_until(t->h, t->listener, 1);
	send_frame(port, 60);
	assert_int_equal(fake_serve(t->h, t->h->ports[0]), 1);
	port_release(t->h->ports[0], &t->h->batch);
	port_close(t->h->ports[0]);
	while (port->is_open)
		fake_serve(t->h, port);
	assert_false(port->gone);
	port_free(port);
}

static void refusals(void **state)
{
	static const struct {
		const char *arg, *option, *reason;
	} rows[] = {
	    {"/nonexistent/x", "mode=888", "octal"},
	    {"/nonexistent/x", "connect=maybe", "yes or no"},
	    {"/nonexistent/x", "max=0", "No such file"},
	};
	struct fixture *t = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct port *port =
		    fake_port(t->h, "seq", rows[i].arg, rows[i].option, NULL);

		assert_true(port_open(port) < 0);
		if (!strstr(port->reason, rows[i].reason))
			fail_msg("%s: %s", rows[i].arg, port->reason);
		port_free(port);
	}
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    T(there_and_back),
	    T(a_peer_that_does_not_read),
	    T(too_many),
	    T(connects_and_waits),
	    T(refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
