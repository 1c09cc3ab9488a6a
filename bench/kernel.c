/* SPDX-License-Identifier: BSD-2-Clause */
/* kernel.c - the kernel bridge, with veth pairs or with TAPs that the bench
 * holds as a virtual machine monitor would. */
#include "candidate.h"
#include "subject.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int open_tap(struct lab *lab, const char *ifname)
{
	struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
	int error = lab_enter(lab->sw);

	if (error)
		return error;
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", ifname);
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	if (fd < 0 || ioctl(fd, TUNSETIFF, &request))
		error = -errno;
	lab_enter(lab->cell->home);
	if (!error)
		return fd;
	snprintf(lab->why, sizeof(lab->why), "/dev/net/tun, %s: %s", ifname,
	    strerror(-error));
	if (fd >= 0)
		close(fd);
	return error;
}

static int hold_tap(struct subject *subject, int i)
{
	char ifname[IFNAMSIZ];
	uint8_t mac[6];

	snprintf(ifname, sizeof(ifname), "p%d", i + 1);
	int fd = open_tap(&subject->lab, ifname);

	if (fd < 0)
		return fd;
	lab_mac(i, mac);
	endpoint_hold(&subject->endpoints[i], fd, mac);
	return 0;
}

/* Receive packet steering lets the processor that takes a frame hand it to
 * another one; here to any. */
static int steer(struct subject *subject, int i)
{
	char file[64], mask[32];
	uint64_t bits = 0;

	for (int cpu = 0; cpu < 63; cpu++)
		if (CPU_ISSET(cpu, &subject->placement.device))
			bits |= 1ULL << cpu;
	snprintf(
	    file, sizeof(file), "class/net/p%d/queues/rx-0/rps_cpus", i + 1);
	/* Groups of 32 bits; a kernel for few processors takes one only. */
	if (bits >> 32)
		snprintf(mask, sizeof(mask), "%x,%08x", (uint32_t)(bits >> 32),
		    (uint32_t)bits);
	else
		snprintf(mask, sizeof(mask), "%x", (uint32_t)bits);
	return lab_write_sys(&subject->lab, subject->lab.sw, file, mask);
}

static int add_port(struct subject *subject, int i)
{
	struct lab *lab = &subject->lab;
	bool held = subject_side(subject, i) == SIDE_HELD;
	int error = held ? hold_tap(subject, i) : lab_veth(lab, i);

	if (!error)
		error =
		    lab_ip(lab, lab->sw, "link set p%d up master br0\n", i + 1);
	if (!error && strcmp(subject->contender->candidate->driver, "rps") == 0)
		error = steer(subject, i);
	return error;
}

int kernel_start(struct subject *subject)
{
	int error = lab_ip(&subject->lab, subject->lab.sw, "%s\n",
	    "link add br0 up type bridge stp_state 0 forward_delay 0 "
	    "mcast_snooping 0");

	for (int i = 0; i < subject->lab.nhosts && !error; i++)
		error = add_port(subject, i);
	return error;
}
