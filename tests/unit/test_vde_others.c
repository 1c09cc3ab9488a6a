/* SPDX-License-Identifier: BSD-2-Clause */
/* test_vde_others.c - sockets, directories and users of others than the VDE
 * client, and the client that is a kernel. */
#include "vde_fixture.h"

/* The user of the datagram that waits on @fd, as the kernel tells it. */
static uid_t sender_of(int fd)
{
	char control[CMSG_SPACE(sizeof(struct ucred))], data[2048];
	struct iovec iov = {data, sizeof(data)};
	struct msghdr msg = {.msg_iov = &iov,
	    .msg_iovlen = 1,
	    .msg_control = control,
	    .msg_controllen = sizeof(control)};
	struct ucred cred;

	assert_true(recvmsg(fd, &msg, MSG_DONTWAIT) > 0);
	assert_non_null(CMSG_FIRSTHDR(&msg));
	memcpy(&cred, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(cred));
	assert_int_equal(cred.gid, cred.uid);
	return cred.uid;
}

/* A client may name a socket that is not its own. It gains nothing by that:
 * what we send there comes from the client's user, not from ours, also when it
 * had to wait. */
static void sends_as_the_client(void **state)
{
	enum { NOBODY = 65534, BURST = 6000 };
	struct fixture *t = *state;
	struct sockaddr_un a = abstract_name();
	struct client c = {.data = bound(&a)};
	int on = 1, n = 0;
	struct stat st;

	if (geteuid() != 0)
		skip();
	port_free(t->server);
	t->server = fake_port(t->h, "vde", t->dir, "mode=0666", NULL);
	assert_int_equal(port_open(t->server), 0);
	assert_int_equal(stat(t->dir, &st), 0);
	assert_int_equal(st.st_mode & 07777, 03777); /* nobody moves ctl away */
	assert_int_equal(chmod(t->h->dir, 0711), 0);
	assert_int_equal(
	    setsockopt(c.data, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)), 0);
	assert_int_equal(setegid(NOBODY) | seteuid(NOBODY), 0);
	int before = t->h->n + t->h->refused;
	uint8_t data[VDE_REQUEST_MAX];
	size_t len = make_request(data, 0, &a, "");
	c.stream = unix_connect(t->ctl);
	assert_int_equal(seteuid(0) | setegid(0), 0);
	assert_true(c.stream >= 0);
	assert_int_equal(send(c.stream, data, len, 0), len);
	while (t->h->n + t->h->refused == before)
		fake_serve(t->h, t->server);
	assert_int_equal(t->h->n, 1);
	for (int i = 0; i < BURST; i++)
		send_frame(t->h->ports[0], 1);
	assert_true(t->h->ports[0]->counters.tx_full > 0);
	for (struct pollfd p = {.fd = c.data, .events = POLLIN};
	     poll(&p, 1, 0) == 1; n++) {
		assert_int_equal(sender_of(c.data), NOBODY);
		port_receive(t->h->ports[0], &t->h->batch);
	}
	assert_int_equal(n, t->h->ports[0]->counters.tx_frames);
	unplug(&c);
}

/* Whoever may write to the directory could move `ctl` away. */
static void refuses_a_directory_of_all(void **state)
{
	struct fixture *t = *state;

	port_free(t->server);
	assert_int_equal(mkdir(t->dir, 0700), 0);
	assert_int_equal(chmod(t->dir, 0777), 0);
	t->server = fake_port(t->h, "vde", t->dir, NULL);
	assert_true(port_open(t->server) < 0);
	assert_non_null(strstr(t->server->reason, "chmod +t"));
	assert_int_equal(chmod(t->dir, 01777), 0);
	assert_int_equal(port_open(t->server), 0);
	port_close(t->server);
	assert_int_equal(rmdir(t->dir), 0);
}

/* A User-mode Linux 6.1: the C structure, padding and all, and a name that is
 * a structure, too. */
static void a_real_uml(void **state)
{
	struct fixture *t = *state;
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int words[] = {getpid(), 567};
	char text[200] = "";

	memcpy(a.sun_path + 4, words, sizeof(words));
	struct client c = {.data = bound(&a)};
	ask(t, &c, &a, 0, "\x7f\x12");
	assert_int_equal(t->h->refused, 0);
	assert_int_equal(recv(c.stream, &c.theirs, 110, MSG_DONTWAIT), 110);
	t->h->ports[0]->kind->facts(t->h->ports[0], emit, text);
	assert_null(strstr(text, "vde_client"));
	send_frame(t->h->ports[0], 1);
	assert_int_equal(recv(c.data, text, sizeof(text), MSG_DONTWAIT), 60);
	unplug(&c);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    T(sends_as_the_client),
	    T(refuses_a_directory_of_all),
	    T(a_real_uml),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
