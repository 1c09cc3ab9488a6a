/* SPDX-License-Identifier: BSD-2-Clause */
/* test_qemu.c - kinds qemu and fd by stream: VMs come and go, and some of them
 * mean no good. */
#include "fakehost.h"

#include "ports/framing.h"
#include "ports/inherited.h"

struct fixture {
	struct fakehost *h;
	char path[100];
	struct port *listener;
};

static int set_up(void **state)
{
	struct fixture *t = calloc(1, sizeof(*t));

	t->h = fakehost_new();
	snprintf(t->path, sizeof(t->path), "%s/vm.sock", t->h->dir);
	t->listener = fake_port(t->h, "qemu", t->path, "max=8", NULL);
	assert_int_equal(port_open(t->listener), 0);
	assert_true(t->listener->kind->listener);
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

/* A VM that has connected; its port is the last in the row. */
static int join(struct fixture *t)
{
	int n = t->h->n;
	int fd = unix_connect(t->path);

	assert_true(fd >= 0);
	fake_serve_until(t->h, t->listener, n + 1);
	return fd;
}

static void send_all(int fd, const void *data, size_t len)
{
	assert_int_equal(send(fd, data, len, MSG_NOSIGNAL), len);
}

static size_t put_record(uint8_t *to, size_t len, unsigned seed)
{
	uint32_t length = htonl((uint32_t)len);

	memcpy(to, &length, 4);
	make_frame(to + 4, len, seed);
	return len + 4;
}

static void vms_become_ports(void **state)
{
	struct fixture *t = *state;
	int a = join(t), b = join(t);
	uint8_t record[64], frame[60];

	assert_int_equal(t->h->n, 2);
	assert_true(port_up(t->h->ports[0]));
	send_all(b, record, put_record(record, 60, 1));
	assert_int_equal(fake_serve(t->h, t->h->ports[1]), 1);
	assert_int_equal(frame_len(&t->h->batch.frames[0]), 60);
	make_frame(frame, 60, 1);
	assert_memory_equal(t->h->batch.frames[0].addrs, frame, 60);

	/* and to the other one */
	const struct frame *out = &t->h->batch.frames[0];
	port_send(t->h->ports[0], &out, 1);
	assert_int_equal(recv(a, record, sizeof(record), 0), 64);
	assert_memory_equal(record, "\0\0\0\x3c", 4);
	assert_memory_equal(record + 4, frame, 60);
	close(a);
	close(b);
}

static void emit(const char *key, const char *value, void *arg)
{
	if (strcmp(key, "pid") == 0)
		*(int *)arg = atoi(value);
}

static void the_peer_is_known(void **state)
{
	struct fixture *t = *state;
	int fd = join(t), pid = 0;
	struct port *port = t->h->ports[0];

	port->kind->facts(port, emit, &pid);
	assert_int_equal(pid, getpid());
	close(fd);
}

static void fragments_make_frames(void **state)
{
	struct fixture *t = *state;
	int fd = join(t), frames = 0;
	uint8_t record[128];
	size_t len = put_record(record, 60, 1);

	len += put_record(record + len, 14, 2);
	for (size_t i = 0; i < len; i++) {
		send_all(fd, record + i, 1);
		frames += fake_serve(t->h, t->h->ports[0]);
	}
	assert_int_equal(frames, 2);
	assert_int_equal(t->h->ports[0]->counters.rx_bytes, 74);
	close(fd);
}

/* More than a batch in one read: no poll would tell of the rest. */
static void a_burst_is_delivered_whole(void **state)
{
	enum { N = 1000, LEN = 60 };
	struct fixture *t = *state;
	int fd = join(t), frames = 0;
	static uint8_t burst[N * (LEN + 4)];
	size_t len = 0;

	for (unsigned i = 0; i < N; i++)
		len += put_record(burst + len, LEN, i);
	send_all(fd, burst, len);
	while (frames < N) {
		int n = fake_serve(t->h, t->h->ports[0]);

		for (int i = 0; i < n; i++)
			assert_int_equal(t->h->batch.frames[i].addrs[20],
			    (uint8_t)(frames + i + 20));
		frames += n;
	}
	assert_int_equal(frames, N);
	close(fd);
}

static void expect_end(struct fixture *t, const char *reason)
{
	struct port *port = t->h->ports[t->h->n - 1];

	while (port->is_open)
		fake_serve(t->h, port);
	assert_true(port->gone);
	assert_non_null(strstr(port->reason, reason));
	fake_reap(t->h);
}

static void hostile_lengths(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		int frames;
		const char *end;
	} rows[] = {
	    {"\0\0", 2, 0, "the peer has disconnected"}, /* half a length */
	    {"\0\0\0\0\0\0\0\0", 8, 0, "the peer has disconnected"},
	    {"\0\0\0\15abcdefghijklm", 17, 1, "the peer has disconnected"},
	    {"\0\1\x11\x70", 4, 0, "announced a frame of 70000 bytes"},
	    {"\xff\xff\xff\xff", 4, 0, "announced a frame of 4294967295"},
	    /* what stands before the nonsense is delivered */
	    {"\0\0\0\16abcdefghijklmn\xff\xff\xff\xff", 22, 1,
		"announced a frame of 4294967295"},
	};
	struct fixture *t = *state;
	int good = join(t);
	uint8_t record[64];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int fd = join(t);
		struct port *port = t->h->ports[1];

		send_all(fd, rows[i].bytes, rows[i].len);
		shutdown(fd, SHUT_WR);
		while (port->is_open && !port->counters.rx_frames)
			fake_serve(t->h, port);
		assert_int_equal(port->counters.rx_frames, rows[i].frames);
		expect_end(t, rows[i].end);
		close(fd);
	}
	/* the others have not noticed */
	send_all(good, record, put_record(record, 60, 1));
	assert_int_equal(fake_serve(t->h, t->h->ports[0]), 1);
	close(good);
}

/* What a VM does not read is refused in whole frames, and counted. */
static void a_vm_that_does_not_read(void **state)
{
	enum { LEN = 1514, N = 64, ROUNDS = 200 };
	struct fixture *t = *state;
	int fd = join(t);
	struct port *port = t->h->ports[0];
	static uint8_t bytes[N][LEN], in[1 << 20];
	struct frame frames[N];
	const struct frame *queue[N];

	for (unsigned i = 0; i < N; i++) {
		make_frame(bytes[i], LEN, i);
		frame_parse(&frames[i], bytes[i], LEN);
		queue[i] = &frames[i];
	}
	for (int i = 0; i < ROUNDS; i++)
		port_send(port, queue, N);
	const struct port_counters *c = &port->counters;
	assert_true(c->tx_full > 0);
	assert_int_equal(c->tx_frames + c->tx_full, N * ROUNDS);
	assert_true(port->is_open);

	/* now it reads: exactly what was counted, none of it torn */
	uint64_t got = 0;
	size_t have = 0;
	uint64_t want = c->tx_frames;
	while (got < want) {
		ssize_t n = recv(fd, in + have, sizeof(in) - have, 0);
		const uint8_t *frame, *at = in;
		size_t len, used;

		assert_true(n > 0);
		have += (size_t)n;
		while (framing_next(at, have, &frame, &len, &used) == 1) {
			assert_int_equal(len, LEN);
			assert_memory_equal(frame + 20,
			    bytes[(uint8_t)(frame[20] - 20)] + 20, LEN - 20);
			at += used;
			have -= used;
			got++;
		}
		memmove(in, at, have);
		if (port->events & POLLOUT)
			port_writable(port);
	}
	assert_int_equal(have, 0);
	assert_false(port->events & POLLOUT);
	close(fd);
}

static void too_many_vms(void **state)
{
	struct fixture *t = *state;
	int fds[8];
	char byte;

	for (int i = 0; i < 8; i++)
		fds[i] = join(t);
	int fd = unix_connect(t->path);
	fake_serve(t->h, t->listener);
	assert_int_equal(t->h->n, 8);
	assert_int_equal(recv(fd, &byte, 1, 0), 0); /* shown the door */
	close(fd);
	close(fds[0]);
	while (t->h->ports[0]->is_open)
		fake_serve(t->h, t->h->ports[0]);
	fake_reap(t->h);
	assert_int_equal(t->h->n, 7);
	fds[0] = join(t); /* one has left: there is room again */
	for (int i = 0; i < 8; i++)
		close(fds[i]);
}

static void a_thousand_connects(void **state)
{
	struct fixture *t = *state;

	for (int i = 0; i < 1000; i++) {
		int fd = unix_connect(t->path);

		assert_true(fd >= 0);
		close(fd);
		fake_serve(t->h, t->listener);
		for (int j = 0; j < t->h->n; j++)
			port_receive(t->h->ports[j], &t->h->batch);
		fake_reap(t->h);
	}
	assert_int_equal(t->h->n, 0);
	close(join(t));
}

static void a_stale_socket_is_replaced(void **state)
{
	struct fixture *t = *state;
	struct port *second = fake_port(t->h, "qemu", t->path, NULL);

	assert_int_equal(port_open(second), -EADDRINUSE);
	assert_non_null(strstr(second->reason, "in use"));
	/* as after kill -9: the file stays, the listener is gone */
	char aside[160];
	snprintf(aside, sizeof(aside), "%s.aside", t->path);
	assert_int_equal(rename(t->path, aside), 0);
	port_close(t->listener);
	assert_int_equal(rename(aside, t->path), 0);
	assert_int_equal(port_open(second), 0);
	port_free(second);
	assert_int_equal(access(t->path, F_OK), -1);
	assert_int_equal(port_open(t->listener), 0);
}

static void other_files_are_left_alone(void **state)
{
	struct fixture *t = *state;
	char path[160];

	snprintf(path, sizeof(path), "%s.file", t->path);
	close(open(path, O_CREAT | O_WRONLY, 0600));
	struct port *port = fake_port(t->h, "qemu", path, NULL);
	assert_int_equal(port_open(port), -EEXIST);
	assert_non_null(strstr(port->reason, "is not a socket"));
	port_free(port);
	assert_int_equal(unlink(path), 0);
}

static void connecting(void **state)
{
	struct fixture *t = *state;
	struct port *port =
	    fake_port(t->h, "qemu", t->path, "connect=yes", NULL);

	assert_int_equal(port_open(port), 0);
	assert_true(port_up(port));
	fake_serve_until(t->h, t->listener, 1);
	port_close(t->h->ports[0]);
	while (port->is_open)
		fake_serve(t->h, port);
	assert_string_equal(port->reason, "the peer has disconnected");
	assert_false(port->gone); /* the switch tries again */
	assert_int_equal(port_open(port), 0);
	port_free(port);
}

/* The peer may come later: at the start, and after it has left. */
static void waits_to_connect(void **state)
{
	struct fixture *t = *state;
	struct port *port =
	    fake_port(t->h, "qemu", t->path, "connect=yes", NULL);

	port_close(t->listener);
	assert_int_equal(port_open(port), 0);
	assert_false(port_up(port));
	assert_non_null(strstr(port->reason, "waiting for a peer at "));
	assert_non_null(strstr(port->reason, "No such file"));
	fake_serve(t->h, port);
	assert_false(port_up(port));
	assert_true(port->is_open);
	assert_int_equal(port_open(t->listener), 0);
	while (!port_up(port))
		fake_serve(t->h, port);
	assert_string_equal(port->reason, "");
	fake_serve_until(t->h, t->listener, 1);
	port_free(port);
}

static void by_tcp(void **state)
{
	struct fixture *t = *state;
	struct port *listener = NULL, *port;
	char arg[64];
	int number = 20000 + getpid() % 20000;

	do {
		port_free(listener);
		snprintf(arg, sizeof(arg), "tcp:127.0.0.1:%d", ++number);
		listener = fake_port(t->h, "qemu", arg, NULL);
	} while (port_open(listener) == -EADDRINUSE);
	assert_true(listener->is_open);
	port = fake_port(t->h, "qemu", arg, "connect=yes", NULL);
	assert_int_equal(port_open(port), 0);
	while (!port->carrier)
		fake_serve(t->h, port);
	fake_serve_until(t->h, listener, 1);

	uint8_t bytes[60];
	struct frame f;
	const struct frame *out = &f;
	make_frame(bytes, sizeof(bytes), 7);
	frame_parse(&f, bytes, sizeof(bytes));
	port_send(port, &out, 1);
	assert_int_equal(fake_serve(t->h, t->h->ports[0]), 1);
	port_free(port);
	port_free(listener);
}

static void inherited_sockets(void **state)
{
	struct fixture *t = *state;
	char arg[16];
	int pair[2];
	uint8_t record[64];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	inherited_note();
	snprintf(arg, sizeof(arg), "%d", pair[0]);
	struct port *port = fake_port(t->h, "fd", arg, "kind=dgram", NULL);
	assert_int_equal(port_open(port), -EINVAL);
	assert_non_null(strstr(port->reason, "is a stream socket"));
	port_free(port);
	port = fake_port(t->h, "fd", arg, NULL);
	assert_int_equal(port_open(port), 0);
	assert_false(port->kind->listener);
	send_all(pair[1], record, put_record(record, 60, 1));
	assert_int_equal(fake_serve(t->h, port), 1);
	/* a second time its number may be that of any other file */
	close(pair[1]);
	while (port->is_open)
		fake_serve(t->h, port);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_int_equal(port_open(port), -ENOTCONN);
	assert_int_equal(fcntl(pair[0], F_GETFD), 0);
	close(pair[0]);
	close(pair[1]);
	port_free(port);

	port = fake_port(t->h, "fd", "9999", NULL);
	assert_int_equal(port_open(port), -EBADF);
	port_free(port);
}

static void inherited_listener(void **state)
{
	struct fixture *t = *state;
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	char arg[16];

	snprintf(a.sun_path, sizeof(a.sun_path), "%s/inherited", t->h->dir);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(listen(fd, 5), 0);
	inherited_note();
	snprintf(arg, sizeof(arg), "%d", fd);
	struct port *port = fake_port(t->h, "fd", arg, NULL);
	assert_int_equal(port_open(port), 0);
	assert_true(port->kind->listener);
	int vm = unix_connect(a.sun_path);
	fake_serve_until(t->h, port, 1);
	port_free(port);
	/* the file is whoever made it's */
	assert_int_equal(unlink(a.sun_path), 0);
	close(vm);
}

static void bad_arguments(void **state)
{
	static const struct {
		const char *arg, *option, *reason;
	} rows[] = {
	    {"tcp:127.0.0.1", "mtu=1500", "give HOST:PORT"},
	    {"tcp:127.0.0.1:0", "mtu=1500", "port number is too small"},
	    {"tcp:localhos:1", "mtu=1500", "names are not looked up"},
	    {"/nonexistent/x", "mtu=1500", "No such file"},
	    {"/nonexistent/x", "mode=888", "octal"},
	    {"/nonexistent/x", "owner=no-such-user", "no such user"},
	    {"/nonexistent/x", "connect=maybe", "yes or no"},
	};
	struct fixture *t = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct port *port =
		    fake_port(t->h, "qemu", rows[i].arg, rows[i].option, NULL);

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
	    T(vms_become_ports),
	    T(the_peer_is_known),
	    T(fragments_make_frames),
	    T(a_burst_is_delivered_whole),
	    T(hostile_lengths),
	    T(a_vm_that_does_not_read),
	    T(too_many_vms),
	    T(a_thousand_connects),
	    T(a_stale_socket_is_replaced),
	    T(other_files_are_left_alone),
	    T(connecting),
	    T(waits_to_connect),
	    T(by_tcp),
	    T(inherited_sockets),
	    T(inherited_listener),
	    T(bad_arguments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
