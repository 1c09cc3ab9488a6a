/* SPDX-License-Identifier: BSD-2-Clause */
/* test_port_poison.c - debug builds notice the use of a frame after its release
 * and a port number out of range. */
#include <signal.h>
#include <sys/wait.h>

#include "ports/framing.h"
#include "ports/inherited.h"
#include "ports/poison.h"

#include "fakehost.h"

enum { LEN = 64 };

#ifdef NDEBUG
static const bool debug = false;
#else
static const bool debug = true;
#endif

/* A port that is one end of a socket pair; the other end is @far. */
static struct port *open_pair(struct fakehost *h, int type, int *far)
{
	char arg[16];
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, type, 0, fds), 0);
	*far = fds[1];
	inherited_note();
	snprintf(arg, sizeof(arg), "%d", fds[0]);
	struct port *port = fake_port(h, "fd", arg, NULL);
	assert_int_equal(port_open(port), 0);
	return port;
}

/* The bytes are the frame's until its release, and no longer. */
static void check_released(struct fakehost *h, struct port *port)
{
	uint8_t whole[LEN], poison[LEN];

	make_frame(whole, LEN, 1);
	memset(poison, POISON, LEN);
	assert_int_equal(fake_serve(h, port), 1);
	struct frame f = h->batch.frames[0];
	assert_memory_equal(f.addrs, whole, ETH_ADDRS);
	assert_memory_equal(f.body, whole + ETH_ADDRS, LEN - ETH_ADDRS);
	port_release(port, &h->batch);
	if (!debug)
		return;
	assert_memory_equal(f.addrs, poison, ETH_ADDRS);
	assert_memory_equal(f.body, poison, LEN - ETH_ADDRS);
}

static void test_arena(void **state)
{
	struct fakehost *h = fakehost_new();
	int far;
	struct port *port = open_pair(h, SOCK_DGRAM, &far);
	uint8_t bytes[LEN];

	(void)state;
	make_frame(bytes, LEN, 1);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(send(far, bytes, LEN, 0), LEN);
		check_released(h, port);
	}
	port_free(port);
	close(far);
	fakehost_free(h);
}

/* The half of a frame that has been read already is not released with it. */
static void test_stream(void **state)
{
	struct fakehost *h = fakehost_new();
	int far;
	struct port *port = open_pair(h, SOCK_STREAM, &far);
	uint8_t bytes[FRAMING_HEAD + LEN] = {0, 0, 0, LEN};

	(void)state;
	make_frame(bytes + FRAMING_HEAD, LEN, 1);
	assert_int_equal(send(far, bytes, sizeof(bytes), 0), sizeof(bytes));
	assert_int_equal(send(far, bytes, 20, 0), 20);
	check_released(h, port);
	assert_int_equal(
	    send(far, bytes + 20, sizeof(bytes) - 20, 0), sizeof(bytes) - 20);
	check_released(h, port);
	port_free(port);
	close(far);
	fakehost_free(h);
}

/* A runt has its addresses elsewhere: nothing but the frame is written to. */
static void test_runt(void **state)
{
	struct fakehost *h = fakehost_new();
	int far;
	struct port *port = open_pair(h, SOCK_DGRAM, &far);

	(void)state;
	assert_int_equal(send(far, "abcde", 5, 0), 5);
	assert_int_equal(fake_serve(h, port), 1);
	struct frame f = h->batch.frames[0];
	port_release(port, &h->batch);
	assert_memory_equal(f.addrs, "\0\0\0\0\0\0\0\0\0\0\0", ETH_ADDRS);
	port_free(port);
	close(far);
	fakehost_free(h);
}

static void make_port(int no)
{
	static const struct port_spec spec = {.kind = "fd", .arg = "3"};
	static struct port_host host;

	port_free(port_new(port_kind_find("fd", NULL), &spec, &host, no, NULL));
}

/* Does a port with the number @no end the process? */
static bool dies(int no)
{
	pid_t child = fork();
	int status = 0;

	assert_true(child >= 0);
	if (child == 0) {
		fclose(stderr);
		signal(SIGABRT, SIG_DFL);
		make_port(no);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void test_number(void **state)
{
	(void)state;
	assert_false(dies(1));
	assert_false(dies(PORT_NUMBERS));
	if (!debug)
		skip();
	assert_true(dies(0));
	assert_true(dies(PORT_NUMBERS + 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_arena),
	    cmocka_unit_test(test_stream),
	    cmocka_unit_test(test_runt),
	    cmocka_unit_test(test_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
