/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * qswitch_nat.c - the process behind a port nat: or host:, started by qswitchd.
 *
 *     qswitchd                          qswitch-nat
 *       port nat: <==== WIRE: frames ====> DHCP server, libslirp <--> sockets
 *       commands  <--- CONTROL: words ---> forwards
 *       memory     --- BOARD -------------> leases
 *
 * It ends when qswitchd does, by the end of the wire or of CONTROL. Nothing
 * that it could do harms the switch: it is a peer like a virtual machine.
 *
 * Words, one datagram each:
 *
 *     qswitchd: "add FORWARD", "del FORWARD"
 *     we:       "ready", "failed SENTENCE", "ok FORWARD",
 *               "refused FORWARD SENTENCE"
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <bsd/string.h>
#include <bsd/unistd.h>

#include "forwarding/mac.h"
#include "ports/nat_process.h"
#include "ports/nat_spec.h"
#include "switch/protocol/standard_fds.h"

#include "board.h"
#include "confine.h"
#include "dhcp.h"
#include "polls.h"
#include "stack.h"
#include "wire.h"

enum { EXIT_USAGE = 2 };

struct nat {
	struct nat_spec spec;
	bool host; /* of a host-only network: DHCP alone */
	uint8_t mac[ETH_ADDR];
	struct wire *wire;
	struct board board;
	struct dhcp *dhcp;   /* NULL: dhcp=no */
	struct stack *stack; /* NULL: host-only */
	struct polls polls;
};

static int usage(FILE *out, int status);
static bool read_arguments(struct nat *nat, int argc, char *argv[], char *err);
static bool build(struct nat *nat, char *err);
static void add_forward(struct nat *nat, const struct nat_forward *f);
static bool confine(char *err);
static void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void run(struct nat *nat);
static bool carry_out(struct nat *nat);
static void change_forward(struct nat *nat, const char *text, bool add);
static void on_frame(void *arg, const uint8_t *frame, size_t len);
static bool on_dhcp(struct nat *nat, const uint8_t *frame, size_t len);
static void send_frame(void *arg, const uint8_t *frame, size_t len);
static const uint8_t *mac_of(void *arg, uint32_t ip);

int main(int argc, char *argv[])
{
	static struct nat nat;
	char err[PORT_ERR] = "";

	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return usage(stdout, EXIT_SUCCESS);
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		puts("qswitch-nat " QSWITCH_VERSION);
		return EXIT_SUCCESS;
	}
	if (argc < 4 || fcntl(NAT_FD_BOARD, F_GETFD) < 0)
		return usage(stderr, EXIT_USAGE);
	closefrom(NAT_FD_BOARD + 1);
	if (!standard_fds_open())
		return EXIT_FAILURE;
	if (!read_arguments(&nat, argc, argv, err) || !build(&nat, err) ||
	    !confine(err)) {
		say("failed %s", err);
		return EXIT_FAILURE;
	}
	say("ready");
	if (!nat.host) /* an empty record, which wakes qswitchd up */
		wire_send(nat.wire, (const uint8_t *)"", 0);
	run(&nat);
	_exit(EXIT_SUCCESS);
}

static int usage(FILE *out, int status)
{
	fputs("usage: qswitch-nat nat|host NET MAC [KEY=VALUE...]\n"
	      "Not for use by hand: qswitchd starts it for its ports nat: and "
	      "host:, with\nthree sockets. See qswitch-nat(8).\n",
	    out);
	return status;
}

/* What qswitchd has checked is checked again: one of them may be older. */
static bool read_arguments(struct nat *nat, int argc, char *argv[], char *err)
{
	nat->host = strcmp(argv[1], "host") == 0;
	if (nat->host ? nat_spec_host(&nat->spec, argv[2], err)
		      : nat_spec_net(&nat->spec, argv[2], err))
		return false;
	if (!mac_parse(argv[3], nat->mac)) {
		snprintf(err, PORT_ERR, "%s: not a MAC address", argv[3]);
		return false;
	}
	for (int i = 4; i < argc; i++) {
		char *value = strchr(argv[i], '=');

		if (!value)
			continue;
		*value++ = '\0';
		if (nat_spec_set(&nat->spec, argv[i], value, err))
			return false;
	}
	return true;
}

static bool build(struct nat *nat, char *err)
{
	struct nat_spec *spec = &nat->spec;
	struct stack_owner owner = {nat, send_frame, mac_of};

	nat->board = (struct board){
	    .memory = NAT_FD_BOARD, .net = spec->net, .size = ~spec->mask + 1};
	if (!board_open(&nat->board, spec->leases, err))
		return false;
	nat->wire = wire_new(NAT_FD_WIRE, nat->host);
	nat->dhcp = spec->dhcp ? dhcp_new(spec, nat->mac) : NULL;
	if (!nat->wire || (spec->dhcp && !nat->dhcp)) {
		strlcpy(err, "out of memory", PORT_ERR);
		return false;
	}
	if (nat->dhcp)
		board_restore(&nat->board, nat->dhcp);
	if (nat->host)
		return true;
	nat->stack = stack_new(spec, &owner, err);
	for (int i = 0; nat->stack && i < spec->n_forwards; i++)
		add_forward(nat, &spec->forwards[i]);
	return nat->stack;
}

/* One that does not work is no reason not to work at all: qswitchd decides. */
static void add_forward(struct nat *nat, const struct nat_forward *f)
{
	char text[NAT_FORWARD_TEXT], err[PORT_ERR];

	nat_forward_text(f, text);
	if (stack_forward(nat->stack, f, true, err))
		say("refused %s %s", text, err);
	else
		say("ok %s", text);
}

static bool confine(char *err)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	if (confine_privileges() && confine_calls())
		return true;
	snprintf(
	    err, PORT_ERR, "cannot give up privileges: %s", strerror(errno));
	return false;
}

/* If qswitchd does not listen, the word is lost; it asks nobody to wait. */
static void say(const char *fmt, ...)
{
	char text[NAT_WORD];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	send(NAT_FD_CONTROL, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void run(struct nat *nat)
{
	struct polls *polls = &nat->polls;

	while (wire_flush(nat->wire)) {
		polls->n = 0;
		polls->timeout_ms = -1;
		int wire = polls_add(polls, NAT_FD_WIRE,
		    wire_wants_room(nat->wire) ? POLLIN | POLLOUT : POLLIN);
		int control = polls_add(polls, NAT_FD_CONTROL, POLLIN);
		if (wire < 0 || control < 0)
			return;
		if (nat->stack)
			stack_before(nat->stack, polls);
		if (poll(polls->fds, (nfds_t)polls->n, polls->timeout_ms) < 0 &&
		    errno != EINTR)
			return;
		if (polls->fds[control].revents && !carry_out(nat))
			return;
		if (nat->stack)
			stack_after(nat->stack, polls);
		/* last: a socket that this closes is in polls no more */
		if (polls->fds[wire].revents & (POLLIN | POLLHUP | POLLERR) &&
		    !wire_read(nat->wire, on_frame, nat))
			return;
	}
}

/* A word of qswitchd's. Return: false when it has gone. */
static bool carry_out(struct nat *nat)
{
	char text[NAT_WORD];
	ssize_t n = recv(NAT_FD_CONTROL, text, sizeof(text) - 1, MSG_DONTWAIT);

	if (n <= 0)
		return n < 0 && errno == EAGAIN;
	text[n] = '\0';
	if (nat->stack && strncmp(text, "add ", 4) == 0)
		change_forward(nat, text + 4, true);
	else if (nat->stack && strncmp(text, "del ", 4) == 0)
		change_forward(nat, text + 4, false);
	return true;
}

static void change_forward(struct nat *nat, const char *text, bool add)
{
	char err[PORT_ERR];
	struct nat_forward f;

	if (nat_spec_forward(&nat->spec, text, &f, err))
		return; /* which qswitchd has checked */
	if (add)
		add_forward(nat, &f);
	else
		stack_forward(nat->stack, &f, false, err);
}

static void on_frame(void *arg, const uint8_t *frame, size_t len)
{
	struct nat *nat = arg;

	if (!on_dhcp(nat, frame, len) && nat->stack)
		stack_input(nat->stack, frame, len);
}

/* Return: false if the frame is not for our DHCP server. */
static bool on_dhcp(struct nat *nat, const uint8_t *frame, size_t len)
{
	uint8_t reply[DHCP_FRAME_MAX];
	struct dhcp_changes changed;

	if (!nat->dhcp || !dhcp_message_is(frame, len))
		return false;
	size_t size = dhcp_answer(
	    nat->dhcp, frame, len, (uint64_t)time(NULL), reply, &changed);
	for (int i = 0; i < changed.n; i++)
		board_write(&nat->board, changed.leases[i]);
	if (size)
		wire_send(nat->wire, reply, size);
	return true;
}

static void send_frame(void *arg, const uint8_t *frame, size_t len)
{
	struct nat *nat = arg;

	wire_send(nat->wire, frame, len);
}

static const uint8_t *mac_of(void *arg, uint32_t ip)
{
	const struct nat *nat = arg;
	const struct lease *lease =
	    nat->dhcp ? dhcp_of_address(nat->dhcp, ip) : NULL;

	return lease && lease->until_s > (uint64_t)time(NULL) ? lease->mac
							      : NULL;
}
