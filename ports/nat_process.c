/* SPDX-License-Identifier: BSD-2-Clause */
/* nat_process.c - qswitch-nat as qswitchd sees it: see nat_process.h. */
#include "nat_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bsd/string.h>

#include "forwarding/mac.h"

#include "kind.h"
#include "nat_launch.h"
#include "nat_probe.h"

enum {
	WAIT_MS = 5000, /* for "ready", at the start of qswitchd */
	WORDS_MAX = 64, /* of CONTROL that are read at once */
};

struct forward {
	struct nat_forward what;
	char refusal[PORT_ERR]; /* why it does not work, or "" */
};

struct nat_process {
	struct nat_spec spec;
	struct port_spec options;
	bool host;
	char net[INET_ADDRSTRLEN + 4];
	int board;	    /* memory of the leases */
	int control, pidfd; /* -1: it does not run */
	pid_t pid;
	char said[PORT_ERR]; /* why it has failed, or "" */
	bool ready;
	int n_forwards;
	struct forward forwards[NAT_FORWARDS];
};

static int read_options(struct nat_process *nat, char *err);
static bool host_forward(
    const struct nat_process *nat, const struct port_option *o);
static int make_board(struct nat_process *nat, char *err);
static void write_words(const struct nat_process *nat,
    const uint8_t mac[ETH_ADDR], struct nat_launch *launch);
static void forget_words(struct nat_process *nat);
static int wait_ready(struct nat_process *nat, char *err);
static int check_forwards(const struct nat_process *nat, char *err);
static void listen_to(struct nat_process *nat);
static void take_word(struct nat_process *nat, char *text);
static int read_host_end(
    const struct nat_process *nat, const char *text, struct nat_forward *f);
static struct forward *find(
    struct nat_process *nat, const struct nat_forward *f);
static struct forward *find_text(struct nat_process *nat, const char *text);
static int add_forward(
    struct nat_process *nat, const struct nat_forward *f, char *err);
static int del_forward(
    struct nat_process *nat, const struct nat_forward *f, char *err);
static void send_word(
    struct nat_process *nat, const char *verb, const struct nat_forward *f);

struct nat_process *nat_new(
    const struct port_spec *spec, bool host, const char *net, char *err)
{
	struct nat_process *nat = calloc(1, sizeof(*nat));

	if (!nat) {
		port_refuse(err, 0, "out of memory");
		errno = ENOMEM;
		return NULL;
	}
	nat->options = *spec;
	nat->host = host;
	nat->board = nat->control = nat->pidfd = -1;
	strlcpy(nat->net, *net ? net : NAT_NET_DEFAULT, sizeof(nat->net));
	int result = host ? nat_spec_host(&nat->spec, net, err)
			  : nat_spec_net(&nat->spec, net, err);
	if (!result)
		result = read_options(nat, err);
	if (!result)
		result = make_board(nat, err);
	if (!result)
		return nat;
	nat_free(nat);
	errno = -result;
	return NULL;
}

void nat_free(struct nat_process *nat)
{
	if (!nat)
		return;
	nat_stop(nat);
	if (nat->board >= 0)
		close(nat->board);
	free(nat);
}

const struct nat_spec *nat_of(const struct nat_process *nat)
{
	return &nat->spec;
}

int nat_start(struct nat_process *nat, int wire, const uint8_t mac[ETH_ADDR],
    bool wait, char *err)
{
	struct nat_launch *launch = nat_launch_new(err);
	int pair[2];
	pid_t pid;

	nat_stop(nat);
	if (!launch)
		return -ENOENT;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) {
		free(launch);
		return port_refuse(err, -errno,
		    "cannot make sockets for qswitch-nat: %s", strerror(errno));
	}
	write_words(nat, mac, launch);
	forget_words(nat);
	launch->fds[0] = wire;
	launch->fds[1] = pair[1];
	launch->fds[2] = nat->board;
	pid = nat_launch_run(launch, &nat->pidfd, err);
	close(pair[1]);
	free(launch);
	nat->control = pair[0];
	nat->pid = pid < 0 ? 0 : pid;
	int result = pid < 0 ? pid : 0;
	if (!result && wait)
		result = wait_ready(nat, err);
	if (result)
		nat_stop(nat);
	return result;
}

/* libev reaps it, so the number may be another's by now: the descriptor is
 * not. Without one (Linux 5.3), the end of CONTROL ends it. */
void nat_stop(struct nat_process *nat)
{
	if (nat->pidfd >= 0) {
		syscall(SYS_pidfd_send_signal, nat->pidfd, SIGKILL, NULL, 0);
		close(nat->pidfd);
	}
	if (nat->control >= 0)
		close(nat->control);
	nat->pidfd = nat->control = -1;
	nat->pid = 0;
	nat->ready = false;
}

const char *nat_gone(struct nat_process *nat)
{
	listen_to(nat);
	if (!*nat->said)
		strlcpy(nat->said,
		    "qswitch-nat has ended: it will be started again",
		    sizeof(nat->said));
	return nat->said;
}

bool nat_ready(struct nat_process *nat)
{
	listen_to(nat);
	return nat->ready;
}

bool nat_runs(struct nat_process *nat)
{
	char byte;

	listen_to(nat);
	return nat->control >= 0 &&
	       recv(nat->control, &byte, 1, MSG_PEEK | MSG_DONTWAIT) != 0;
}

int nat_pid(const struct nat_process *nat)
{
	return nat->pid;
}

int nat_forward(struct nat_process *nat, const char *text, bool add, char *err)
{
	struct nat_forward f;
	int result;

	if (nat->host)
		return port_refuse(err, -EINVAL,
		    "a host-only network has no forwards: the host reaches its "
		    "guests directly");
	result = nat_spec_forward(&nat->spec, text, &f, err);
	if (result && !add)
		result = read_host_end(nat, text, &f);
	if (result)
		return result;
	listen_to(nat);
	return add ? add_forward(nat, &f, err) : del_forward(nat, &f, err);
}

void nat_forwards(struct nat_process *nat,
    void (*emit)(const char *forward, const char *refusal, void *arg),
    void *arg)
{
	char text[NAT_FORWARD_TEXT];

	listen_to(nat);
	for (int i = 0; i < nat->n_forwards; i++)
		emit(nat_forward_text(&nat->forwards[i].what, text),
		    nat->forwards[i].refusal, arg);
}

bool nat_lease_at(
    const struct nat_process *nat, uint32_t ip, struct lease *lease)
{
	uint32_t at = ip - nat->spec.net;
	char line[LEASE_LINE];

	return at <= ~nat->spec.mask &&
	       pread(nat->board, line, sizeof(line), (off_t)at * LEASE_LINE) ==
		   LEASE_LINE &&
	       lease_read(line, lease) && !mac_is_zero(lease->mac) &&
	       lease->ip == ip;
}

uint32_t nat_leases(const struct nat_process *nat, uint32_t from, uint32_t n,
    void (*emit)(const struct lease *lease, void *arg), void *arg)
{
	uint32_t size = ~nat->spec.mask + 1;
	struct lease lease;

	for (; from < size && n > 0; from++, n--)
		if (nat_lease_at(nat, nat->spec.net + from, &lease))
			emit(&lease, arg);
	return from < size ? from : 0;
}

static int read_options(struct nat_process *nat, char *err)
{
	for (int i = 0; i < nat->options.n_options; i++) {
		const struct port_option *o = &nat->options.options[i];

		if (host_forward(nat, o))
			continue;
		if (nat_spec_set(&nat->spec, o->key, o->value, err))
			return -EINVAL;
	}
	if (*nat->spec.leases && nat->options.on_request)
		return port_refuse(err, -EPERM,
		    "leases=%s: a file can be named only when qswitchd starts",
		    nat->spec.leases);
	for (int i = 0; i < nat->spec.n_forwards; i++) {
		int result =
		    nat_probe(&nat->spec, &nat->spec.forwards[i], false, err);
		if (result)
			return result;
		nat->forwards[nat->n_forwards++].what = nat->spec.forwards[i];
	}
	return 0;
}

/* forward=yes of a host-only network is for the interface. */
static bool host_forward(
    const struct nat_process *nat, const struct port_option *o)
{
	return nat->host && strcmp(o->key, "forward") == 0;
}

/* Sealed: qswitch-nat can write into it, not change its size. */
static int make_board(struct nat_process *nat, char *err)
{
	off_t size = ((off_t)~nat->spec.mask + 1) * LEASE_LINE;

	nat->board =
	    memfd_create("qswitch-leases", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (nat->board >= 0 && ftruncate(nat->board, size) == 0 &&
	    fcntl(nat->board, F_ADD_SEALS,
		F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0)
		return 0;
	return port_refuse(
	    err, -errno, "cannot make memory for leases: %s", strerror(errno));
}

static void write_words(const struct nat_process *nat,
    const uint8_t mac[ETH_ADDR], struct nat_launch *launch)
{
	char text[NAT_FORWARD_TEXT];

	nat_launch_word(launch, "qswitch-nat");
	nat_launch_word(launch, nat->host ? "host" : "nat");
	nat_launch_word(launch, "%s", nat->net);
	nat_launch_word(launch, "%s", mac_format(mac, text));
	for (int i = 0; i < nat->options.n_options; i++) {
		const struct port_option *o = &nat->options.options[i];

		if (strcmp(o->key, "forward") != 0)
			nat_launch_word(launch, "%s=%s", o->key, o->value);
	}
	for (int i = 0; i < nat->n_forwards; i++)
		nat_launch_word(launch, "forward=%s",
		    nat_forward_text(&nat->forwards[i].what, text));
}

/* What the last process has said is no longer so. */
static void forget_words(struct nat_process *nat)
{
	*nat->said = '\0';
	for (int i = 0; i < nat->n_forwards; i++)
		*nat->forwards[i].refusal = '\0';
}

static int wait_ready(struct nat_process *nat, char *err)
{
	struct pollfd poll_fd = {.fd = nat->control, .events = POLLIN};
	uint64_t until_ms = port_now_ms() + WAIT_MS;

	while (!nat->ready && !*nat->said) {
		uint64_t now_ms = port_now_ms();

		if (now_ms >= until_ms ||
		    poll(&poll_fd, 1, (int)(until_ms - now_ms)) == 0)
			return port_refuse(err, -ETIMEDOUT,
			    "qswitch-nat does not answer: try again");
		listen_to(nat);
		if (!nat->ready && poll_fd.revents & POLLHUP)
			return port_refuse(err, -EIO, "%s", nat_gone(nat));
	}
	if (!nat->ready)
		return port_refuse(err, -EIO, "%s", nat->said);
	return check_forwards(nat, err);
}

static int check_forwards(const struct nat_process *nat, char *err)
{
	for (int i = 0; i < nat->n_forwards; i++)
		if (*nat->forwards[i].refusal)
			return port_refuse(
			    err, -EADDRINUSE, "%s", nat->forwards[i].refusal);
	return 0;
}

static void listen_to(struct nat_process *nat)
{
	char text[NAT_WORD];

	for (int i = 0; i < WORDS_MAX && nat->control >= 0; i++) {
		ssize_t n =
		    recv(nat->control, text, sizeof(text) - 1, MSG_DONTWAIT);

		if (n <= 0)
			return;
		text[n] = '\0';
		take_word(nat, text);
	}
}

static void take_word(struct nat_process *nat, char *text)
{
	char *rest = text, *verb = strsep(&rest, " ");
	char *what = strsep(&rest, " ");
	struct forward *f = what ? find_text(nat, what) : NULL;

	if (strcmp(verb, "ready") == 0)
		nat->ready = true;
	else if (strcmp(verb, "failed") == 0 && what)
		snprintf(nat->said, sizeof(nat->said), "%s%s%s", what,
		    rest ? " " : "", rest ? rest : "");
	else if (strcmp(verb, "refused") == 0 && f)
		strlcpy(
		    f->refusal, rest ? rest : "refused", sizeof(f->refusal));
	else if (strcmp(verb, "ok") == 0 && f)
		*f->refusal = '\0';
	/* what it says is shown on terminals */
	for (char *c = nat->said; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	for (char *c = f ? f->refusal : nat->said; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
}

/* PROTO:ADDR:PORT alone: the host's port is what one gives back. */
static int read_host_end(
    const struct nat_process *nat, const char *text, struct nat_forward *f)
{
	char whole[NAT_FORWARD_TEXT], err[PORT_ERR];

	snprintf(whole, sizeof(whole), "%s:%s:1", text,
	    strchr(text, '[') ? "[::]" : "");
	return nat_spec_forward(&nat->spec, whole, f, err);
}

static struct forward *find(
    struct nat_process *nat, const struct nat_forward *f)
{
	for (int i = 0; i < nat->n_forwards; i++)
		if (nat_forward_same(f, &nat->forwards[i].what))
			return &nat->forwards[i];
	return NULL;
}

static struct forward *find_text(struct nat_process *nat, const char *text)
{
	struct nat_forward f;
	char err[PORT_ERR];

	return nat_spec_forward(&nat->spec, text, &f, err) ? NULL
							   : find(nat, &f);
}

static int add_forward(
    struct nat_process *nat, const struct nat_forward *f, char *err)
{
	char text[NAT_FORWARD_TEXT];

	if (find(nat, f))
		return port_refuse(err, -EEXIST,
		    "forward %s: another forward has this port of the host: "
		    "remove it first with \"nat forward del\"",
		    nat_forward_text(f, text));
	if (nat->n_forwards == NAT_FORWARDS)
		return port_refuse(err, -ENOSPC,
		    "all %d forwards are in use: remove one first",
		    NAT_FORWARDS);
	int result = nat_probe(&nat->spec, f, true, err);
	if (result)
		return result;
	nat->forwards[nat->n_forwards++] = (struct forward){.what = *f};
	send_word(nat, "add", f);
	return 0;
}

static int del_forward(
    struct nat_process *nat, const struct nat_forward *f, char *err)
{
	char text[NAT_FORWARD_TEXT];
	struct forward *found = find(nat, f);

	if (!found)
		return port_refuse(err, -ENOENT,
		    "forward %s: there is none: \"nat forward list\" shows "
		    "them",
		    nat_forward_text(f, text));
	send_word(nat, "del", &found->what);
	*found = nat->forwards[--nat->n_forwards];
	return 0;
}

/* Nothing lost if it does not run: its next start has all forwards. */
static void send_word(
    struct nat_process *nat, const char *verb, const struct nat_forward *f)
{
	char text[NAT_FORWARD_TEXT], word[NAT_WORD];
	int len = snprintf(
	    word, sizeof(word), "%s %s", verb, nat_forward_text(f, text));

	if (nat->control >= 0)
		send(nat->control, word, (size_t)len,
		    MSG_DONTWAIT | MSG_NOSIGNAL);
}
