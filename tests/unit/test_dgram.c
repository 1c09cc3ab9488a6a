/* SPDX-License-Identifier: BSD-2-Clause */
/* test_dgram.c - kind dgram, and fd with datagrams. */
#include "fakehost.h"

#include "ports/inherited.h"

struct fixture {
	struct fakehost *h;
	char ours[100], theirs[100];
	char remote[120]; /* the option */
};

static int set_up(void **state)
{
	struct fixture *t = calloc(1, sizeof(*t));

	t->h = fakehost_new();
	snprintf(t->ours, sizeof(t->ours), "%s/ours", t->h->dir);
	snprintf(t->theirs, sizeof(t->theirs), "%s/theirs", t->h->dir);
	snprintf(t->remote, sizeof(t->remote), "remote=%s", t->theirs);
	*state = t;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *t = *state;

	unlink(t->theirs);
	fakehost_free(t->h);
	free(t);
	return 0;
}

/* Like QEMU: bound to its path, after removing what is there. */
static int vm_socket(const char *path)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	strlcpy(a.sun_path, path, sizeof(a.sun_path));
	unlink(path);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

static ssize_t vm_send(int fd, const char *path, const void *data, size_t len)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};

	strlcpy(a.sun_path, path, sizeof(a.sun_path));
	return sendto(fd, data, len, 0, (struct sockaddr *)&a, sizeof(a));
}

static void send_frame(struct port *port, unsigned seed)
{
	uint8_t bytes[60];
	struct frame f;
	const struct frame *out = &f;

	make_frame(bytes, sizeof(bytes), seed);
	frame_parse(&f, bytes, sizeof(bytes));
	port_send(port, &out, 1);
}

static void there_and_back(void **state)
{
	struct fixture *t = *state;
	int vm = vm_socket(t->theirs);
	uint8_t bytes[100], in[100];
	struct port *port = fake_port(t->h, "dgram", t->ours, t->remote, NULL);

	assert_int_equal(port_open(port), 0);
	assert_true(port_up(port));
	make_frame(bytes, 60, 1);
	assert_int_equal(vm_send(vm, t->ours, bytes, 60), 60);
	assert_int_equal(fake_serve(t->h, port), 1);
	assert_memory_equal(t->h->batch.frames[0].addrs, bytes, 60);
	send_frame(port, 2);
	assert_int_equal(recv(vm, in, sizeof(in), 0), 60);
	make_frame(bytes, 60, 2);
	assert_memory_equal(in, bytes, 60);
	port_free(port);
	close(vm);
}

/* Empty ones are not frames; those too long are counted. */
static void odd_datagrams(void **state)
{
	struct fixture *t = *state;
	int vm = vm_socket(t->theirs);
	static uint8_t bytes[70000];
	struct port *port = fake_port(t->h, "dgram", t->ours, t->remote, NULL);

	assert_int_equal(port_open(port), 0);
	vm_send(vm, t->ours, bytes, 0);
	vm_send(vm, t->ours, bytes, sizeof(bytes));
	vm_send(vm, t->ours, bytes, 13);
	assert_int_equal(fake_serve(t->h, port), 1);
	assert_int_equal(frame_len(&t->h->batch.frames[0]), 13);
	assert_int_equal(port->counters.rx_invalid, 1);
	port_free(port);
	close(vm);
}

/* QEMU makes its socket again when it starts again. */
static void the_vm_restarts(void **state)
{
	struct fixture *t = *state;
	uint8_t bytes[60];
	struct port *port = fake_port(t->h, "dgram", t->ours, t->remote, NULL);

	assert_int_equal(port_open(port), 0);
	assert_false(port_up(port));
	assert_non_null(strstr(port->reason, "waiting for a peer"));
	int vm = vm_socket(t->theirs);
	while (!port->carrier)
		fake_serve(t->h, port); /* its timer */
	assert_string_equal(port->reason, "");
	close(vm);
	send_frame(port, 1);
	assert_false(port_up(port));
	assert_int_equal(port->counters.tx_error, 1);
	vm = vm_socket(t->theirs);
	make_frame(bytes, 60, 1);
	vm_send(vm, t->ours, bytes, 60);
	while (!port->carrier)
		fake_serve(t->h, port);
	send_frame(port, 1);
	assert_int_equal(recv(vm, bytes, sizeof(bytes), 0), 60);
	port_free(port);
	close(vm);
}

/* More than the socket takes waits in order; more than that is counted. */
static void a_vm_that_does_not_read(void **state)
{
	enum { N = 20000 };
	struct fixture *t = *state;
	int vm = vm_socket(t->theirs);
	uint8_t in[100];
	struct port *port = fake_port(t->h, "dgram", t->ours, t->remote, NULL);

	assert_int_equal(port_open(port), 0);
	for (unsigned i = 0; i < N; i++)
		send_frame(port, i);
	const struct port_counters *c = &port->counters;
	assert_true(c->tx_full > 0);
	assert_int_equal(c->tx_frames + c->tx_full, N);
	/* more than any socket's queue by itself */
	assert_true(c->tx_frames > 1000);
	for (uint64_t i = 0; i < c->tx_frames; i++) {
		while (recv(vm, in, sizeof(in), MSG_DONTWAIT) < 0)
			fake_serve(t->h, port);
		assert_int_equal(in[20], (uint8_t)(i + 20));
	}
	/* nothing to wait for is left: the loop is not woken any more */
	while (poll(&(struct pollfd){.fd = port->fd, .events = POLLIN}, 1, 0))
		assert_int_equal(port_receive(port, &t->h->batch), 0);
	port_free(port);
	close(vm);
}

static int udp_socket(const char *host, int number)
{
	struct sockaddr_in a = {
	    .sin_family = AF_INET, .sin_port = htons((uint16_t)number)};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	inet_pton(AF_INET, host, &a.sin_addr);
	if (bind(fd, (struct sockaddr *)&a, sizeof(a))) {
		close(fd);
		return -1;
	}
	return fd;
}

static void by_udp(void **state)
{
	struct fixture *t = *state;
	int number = 20000 + getpid() % 20000, vm;
	uint8_t bytes[60];
	char local[64], remote[64];
	struct port *port = NULL;

	while ((vm = udp_socket("127.0.0.1", number)) < 0)
		number++;
	snprintf(remote, sizeof(remote), "remote=127.0.0.1:%d", number);
	do {
		port_free(port);
		snprintf(local, sizeof(local), "udp:127.0.0.1:%d", ++number);
		port = fake_port(t->h, "dgram", local, remote, NULL);
	} while (port_open(port) == -EADDRINUSE);
	assert_true(port_up(port));

	struct sockaddr_in ours = {
	    .sin_family = AF_INET, .sin_port = htons((uint16_t)number)};
	inet_pton(AF_INET, "127.0.0.1", &ours.sin_addr);
	make_frame(bytes, sizeof(bytes), 3);
	sendto(vm, bytes, 60, 0, (struct sockaddr *)&ours, sizeof(ours));
	assert_int_equal(fake_serve(t->h, port), 1);
	send_frame(port, 4);
	assert_int_equal(recv(vm, bytes, sizeof(bytes), 0), 60);

	/* the other end goes: frames are lost, the port stays */
	close(vm);
	for (unsigned i = 0; i < 4; i++)
		send_frame(port, i);
	assert_true(port_up(port));
	assert_int_equal(port->counters.tx_frames + port->counters.tx_error, 5);
	port_free(port);
}

/* QEMU's mcast=: members of a group hear each other, not themselves; a QEMU
 * sends from the group's own port. */
static void by_group(void **state)
{
	struct fixture *t = *state;
	int number = 20000 + getpid() % 20000, on = 1;
	struct sockaddr_in group = {
	    .sin_family = AF_INET, .sin_port = htons((uint16_t)number)};
	struct in_addr lo = {htonl(INADDR_LOOPBACK)};
	char local[64], remote[64];
	uint8_t bytes[60];

	inet_pton(AF_INET, "239.255.77.7", &group.sin_addr);
	snprintf(local, sizeof(local), "udp:127.0.0.1:%d", number);
	snprintf(remote, sizeof(remote), "remote=239.255.77.7:%d", number);
	struct port *a = fake_port(t->h, "dgram", local, remote, NULL);
	struct port *b = fake_port(t->h, "dgram", local, remote, NULL);
	assert_int_equal(port_open(a), 0);
	assert_int_equal(port_open(b), 0);

	struct ip_mreq mreq = {group.sin_addr, lo};
	int vm = socket(AF_INET, SOCK_DGRAM, 0);
	setsockopt(vm, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	assert_int_equal(bind(vm, (struct sockaddr *)&group, sizeof(group)), 0);
	setsockopt(vm, IPPROTO_IP, IP_MULTICAST_IF, &lo, sizeof(lo));
	assert_int_equal(
	    setsockopt(vm, IPPROTO_IP, IP_ADD_MEMBERSHIP, &mreq, sizeof(mreq)),
	    0);

	send_frame(a, 1);
	assert_int_equal(fake_serve(t->h, b), 1);
	port_release(b, &t->h->batch);
	assert_int_equal(port_receive(a, &t->h->batch), 0);
	assert_int_equal(recv(vm, bytes, sizeof(bytes), 0), 60);
	make_frame(bytes, sizeof(bytes), 3);
	sendto(vm, bytes, 60, 0, (struct sockaddr *)&group, sizeof(group));
	assert_int_equal(fake_serve(t->h, a), 1);
	port_release(a, &t->h->batch);
	assert_int_equal(fake_serve(t->h, b), 1);
	port_release(b, &t->h->batch);
	port_free(a);
	port_free(b);
	close(vm);
}

/* An inherited socket of IP whose peer is not there yet: it cannot be opened
 * again, and an error of the network is no reason to lose it. */
static void inherited_udp(void **state)
{
	struct fixture *t = *state;
	struct sockaddr_in nobody = {.sin_family = AF_INET};
	socklen_t len = sizeof(nobody);
	char arg[16];

	inet_pton(AF_INET, "127.0.0.1", &nobody.sin_addr);
	int peer = socket(AF_INET, SOCK_DGRAM, 0);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	assert_int_equal(
	    bind(peer, (struct sockaddr *)&nobody, sizeof(nobody)), 0);
	getsockname(peer, (struct sockaddr *)&nobody, &len);
	assert_int_equal(
	    connect(fd, (struct sockaddr *)&nobody, sizeof(nobody)), 0);
	close(peer);
	inherited_note();
	snprintf(arg, sizeof(arg), "%d", fd);
	struct port *port = fake_port(t->h, "fd", arg, NULL);
	assert_int_equal(port_open(port), 0);
	for (unsigned i = 0; i < 4; i++)
		send_frame(port, i);
	fake_serve(t->h, port);
	assert_true(port_up(port));
	assert_int_equal(port->counters.tx_frames, 4);
	port_free(port);
}

static void inherited(void **state)
{
	struct fixture *t = *state;
	int pair[2];
	char arg[16];
	uint8_t bytes[60];

	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), 0);
	inherited_note();
	snprintf(arg, sizeof(arg), "%d", pair[0]);
	struct port *port = fake_port(t->h, "fd", arg, "kind=dgram", NULL);
	assert_int_equal(port_open(port), 0);
	make_frame(bytes, 60, 1);
	assert_int_equal(send(pair[1], bytes, 60, 0), 60);
	assert_int_equal(fake_serve(t->h, port), 1);
	send_frame(port, 2);
	assert_int_equal(recv(pair[1], bytes, sizeof(bytes), 0), 60);
	close(pair[1]);
	send_frame(port, 2);
	assert_false(port->is_open);
	port_free(port);
}

static void refusals(void **state)
{
	static const struct {
		const char *arg, *option, *reason;
	} rows[] = {
	    {"/nonexistent/x", "mtu=1500", "remote="},
	    {"/nonexistent/x", "remote=/nonexistent/y", "No such file"},
	    {"udp:127.0.0.1:5", "remote=nowhere:5", "not looked up"},
	    {"udp:1.2.3.4:5", "remote=127.0.0.1:5", "cannot bind"},
	    {"udp:1.2.3.4:5", "remote=239.1.1.1:5", "cannot join 239.1.1.1:5"},
	    {"udp:127.0.0.1:6", "remote=239.1.1.1:5", "same port number"},
	    {"udp:[::1]:5", "remote=[ff02::5]:5", "use a group of IPv4"},
	    {"udp:239.1.1.1:5", "remote=127.0.0.1:5", "needs it as remote="},
	};
	struct fixture *t = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct port *port =
		    fake_port(t->h, "dgram", rows[i].arg, rows[i].option, NULL);

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
	    T(odd_datagrams),
	    T(the_vm_restarts),
	    T(a_vm_that_does_not_read),
	    T(by_udp),
	    T(by_group),
	    T(inherited_udp),
	    T(inherited),
	    T(refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
