/* SPDX-License-Identifier: BSD-2-Clause */
/* test_stp_doors.c - what the spanning tree entity asserts of its host: inputs
 * never come from a callback, port numbers are in range, and the time never
 * goes back. Builds with NDEBUG do not assert, so these tests are skipped. */
#include "stp_host.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Every input, called with a port number and a time. */
static void add(struct stp *stp, int port, uint64_t now_ms);
static void release(struct stp *stp, int port, uint64_t now_ms);
static void receive(struct stp *stp, int port, uint64_t now_ms);
static void tick(struct stp *stp, int port, uint64_t now_ms);
static void set_bridge_id(struct stp *stp, int port, uint64_t now_ms);
static void set_times(struct stp *stp, int port, uint64_t now_ms);
static void set_priority(struct stp *stp, int port, uint64_t now_ms);
static void set_cost(struct stp *stp, int port, uint64_t now_ms);
static void hear_foreign(struct stp *stp, int port, uint64_t now_ms);
static void hear_probe(struct stp *stp, int port, uint64_t now_ms);
static void set_edge(struct stp *stp, int port, uint64_t now_ms);
static void set_bpdu(struct stp *stp, int port, uint64_t now_ms);

static const struct input {
	const char *name;
	void (*call)(struct stp *stp, int port, uint64_t now_ms);
	bool takes_port, takes_time;
} inputs[] = {
    {"stp_port_add", add, false, false}, /* returns -EINVAL */
    {"stp_free", release, false, false},
    {"stp_port_remove", stp_port_remove, true, true},
    {"stp_port_enable", stp_port_enable, true, true},
    {"stp_port_disable", stp_port_disable, true, true},
    {"stp_receive", receive, true, true},
    {"stp_receive_foreign", hear_foreign, true, true},
    {"stp_probe_heard", hear_probe, true, true},
    {"stp_tick", tick, false, true},
    {"stp_set_bridge_id", set_bridge_id, false, true},
    {"stp_set_times", set_times, false, true},
    {"stp_port_set_priority", set_priority, true, true},
    {"stp_port_set_cost", set_cost, true, true},
    {"stp_port_set_edge", set_edge, true, true},
    {"stp_port_set_bpdu", set_bpdu, true, true},
};

enum { INPUTS = sizeof(inputs) / sizeof(inputs[0]), NOW_MS = 100000 };
enum callback { PORT_STATE, AGEING, TRANSMIT, CALLBACKS };

/* A host that calls @input from @callback. */
struct caller {
	struct stp *stp;
	const struct input *input;
	enum callback callback;
};

static void skip_without_assertions(void);
static bool aborts(
    const struct input *input, struct stp *stp, int port, uint64_t now_ms);
static bool aborts_in_callback(
    const struct input *input, enum callback callback);

static void input_from_a_callback_aborts(void **state)
{
	(void)state;
	skip_without_assertions();
	for (int i = 0; i < INPUTS; i++)
		for (int callback = 0; callback < CALLBACKS; callback++)
			if (!aborts_in_callback(&inputs[i], callback))
				fail_msg("%s in callback %d", inputs[i].name,
				    callback);
}

static void port_number_out_of_range_aborts(void **state)
{
	static const int ports[] = {-1, 0, STP_PORTS_MAX + 1};
	struct host h;

	(void)state;
	skip_without_assertions();
	host_open(&h, 1, STP_BPDU_ALWAYS);
	for (int i = 0; i < INPUTS; i++)
		for (int j = 0; j < 3; j++)
			if (inputs[i].takes_port &&
			    !aborts(&inputs[i], h.stp, ports[j], NOW_MS))
				fail_msg("%s with port %d", inputs[i].name,
				    ports[j]);
	host_close(&h);
}

static void time_that_goes_back_aborts(void **state)
{
	struct host h;

	(void)state;
	skip_without_assertions();
	host_open(&h, 1, STP_BPDU_ALWAYS);
	stp_tick(h.stp, NOW_MS);
	for (int i = 0; i < INPUTS; i++)
		for (int port = 1; port <= 2; port++) /* 2 is unknown */
			if (inputs[i].takes_time &&
			    !aborts(&inputs[i], h.stp, port, NOW_MS - 1))
				fail_msg("%s, port %d", inputs[i].name, port);
	host_close(&h);
}

/* The other tests would pass if everything aborted. */
static void correct_inputs_do_not_abort(void **state)
{
	struct host h;

	(void)state;
	host_open(&h, 1, STP_BPDU_ALWAYS);
	stp_tick(h.stp, NOW_MS);
	for (int i = 0; i < INPUTS; i++)
		for (int port = 1; port <= 2; port++)
			if (aborts(&inputs[i], h.stp, port, NOW_MS))
				fail_msg("%s, port %d", inputs[i].name, port);
	host_close(&h);
}

static void skip_without_assertions(void)
{
#ifdef NDEBUG
	print_message("built with NDEBUG: assertions are off\n");
	skip();
#endif
}

/* Calls in a child, because abort() ends the process. */
static bool aborts(
    const struct input *input, struct stp *stp, int port, uint64_t now_ms)
{
	static const struct rlimit no_core;
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		setrlimit(RLIMIT_CORE, &no_core);
		close(STDERR_FILENO);
		signal(SIGABRT, SIG_DFL);
		input->call(stp, port, now_ms);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) || WTERMSIG(status) == SIGABRT);
	return WIFSIGNALED(status);
}

static void calls_back(struct caller *caller, enum callback callback)
{
	if (caller->callback == callback)
		caller->input->call(caller->stp, 1, NOW_MS);
}

static void on_port_state(void *ctx, int port, enum stp_state state)
{
	(void)port;
	(void)state;
	calls_back(ctx, PORT_STATE);
}

static void on_ageing(void *ctx, uint32_t ageing_ms)
{
	(void)ageing_ms;
	calls_back(ctx, AGEING);
}

static void on_transmit(void *ctx, int port, const uint8_t *bpdu, size_t len)
{
	(void)port;
	(void)bpdu;
	(void)len;
	calls_back(ctx, TRANSMIT);
}

/* A link that comes up changes the port's state and sends a BPDU. When the port
 * forwards, that is a topology change, which changes the ageing time. All of it
 * happens before NOW_MS, the time of the input under test. */
static bool aborts_in_callback(
    const struct input *input, enum callback callback)
{
	static const struct stp_callbacks callbacks = {
	    on_port_state, on_ageing, on_transmit};
	static const struct input enable = {"", stp_port_enable, true, true};
	static const struct input late = {"", tick, true, true};
	struct stp_times times = stp_times_default();
	struct caller caller = {.input = input, .callback = CALLBACKS};
	bool aborted;

	caller.stp = stp_new(1, &times, 2, &callbacks, &caller, 0);
	assert_non_null(caller.stp);
	stp_port_add(caller.stp, 1);
	stp_port_set_bpdu(caller.stp, 1, STP_BPDU_ALWAYS, 0);
	if (callback == AGEING) { /* the port forwards: a topology change */
		stp_port_enable(caller.stp, 1, 0);
		stp_tick(caller.stp, times.forward_delay_ms);
		caller.callback = callback;
		aborted =
		    aborts(&late, caller.stp, 1, 2 * times.forward_delay_ms);
	} else {
		caller.callback = callback;
		aborted = aborts(&enable, caller.stp, 1, 0);
	}
	caller.callback = CALLBACKS;
	stp_free(caller.stp);
	return aborted;
}

static void add(struct stp *stp, int port, uint64_t now_ms)
{
	(void)now_ms;
	stp_port_add(stp, port);
}

static void release(struct stp *stp, int port, uint64_t now_ms)
{
	(void)port;
	(void)now_ms;
	stp_free(stp);
}

static void receive(struct stp *stp, int port, uint64_t now_ms)
{
	static const uint8_t tcn[] = {0, 0, 0, 0x80};

	stp_receive(stp, port, tcn, sizeof(tcn), now_ms);
}

static void hear_foreign(struct stp *stp, int port, uint64_t now_ms)
{
	stp_receive_foreign(stp, port, now_ms);
}

static void hear_probe(struct stp *stp, int port, uint64_t now_ms)
{
	stp_probe_heard(stp, port, 1, now_ms);
}

static void tick(struct stp *stp, int port, uint64_t now_ms)
{
	(void)port;
	stp_tick(stp, now_ms);
}

static void set_bridge_id(struct stp *stp, int port, uint64_t now_ms)
{
	(void)port;
	stp_set_bridge_id(stp, 1, now_ms);
}

static void set_times(struct stp *stp, int port, uint64_t now_ms)
{
	struct stp_times times = stp_times_default();
	char err[128];

	(void)port;
	stp_set_times(stp, &times, now_ms, err, sizeof(err));
}

static void set_priority(struct stp *stp, int port, uint64_t now_ms)
{
	stp_port_set_priority(stp, port, STP_PORT_PRIORITY, now_ms);
}

static void set_cost(struct stp *stp, int port, uint64_t now_ms)
{
	stp_port_set_cost(stp, port, 1, now_ms);
}

static void set_edge(struct stp *stp, int port, uint64_t now_ms)
{
	stp_port_set_edge(stp, port, true, now_ms);
}

static void set_bpdu(struct stp *stp, int port, uint64_t now_ms)
{
	stp_port_set_bpdu(stp, port, STP_BPDU_AUTO, now_ms);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(input_from_a_callback_aborts),
	    cmocka_unit_test(port_number_out_of_range_aborts),
	    cmocka_unit_test(time_that_goes_back_aborts),
	    cmocka_unit_test(correct_inputs_do_not_abort),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
