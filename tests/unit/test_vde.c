/* SPDX-License-Identifier: BSD-2-Clause */
/* test_vde.c - the VDE request, and kind vde with clients of every sort. */
#include "vde_fixture.h"

static void a_client_with_a_path(void **state)
{
	struct fixture *t = *state;
	struct sockaddr_un a = named(t->mine);
	struct client c = {.data = bound(&a)};
	uint8_t bytes[60];
	char facts[200] = "";

	ask(t, &c, &a, 0, "Some Client");
	assert_int_equal(t->h->n, 1);
	struct port *port = t->h->ports[0];
	assert_true(port_up(port));
	assert_int_equal(recv(c.stream, &c.theirs, 110, 0), 110);
	assert_int_equal(c.theirs.sun_family, AF_UNIX);
	assert_non_null(strstr(c.theirs.sun_path, "/vde/001."));
	unlink(t->mine); /* vdeplug4 does, at once */

	make_frame(bytes, 60, 1);
	to_switch(&c, bytes, 60);
	assert_int_equal(fake_serve(t->h, port), 1);
	assert_memory_equal(t->h->batch.frames[0].addrs, bytes, 60);
	send_frame(port, 2);
	assert_int_equal(recv(c.data, bytes, 60, 0), 60);
	port->kind->facts(port, emit, facts);
	assert_non_null(strstr(facts, "vde_client=Some Client;"));
	assert_non_null(strstr(facts, "vde_port=1;"));

	close(c.stream); /* the end of the stream is the end of the port */
	while (port->is_open)
		fake_serve(t->h, port);
	assert_true(port->gone);
	assert_int_equal(access(c.theirs.sun_path, F_OK), -1);
	close(c.data);
}

static void a_uml_client(void **state)
{
	struct fixture *t = *state;
	struct client c;
	uint8_t bytes[60];

	plug(t, &c, 0);
	make_frame(bytes, 60, 1);
	to_switch(&c, bytes, 0); /* an empty datagram is not a frame */
	to_switch(&c, bytes, 60);
	assert_int_equal(fake_serve(t->h, t->h->ports[0]), 1);
	send_frame(t->h->ports[0], 2);
	assert_int_equal(recv(c.data, bytes, 60, 0), 60);
	unplug(&c);
}

static void a_request_in_pieces(void **state)
{
	struct fixture *t = *state;
	struct sockaddr_un a = abstract_name();
	uint8_t data[VDE_REQUEST_MAX];
	struct client c = {.data = bound(&a)};

	make_request(data, 0, &a, "");
	c.stream = unix_connect(t->ctl);
	for (int i = 0; i < 122; i++) {
		assert_int_equal(t->h->n, 0);
		send(c.stream, data + i, 1, 0);
		fake_serve(t->h, t->server);
	}
	assert_int_equal(t->h->n, 1);
	unplug(&c);
}

static void ports_by_number(void **state)
{
	struct fixture *t = *state;
	struct client c[3];
	char facts[200] = "";

	plug(t, &c[0], 7 << 8);
	assert_non_null(strstr(c[0].theirs.sun_path, "/vde/007."));
	plug(t, &c[1], 7 << 8 | 1); /* the same user may share it */
	plug(t, &c[2], 0);
	t->h->ports[2]->kind->facts(t->h->ports[2], emit, facts);
	assert_non_null(strstr(facts, "vde_port=1;"));
	for (int i = 0; i < 3; i++)
		unplug(&c[i]);
}

static void refused(
    struct fixture *t, const struct sockaddr_un *a, const char *reason)
{
	struct client c;
	char byte;

	*t->h->refusal = 0;
	ask(t, &c, a, 0, "");
	assert_int_equal(t->h->n, 0);
	if (!strstr(t->h->refusal, reason))
		fail_msg("%s", t->h->refusal);
	assert_int_equal(recv(c.stream, &byte, 1, 0), 0);
	close(c.stream);
}

static void paths_that_are_not_its_own(void **state)
{
	struct fixture *t = *state;
	struct sockaddr_un a = named(t->mine), other;
	char target[120];

	refused(t, &a, "No such file");
	close(open(t->mine, O_CREAT | O_WRONLY, 0600));
	refused(t, &a, "not a socket");
	unlink(t->mine);

	/* a link to the socket of somebody else */
	snprintf(target, sizeof(target), "%s/target", t->h->dir);
	other = named(target);
	int fd = bound(&other);
	assert_int_equal(symlink(target, t->mine), 0);
	refused(t, &a, "symbolic link");
	unlink(t->mine);
	if (geteuid() == 0) {
		assert_int_equal(chown(target, 12345, (gid_t)-1), 0);
		refused(t, &other, "belongs to user 12345");
	}
	close(fd);
	unlink(target);
}

static void nonsense(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *reason;
	} rows[] = {
	    {"GET / HTTP/1.1\r\n", 16, "does not speak VDE"},
	    {"\xce\xfa\xed\xfe\2\0\0\0", 8, "version 3"},
	    {"\xce\xfa\xed\xfe\3\0\0\0\2\0\0\0", 12, "type of port"},
	};
	struct fixture *t = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int fd = unix_connect(t->ctl);
		int before = t->h->refused;

		send(fd, rows[i].bytes, rows[i].len, 0);
		while (t->h->refused == before)
			fake_serve(t->h, t->server);
		assert_non_null(strstr(t->h->refusal, rows[i].reason));
		close(fd);
	}
	struct sockaddr_un a = abstract_name();
	a.sun_family = AF_INET;
	refused(t, &a, "not of family AF_UNIX");
	memset(&a, 'x', sizeof(a));
	a.sun_family = AF_UNIX;
	refused(t, &a, "has no end");
}

/* Clients that connect and say nothing cannot keep others out. */
static void silent_clients(void **state)
{
	struct fixture *t = *state;
	int fds[100];
	struct client c;

	for (int i = 0; i < 100; i++) {
		fds[i] = unix_connect(t->ctl);
		assert_true(fds[i] >= 0);
		fake_serve(t->h, t->server);
	}
	plug(t, &c, 0);
	assert_int_equal(t->h->n, 1);
	unplug(&c);
	for (int i = 0; i < 100; i++)
		close(fds[i]);
}

static void too_many_clients(void **state)
{
	struct fixture *t = *state;
	struct client c[8];
	char byte;

	for (int i = 0; i < 8; i++)
		plug(t, &c[i], 0);
	int fd = unix_connect(t->ctl);
	fake_serve(t->h, t->server);
	assert_int_equal(recv(fd, &byte, 1, 0), 0);
	close(fd);
	for (int i = 0; i < 8; i++)
		unplug(&c[i]);
}

static void permissions(void **state)
{
	struct fixture *t = *state;
	struct stat st;

	assert_int_equal(stat(t->ctl, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(stat(t->dir, &st), 0);
	assert_int_equal(st.st_mode & 07777, 02700);
	struct port *port =
	    fake_port(t->h, "vde", t->mine, "users=no-such-user@3", NULL);
	assert_int_equal(port_open(port), -EINVAL);
	assert_non_null(strstr(port->reason, "no-such-user"));
	port_free(port);
}

/* In a child that is another user: a port number belongs to its user. */
static void as_another_user(const char *ctl, int report)
{
	struct sockaddr_un a = abstract_name();
	uint8_t data[VDE_REQUEST_MAX];
	int data_fd = bound(&a);
	size_t len = make_request(data, 7 << 8, &a, "");

	if (setresuid(54321, 54321, 54321))
		_exit(1);
	int fd = unix_connect(ctl);
	send(fd, data, len, 0);
	ssize_t n = recv(fd, data, 110, 0);
	dprintf(report, "%zd", n);
	close(data_fd);
	_exit(0);
}

static void another_users_port(void **state)
{
	struct fixture *t = *state;
	struct client c;
	int report[2];
	char answer[8] = "";

	if (geteuid())
		skip();
	plug(t, &c, 7 << 8);
	assert_int_equal(chmod(t->h->dir, 0755), 0);
	assert_int_equal(chmod(t->dir, 0755), 0);
	assert_int_equal(chmod(t->ctl, 0666), 0);
	assert_int_equal(pipe(report), 0);
	if (fork() == 0)
		as_another_user(t->ctl, report[1]);
	while (!t->h->refused)
		fake_serve(t->h, t->server);
	assert_true(read(report[0], answer, sizeof(answer) - 1) > 0);
	assert_string_equal(answer, "0");
	assert_non_null(strstr(t->h->refusal, "user 54321"));
	assert_non_null(strstr(t->h->refusal, "may not have port 7"));
	close(report[0]);
	close(report[1]);
	unplug(&c);
}

/* Anybody who may write to the directory may replace a socket by a link before
 * its mode is set: the target of the link keeps its own mode. */
static void no_mode_through_a_link(void **state)
{
	const struct sock_access access = {
	    .mode = 0777, .uid = (uid_t)-1, .gid = (gid_t)-1};
	struct fixture *t = *state;
	char err[PORT_ERR], link[128];
	struct stat st;

	close(open(t->mine, O_CREAT | O_WRONLY, 0600));
	snprintf(link, sizeof(link), "%s/link", t->dir);
	assert_int_equal(symlink(t->mine, link), 0);
	assert_true(sock_grant(&access, link, err) < 0);
	assert_int_equal(stat(t->mine, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	unlink(link);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    T(a_client_with_a_path),
	    T(a_uml_client),
	    T(a_request_in_pieces),
	    T(ports_by_number),
	    T(paths_that_are_not_its_own),
	    T(nonsense),
	    T(silent_clients),
	    T(too_many_clients),
	    T(permissions),
	    T(another_users_port),
	    T(no_mode_through_a_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
