/* SPDX-License-Identifier: BSD-2-Clause */
/* nat_probe.c - can a port of the host lead to a guest? See nat_probe.h. */
#include "nat_probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kind.h"
#include "sock.h"

static bool is_loopback(const struct nat_forward *f);
static int try_as_helper(const struct nat_forward *f);
static int try_bind(const struct nat_forward *f);

int nat_probe(const struct nat_spec *spec, const struct nat_forward *f,
    bool running, char *err)
{
	char text[NAT_FORWARD_TEXT];
	const char *remedy = "";
	int error;

	nat_forward_text(f, text);
	if (f->udp && is_loopback(f) && !spec->loopback)
		return port_refuse(err, -EINVAL,
		    "forward %s: answers to the host's own address of loopback "
		    "need loopback=yes at the start: give another address of "
		    "the host, or that option",
		    text);
	error = running ? try_as_helper(f) : try_bind(f);
	if (error == EADDRINUSE)
		remedy = ": another program has this port of the host (ss "
			 "-lnptu shows which): choose another port";
	else if (error == EACCES && running)
		remedy = ": only the start of the port may take it: give "
			 "forward= there, or choose a port from 1024 on";
	else if (error == EACCES)
		remedy = ": choose a port from 1024 on";
	else if (error == EADDRNOTAVAIL)
		remedy = ": this host has no such address";
	return error ? port_refuse(err, -error, "forward %s: %s%s", text,
			   strerror(error), remedy)
		     : 0;
}

static bool is_loopback(const struct nat_forward *f)
{
	return f->v6
		   ? IN6_IS_ADDR_LOOPBACK(&f->host.in6.sin6_addr)
		   : ntohl(f->host.in.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

/* Without the capability that qswitch-nat has not either. */
static int try_as_helper(const struct nat_forward *f)
{
	struct __user_cap_header_struct head = {
	    .version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct have[2], less[2];
	bool lower = syscall(SYS_capget, &head, have) == 0;

	memcpy(less, have, sizeof(less));
	if (lower) {
		less[0].effective &= ~(1u << CAP_NET_BIND_SERVICE);
		lower = syscall(SYS_capset, &head, less) == 0;
	}
	int error = try_bind(f);
	if (lower)
		syscall(SYS_capset, &head, have);
	return error;
}

/* Return: 0 or a positive errno. */
static int try_bind(const struct nat_forward *f)
{
	int type = f->udp ? SOCK_DGRAM : SOCK_STREAM;
	int fd = socket(f->host.any.sa_family, type | SOCK_CLOEXEC, 0);
	int error = 0;

	if (fd < 0)
		return errno;
	if (!f->udp)
		sock_set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (f->v6)
		sock_set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	if (bind(fd, &f->host.any, nat_forward_size(f)) < 0 ||
	    (!f->udp && listen(fd, 1) < 0))
		error = errno;
	close(fd);
	return error;
}
