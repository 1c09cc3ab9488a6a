/* SPDX-License-Identifier: BSD-2-Clause */
/* testbed.c - namespaces and links (see testbed.h). ip(8) does the work: you
 * can type by hand what it does here. */
#include "testbed.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "netns.h"
#include "process.h"

static int write_as_seen(
    const char *dir, int ns, const char *file, const char *text);

int testbed_open(struct testbed *testbed, const struct cell *cell, int nhosts)
{
	*testbed = (struct testbed){.cell = cell, .nhosts = nhosts, .sw = -1};
	for (int i = 0; i < TESTBED_HOSTS_MAX; i++)
		testbed->hosts[i] = -1;
	testbed->sw = netns_new(cell->home);
	int result = testbed->sw < 0 ? testbed->sw
				     : testbed_ip(testbed, testbed->sw, "%s\n",
					   "link set lo up");
	for (int i = 0; i < nhosts && !result; i++) {
		testbed->hosts[i] = netns_new(cell->home);
		if (testbed->hosts[i] < 0)
			result = testbed->hosts[i];
	}
	if (result && !testbed->why[0])
		snprintf(testbed->why, sizeof(testbed->why),
		    "cannot create a network namespace: %s", strerror(-result));
	return result;
}

void testbed_close(struct testbed *testbed)
{
	for (int i = 0; i < TESTBED_HOSTS_MAX; i++) {
		if (testbed->hosts[i] >= 0)
			close(testbed->hosts[i]);
		testbed->hosts[i] = -1;
	}
	if (testbed->sw >= 0)
		close(testbed->sw);
	testbed->sw = -1;
}

int testbed_ip(struct testbed *testbed, int ns, const char *format, ...)
{
	const char *argv[] = {"ip", "-batch", "-", NULL};
	char batch[1024], output[TESTBED_WHY_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(batch, sizeof(batch), format, arguments);
	va_end(arguments);
	int status = process_filter(ns, argv, batch, output, sizeof(output));

	if (status == 0)
		return 0;
	batch[strcspn(batch, "\n")] = '\0';
	snprintf(testbed->why, sizeof(testbed->why), "ip %.80s: %.150s", batch,
	    status < 0 ? strerror(-status) : output);
	return status < 0 ? status : -EIO;
}

int testbed_veth(struct testbed *testbed, int i)
{
	int result = testbed_ip(testbed, testbed->sw,
	    "link add p%d up type veth peer name eth0 netns /proc/self/fd/%d\n",
	    i + 1, testbed->hosts[i]);

	return result ? result : testbed_host_up(testbed, i);
}

int testbed_move(struct testbed *testbed, int i)
{
	int result = testbed_ip(testbed, testbed->sw,
	    "link set p%d netns /proc/self/fd/%d\n", i + 1, testbed->hosts[i]);

	if (!result)
		result = testbed_ip(testbed, testbed->hosts[i],
		    "link set p%d down\nlink set p%d name eth0\n", i + 1,
		    i + 1);
	return result ? result : testbed_host_up(testbed, i);
}

int testbed_take_host(struct testbed *testbed, int i)
{
	int copy = fcntl(testbed->sw, F_DUPFD_CLOEXEC, 0);

	if (copy < 0) {
		snprintf(testbed->why, sizeof(testbed->why),
		    "cannot open a network namespace again: %s",
		    strerror(errno));
		return -EMFILE;
	}
	close(testbed->hosts[i]);
	testbed->hosts[i] = copy;
	return 0;
}

int testbed_host_up(struct testbed *testbed, int i)
{
	return testbed_ip(testbed, testbed->hosts[i],
	    "link set lo up\n"
	    "link set eth0 address 02:71:73:00:00:%02x\n"
	    "link set eth0 up\n"
	    "addr add 10.9.0.%d/24 dev eth0\n",
	    i + 1, i + 1);
}

/*
 * #syscalls ioctl
 */
int testbed_finish_checksums(struct testbed *testbed, int i)
{
	struct ethtool_value off = {.cmd = ETHTOOL_STXCSUM};
	struct ifreq request = {.ifr_name = "eth0", .ifr_data = (char *)&off};
	int result = netns_enter(testbed->hosts[i]);

	if (result)
		return result;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || ioctl(fd, SIOCETHTOOL, &request))
		result = -errno;
	if (fd >= 0)
		close(fd);
	netns_enter(testbed->cell->home);
	if (result)
		snprintf(testbed->why, sizeof(testbed->why),
		    "cannot turn off checksum offload of eth0: %s",
		    strerror(-result));
	return result;
}

int testbed_write_sys(
    struct testbed *testbed, int ns, const char *file, const char *text)
{
	char dir[80];
	int status = 0;

	snprintf(dir, sizeof(dir), "%s/sys", testbed->cell->dir);
	if (mkdir(dir, 0700) && errno != EEXIST)
		return -errno;
	pid_t child = fork();
	if (child == 0)
		_exit(write_as_seen(dir, ns, file, text));
	if (child < 0 || waitpid(child, &status, 0) < 0)
		return -errno;
	if (status == 0)
		return 0;
	snprintf(testbed->why, sizeof(testbed->why),
	    "cannot write /sys/%.100s: %s", file,
	    strerror(WEXITSTATUS(status)));
	return -WEXITSTATUS(status);
}

void testbed_mac(int i, uint8_t mac[6])
{
	const uint8_t bytes[6] = {0x02, 0x71, 0x73, 0, 0, (uint8_t)(i + 1)};

	memcpy(mac, bytes, sizeof(bytes));
}

/* sysfs shows the network namespace of the process that mounted it. */
static int write_as_seen(
    const char *dir, int ns, const char *file, const char *text)
{
	char path[256];

	if (netns_enter(ns) || unshare(CLONE_NEWNS) ||
	    mount("bench", dir, "sysfs", 0, NULL))
		return errno;
	snprintf(path, sizeof(path), "%s/%s", dir, file);
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		return errno;
	return 0;
}
