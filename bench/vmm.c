/* SPDX-License-Identifier: BSD-2-Clause */
/* vmm.c - opens TAPs and sockets as QEMU does (see vmm.h). */
#include "vmm.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "clock.h"
#include "netns.h"

enum { UDP_PORT = 7200, RETRY_NS = 5000000 };

union address {
	struct sockaddr any;
	struct sockaddr_un un;
	struct sockaddr_in in;
};

/* VDE, version 3: one request, one answer. Afterwards the stream only has to
 * stay open. */
struct request {
	uint32_t magic, version, type;
	struct sockaddr_un own;
} __attribute__((packed));

static int hold_tap(struct subject *subject, int i);
static int configure_tap(int fd, const char *ifname);
static int give(struct subject *subject, int i, enum plug_kind kind, int fd);
static socklen_t own_address(
    const struct subject *subject, int i, union address *own);
static socklen_t local_address(union address *address, int port);
static socklen_t unix_address(union address *address, const char *path);
static int open_datagrams(
    struct subject *subject, int i, const union address *own, socklen_t len);
static int open_socket(struct subject *subject, int family, int type);
static int bind_socket(int fd, const union address *address, socklen_t len);
static int explain(struct subject *subject, int i, int result);
static int plug_stream(struct subject *subject, int i);
static int connect_stream(struct subject *subject, int i, int *fd);
static socklen_t switch_address(
    const struct subject *subject, int i, union address *there);
static int connect_in_time(
    struct subject *subject, int fd, const union address *to, socklen_t len);
static int plug_datagrams(struct subject *subject, int i);
static int plug_udp(struct subject *subject, int i);
static int plug_into_vde(struct subject *subject, int i);
static int ask_vde(int control, const union address *own, union address *there);

int vmm_prepare(struct subject *subject, int i)
{
	enum side side = subject_side(subject, i);
	union address own;
	int result = 0;

	if (side == SIDE_HELD)
		result = hold_tap(subject, i);
	if (side == SIDE_DGRAM || side == SIDE_UDP || side == SIDE_VDE) {
		socklen_t len = own_address(subject, i, &own);

		result = open_datagrams(subject, i, &own, len);
	}
	return subject->testbed.why[0] ? result : explain(subject, i, result);
}

int vmm_plug(struct subject *subject, int i)
{
	switch (subject_side(subject, i)) {
	case SIDE_STREAM:
	case SIDE_TCP:
		return explain(subject, i, plug_stream(subject, i));
	case SIDE_DGRAM:
		return explain(subject, i, plug_datagrams(subject, i));
	case SIDE_UDP:
		return explain(subject, i, plug_udp(subject, i));
	case SIDE_VDE:
		return explain(subject, i, plug_into_vde(subject, i));
	default:
		return 0;
	}
}

void vmm_path(const struct subject *subject, const char *name, int number,
    char path[VMM_PATH_MAX])
{
	const char *dir = subject->testbed.cell->dir;

	if (number)
		snprintf(path, VMM_PATH_MAX, "%s/%s%d", dir, name, number);
	else
		snprintf(path, VMM_PATH_MAX, "%s/%s", dir, name);
}

int vmm_udp_port(int i, bool of_switch)
{
	return UDP_PORT + 2 * i + of_switch;
}

/*
 * #syscalls openat ioctl
 */
static int hold_tap(struct subject *subject, int i)
{
	struct testbed *testbed = &subject->testbed;
	char ifname[IFNAMSIZ];
	int result = netns_enter(testbed->sw);

	if (result)
		return result;
	snprintf(ifname, sizeof(ifname), "p%d", i + 1);
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	result = fd < 0 ? -errno : configure_tap(fd, ifname);
	netns_enter(testbed->cell->home);
	if (!result)
		return give(subject, i, PLUG_TAP, fd);
	snprintf(testbed->why, sizeof(testbed->why), "cannot create TAP %s: %s",
	    ifname, strerror(-result));
	if (fd >= 0)
		close(fd);
	return result;
}

/* The guest's driver can finish checksums and cut TCP; its monitor therefore
 * asks for frames as they are. */
static int configure_tap(int fd, const char *ifname)
{
	struct ifreq request = {
	    .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR};

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", ifname);
	if (ioctl(fd, TUNSETIFF, &request) ||
	    ioctl(fd, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6))
		return -errno;
	return 0;
}

/* @fd belongs to the endpoint from now on. */
static int give(struct subject *subject, int i, enum plug_kind kind, int fd)
{
	struct plug *plug = plug_new(kind, fd);
	uint8_t mac[6];

	if (!plug)
		return -ENOMEM;
	testbed_mac(i, mac);
	endpoint_plug(&subject->endpoints[i], plug, mac);
	return 0;
}

static socklen_t own_address(
    const struct subject *subject, int i, union address *own)
{
	char path[VMM_PATH_MAX];

	if (subject_side(subject, i) == SIDE_UDP)
		return local_address(own, vmm_udp_port(i, false));
	vmm_path(subject, "c", i + 1, path);
	return unix_address(own, path);
}

static socklen_t local_address(union address *address, int port)
{
	*address =
	    (union address){.in = {.sin_family = AF_INET,
				.sin_port = htons((uint16_t)port),
				.sin_addr.s_addr = htonl(INADDR_LOOPBACK)}};
	return sizeof(address->in);
}

static socklen_t unix_address(union address *address, const char *path)
{
	*address = (union address){.un = {.sun_family = AF_UNIX}};
	snprintf(
	    address->un.sun_path, sizeof(address->un.sun_path), "%s", path);
	return sizeof(address->un);
}

static int open_datagrams(
    struct subject *subject, int i, const union address *own, socklen_t len)
{
	int fd = open_socket(subject, own->any.sa_family, SOCK_DGRAM);

	if (fd < 0)
		return fd;
	int result = bind_socket(fd, own, len);

	if (!result)
		return give(subject, i, PLUG_DGRAM, fd);
	close(fd);
	return result;
}

/* Opens it in the switch's namespace, which has its addresses and sets the
 * length of a unix socket's queue. */
static int open_socket(struct subject *subject, int family, int type)
{
	int result = netns_enter(subject->testbed.sw);

	if (result)
		return result;
	int fd = socket(family, type | SOCK_CLOEXEC, 0);

	result = fd < 0 ? -errno : 0;
	netns_enter(subject->testbed.cell->home);
	return result ? result : fd;
}

/* The socket of an earlier set-up is closed: its path can be reused. */
static int bind_socket(int fd, const union address *address, socklen_t len)
{
	if (address->any.sa_family == AF_UNIX)
		unlink(address->un.sun_path);
	return bind(fd, &address->any, len) ? -errno : 0;
}

static int explain(struct subject *subject, int i, int result)
{
	if (result)
		snprintf(subject->testbed.why, sizeof(subject->testbed.why),
		    "cannot plug in endpoint %d: %s", i + 1, strerror(-result));
	return result;
}

static int plug_stream(struct subject *subject, int i)
{
	int fd;
	int result = connect_stream(subject, i, &fd);

	return result ? result : give(subject, i, PLUG_STREAM, fd);
}

static int connect_stream(struct subject *subject, int i, int *fd)
{
	union address there;
	socklen_t len = switch_address(subject, i, &there);
	const int on = 1;

	*fd = open_socket(subject, there.any.sa_family, SOCK_STREAM);
	if (*fd < 0)
		return *fd;
	if (there.any.sa_family == AF_INET)
		setsockopt(*fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	int result = connect_in_time(subject, *fd, &there, len);

	if (result)
		close(*fd);
	return result;
}

static socklen_t switch_address(
    const struct subject *subject, int i, union address *there)
{
	char path[VMM_PATH_MAX];

	switch (subject_side(subject, i)) {
	case SIDE_UDP:
		return local_address(there, vmm_udp_port(i, true));
	case SIDE_TCP:
		return local_address(there, VMM_TCP_PORT);
	case SIDE_STREAM:
		vmm_path(subject, "vm.sock", 0, path);
		break;
	case SIDE_VDE:
		vmm_path(subject, "vde/ctl", 0, path);
		break;
	default:
		vmm_path(subject, "s", i + 1, path);
	}
	return unix_address(there, path);
}

/* Not every switch reports when it listens. */
static int connect_in_time(
    struct subject *subject, int fd, const union address *to, socklen_t len)
{
	uint64_t end_at_ns = clock_ns() + VMM_READY_MS * 1000000ULL;

	while (connect(fd, &to->any, len)) {
		if (errno == EINTR)
			continue;
		if (errno != ENOENT && errno != ECONNREFUSED)
			return -errno;
		if (clock_ns() > end_at_ns || !subject_alive(subject))
			return -ETIMEDOUT;
		clock_sleep_ns(RETRY_NS);
	}
	return 0;
}

/* Two sockets: a connected unix socket receives only from its peer, and the
 * switch may send from another; one that is not connected always seems to have
 * room. */
static int plug_datagrams(struct subject *subject, int i)
{
	union address there;
	socklen_t len = switch_address(subject, i, &there);
	int fd = open_socket(subject, AF_UNIX, SOCK_DGRAM);

	if (fd < 0)
		return fd;
	plug_send_by(subject->endpoints[i].plug, fd);
	return connect_in_time(subject, fd, &there, len);
}

static int plug_udp(struct subject *subject, int i)
{
	union address there;
	socklen_t len = switch_address(subject, i, &there);

	return connect_in_time(
	    subject, plug_fd(subject->endpoints[i].plug), &there, len);
}

static int plug_into_vde(struct subject *subject, int i)
{
	struct plug *plug = subject->endpoints[i].plug;
	union address own, there;
	int control;

	own_address(subject, i, &own);
	int result = connect_stream(subject, i, &control);

	if (result)
		return result;
	plug_keep(plug, control);
	result = ask_vde(control, &own, &there);
	if (result)
		return result;
	return connect_in_time(
	    subject, plug_fd(plug), &there, sizeof(there.un));
}

static int ask_vde(int control, const union address *own, union address *there)
{
	const struct request request = {
	    .magic = 0xfeedface, .version = 3, .own = own->un};
	const struct timeval wait = {.tv_sec = VMM_READY_MS / 1000};

	setsockopt(control, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	if (send(control, &request, sizeof(request), MSG_NOSIGNAL) < 0)
		return -errno;
	ssize_t n = recv(control, &there->un, sizeof(there->un), MSG_WAITALL);

	if (n < 0)
		return -errno;
	return n == sizeof(there->un) ? 0 : -ECONNREFUSED;
}
