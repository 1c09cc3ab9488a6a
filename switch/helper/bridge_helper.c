/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bridge_helper.c - qswitch-bridge-helper: gives an unprivileged QEMU a TAP
 * that is a port of a running switch. It takes the arguments, passes the fd and
 * reads the access list as qemu-bridge-helper does:
 *
 *     -netdev bridge,id=n,br=SWITCH,\
 *     helper=/usr/local/libexec/qswitch/qswitch-bridge-helper
 *
 *     QEMU             qswitch-bridge-helper               qswitchd
 *      | --fd, --br ------> |
 *      |                    | access list, as the caller
 *      |                    | ------ connect -----------------> |
 *      |                    | open /dev/net/tun
 *      |                    | give up root, keep CAP_NET_ADMIN
 *      |                    | make a TAP, with a note for whom
 *      |                    | count the caller's TAPs
 *      |                    | ------ port add vmtap:TAP ------> |
 *      | <---- TAP's fd --- |
 *
 * Installed setuid root. The access list is read with the caller's rights: what
 * a list grants is for those who may read it. The little that needs root
 * follows; then the process is the caller again, with CAP_NET_ADMIN and nothing
 * else. It reads no environment variable, lets no unchecked name into a path,
 * and uses only the C library.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "switch/protocol/standard_fds.h"

#include "bridge_acl.h"
#include "tap_note.h"

#ifndef QSWITCH_BRIDGE_CONF
#define QSWITCH_BRIDGE_CONF "/etc/qemu/bridge.conf"
#endif

enum { ATTACH_TRIES = 20, ATTACH_WAIT_MS = 100, ANSWER_S = 10, ANSWER = 2048 };

static const char limit_conf[] = "/etc/qswitch/bridge-helper.conf";

static void check_fd(int fd);
static unsigned read_limit(void);
static void check_acl_as_caller(const char name[ACL_NAME]);
static void check_acl(const char name[ACL_NAME]);
static const char *read_acl(struct acl *acl, const char *path);
static const char *read_file(
    const char *path, char text[ACL_FILE], size_t *len);
static void check_owner(int fd, const char *path);
static int connect_switch(const char *name);
static int open_tun(void);
static void drop_privileges(void);
static void make_tap(int fd, bool use_vnet, char name[IFNAMSIZ]);
static void raise_address(const char *name);
static void give_name(char name[IFNAMSIZ]);
static void check_quota(const char *name, unsigned limit);
static void attach(int fd, const char *tap);
static void ask(int fd, const char *line, char answer[ANSWER]);
static void pass_fd(int to, int fd);
static void die(const char *fmt, ...)
    __attribute__((noreturn, format(printf, 1, 2)));

int main(int argc, char *argv[])
{
	struct helper_args args;
	char tap[IFNAMSIZ];

	if (!standard_fds_open())
		return EXIT_FAILURE;
	const char *wrong = helper_args_parse(&args, argc, argv);
	if (wrong)
		die("%s", wrong);
	check_fd(args.fd);
	unsigned limit = read_limit();
	check_acl_as_caller(args.name);
	int control = connect_switch(args.name);
	int tun = open_tun();
	drop_privileges();
	make_tap(tun, args.use_vnet, tap);
	raise_address(tap);
	check_quota(tap, limit);
	give_name(tap);
	attach(control, tap);
	pass_fd(args.fd, tun);
	return 0;
}

/* --- is the caller allowed? ---------------------------------------------- */

static void check_fd(int fd)
{
	struct sockaddr_un a = {0};
	socklen_t len = sizeof(a);

	if (getsockname(fd, (struct sockaddr *)&a, &len) ||
	    a.sun_family != AF_UNIX)
		die("--fd=%d is not a unix socket", fd);
}

/* The limit is root's word: it holds for callers who cannot read it, too. */
static unsigned read_limit(void)
{
	static char text[ACL_FILE];
	unsigned limit = ACL_PORTS;
	size_t len;
	const char *wrong = read_file(limit_conf, text, &len);

	if (!wrong)
		wrong = ports_per_user_read(&limit, text, len);
	if (wrong)
		die("%s: %s", limit_conf, wrong);
	return limit;
}

/* The supplementary groups have been the caller's all the time.
 * #syscalls setresgid setresuid */
static void check_acl_as_caller(const char name[ACL_NAME])
{
	uid_t uid = geteuid();
	gid_t gid = getegid();

	if (setegid(getgid()) || seteuid(getuid()))
		die("cannot become the caller: %s", strerror(errno));
	check_acl(name);
	if (seteuid(uid) || setegid(gid))
		die("cannot become root again: %s", strerror(errno));
}

static void check_acl(const char name[ACL_NAME])
{
	struct acl acl = {.include = read_acl};

	memcpy(acl.name, name, sizeof(acl.name));
	const char *wrong = read_acl(&acl, QSWITCH_BRIDGE_CONF);
	if (wrong)
		die("%s: %s", QSWITCH_BRIDGE_CONF, wrong);
	if (!acl_allows(&acl))
		die("%s does not allow switch %s: root can add the line "
		    "\"allow %s\"%s",
		    QSWITCH_BRIDGE_CONF, name, name,
		    access(QSWITCH_BRIDGE_CONF, R_OK) && errno == EACCES
			? ", and let you read the file"
			: "");
}

/* Return: what is wrong, or NULL. Without a file nothing is allowed. */
static const char *read_acl(struct acl *acl, const char *path)
{
	static char text[ACL_DEPTH][ACL_FILE];
	size_t len;

	if (acl->depth == ACL_DEPTH)
		return "files include each other too deeply";
	char *buf = text[acl->depth++];
	const char *wrong = read_file(path, buf, &len);
	if (!wrong)
		wrong = acl_read(acl, buf, len);
	acl->depth--;
	return wrong;
}

/* A file that is absent or not for this user is an empty one. What fails for
 * another reason, which the caller may have caused (a limit of open files),
 * might have said deny. Return: what is wrong, or NULL. */
static const char *read_file(const char *path, char text[ACL_FILE], size_t *len)
{
	ssize_t n = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	*len = 0;
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR || errno == EACCES
			   ? NULL
			   : "a file cannot be read";
	check_owner(fd, path);
	while (
	    *len < ACL_FILE && (n = read(fd, text + *len, ACL_FILE - *len)) > 0)
		*len += (size_t)n;
	close(fd);
	return n < 0 || *len == ACL_FILE
		   ? "a file cannot be read or is too long"
		   : NULL;
}

/* A list that others can write to proves nothing. */
static void check_owner(int fd, const char *path)
{
	struct stat st;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		die("%s is not a regular file", path);
	if (st.st_uid != 0 || st.st_mode & 0002)
		die("%s must belong to root and not be writable by others: "
		    "run \"chown root\" and \"chmod o-w\" on it",
		    path);
}

/* --- what needs root ----------------------------------------------------- */

static int connect_switch(const char *name)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	struct timeval limit = {.tv_sec = ANSWER_S};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(a.sun_path, sizeof(a.sun_path), "/run/qswitch/%s.sock", name);
	if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof(a)))
		die("cannot reach switch %s at %s: %s%s", name, a.sun_path,
		    strerror(errno),
		    errno == EACCES || errno == EPERM
			? ": this program must be setuid root"
			: ": is qswitchd running?");
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	return fd;
}

static int open_tun(void)
{
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		die("cannot open /dev/net/tun: %s: is the tun module loaded?",
		    strerror(errno));
	return fd;
}

/* The caller again, with one capability. #syscalls prctl setresuid capset */
static void drop_privileges(void)
{
	struct __user_cap_header_struct head = {
	    .version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct caps[2] = {
	    {.effective = 1u << CAP_NET_ADMIN,
		.permitted = 1u << CAP_NET_ADMIN}};
	uid_t uid = getuid();
	gid_t gid = getgid();

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) || setresgid(gid, gid, gid) ||
	    setresuid(uid, uid, uid) || syscall(SYS_capset, &head, caps))
		die("cannot give up privileges: %s", strerror(errno));
}

/* --- a TAP, as a port ---------------------------------------------------- */

static void make_tap(int fd, bool use_vnet, char name[IFNAMSIZ])
{
	struct ifreq request = {.ifr_name = "qswitch%d"}; /* at first */
	unsigned features = 0;

	ioctl(fd, TUNGETFEATURES, &features);
	request.ifr_flags = IFF_TAP | IFF_NO_PI;
	if (use_vnet && features & IFF_VNET_HDR)
		request.ifr_flags |= IFF_VNET_HDR;
	if (ioctl(fd, TUNSETIFF, &request))
		die("cannot create a TAP: %s%s", strerror(errno),
		    errno == EPERM ? ": this program must be setuid root" : "");
	memcpy(name, request.ifr_name, IFNAMSIZ);
}

/* A high address, so that no bridge adopts it as its own. */
static void raise_address(const char *name)
{
	struct ifreq request = {0};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	memcpy(request.ifr_name, name, IFNAMSIZ);
	if (fd < 0 || ioctl(fd, SIOCGIFHWADDR, &request))
		die("cannot read the address of %s: %s", name, strerror(errno));
	request.ifr_hwaddr.sa_data[0] = (char)0xfe;
	if (ioctl(fd, SIOCSIFHWADDR, &request))
		die("cannot set the address of %s: %s", name, strerror(errno));
	close(fd);
}

/* The note is on the TAP before it is counted: of two helpers at the limit, both
 * may be refused, but never both be let in. Root needs no helper to have more. */
static void check_quota(const char *name, unsigned limit)
{
	unsigned have = 0;
	int result = tap_note(name, getuid(), &have);

	if (result)
		die("cannot count the TAPs of user %u: %s", getuid(),
		    strerror(-result));
	if (getuid() != 0 && have > limit)
		die("user %u has %u ports already, as many as one user may: "
		    "end a virtual machine, or let root write "
		    "\"ports-per-user N\" into %s",
		    getuid(), have - 1, limit_conf);
}

/* Only now that it has its note: udev heard of it at once, and no network manager
 * of the host may take it for its own (packaging/60-qswitch.rules). */
static void give_name(char name[IFNAMSIZ])
{
	struct ifreq request = {.ifr_newname = "tap%d"};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int ifindex = (int)if_nametoindex(name);

	memcpy(request.ifr_name, name, IFNAMSIZ);
	if (fd < 0 || ioctl(fd, SIOCSIFNAME, &request) ||
	    !if_indextoname((unsigned)ifindex, name))
		die("cannot rename %s: %s", name, strerror(errno));
	close(fd);
}

/* The port of a VM that has just ended may still have that name: try again
 * until it is gone. */
static void attach(int fd, const char *tap)
{
	struct timespec wait = {.tv_nsec = ATTACH_WAIT_MS * 1000000L};
	char line[128], answer[ANSWER];

	snprintf(line, sizeof(line),
	    "{\"cmd\":\"port add\",\"spec\":\"vmtap:%s,create=no,once=yes\"}\n",
	    tap);
	for (int i = 0; i < ATTACH_TRIES; i++) {
		ask(fd, line, answer);
		if (strncmp(answer, "{\"ok\":true", 10) == 0)
			return;
		if (!strstr(answer, "already"))
			break;
		nanosleep(&wait, NULL);
	}
	die("the switch refuses port %s: %s", tap, answer);
}

/* Sends one line and receives one. */
static void ask(int fd, const char *line, char answer[ANSWER])
{
	size_t len = strlen(line), have = 0;

	if (send(fd, line, len, MSG_NOSIGNAL) != (ssize_t)len)
		die("cannot send to the switch: %s", strerror(errno));
	while (have + 1 < ANSWER) {
		ssize_t n = recv(fd, answer + have, ANSWER - 1 - have, 0);

		if (n <= 0)
			die("the switch does not answer: %s",
			    n ? strerror(errno)
			      : "it has closed the connection");
		have += (size_t)n;
		answer[have] = 0;
		if (strchr(answer, '\n'))
			return;
	}
	die("the answer of the switch is too long");
}

static void pass_fd(int to, int fd)
{
	char zero = 0;
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(fd))] = {0};
	struct iovec iov = {&zero, 1};
	struct msghdr msg = {.msg_iov = &iov,
	    .msg_iovlen = 1,
	    .msg_control = control,
	    .msg_controllen = sizeof(control)};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(cmsg), &fd, sizeof(fd));
	if (sendmsg(to, &msg, MSG_NOSIGNAL) != 1)
		die("cannot pass the TAP to QEMU: %s", strerror(errno));
}

/* Says why on standard error. */
static void die(const char *fmt, ...)
{
	va_list args;

	fputs("qswitch-bridge-helper: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}
