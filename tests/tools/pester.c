/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pester.c - a hostile peer of a stream port.
 *
 *     pester bytes PATH HEX    send these bytes, wait until disconnected
 *     pester connects PATH N   connect N times and disconnect at once
 *     pester deaf PATH         connect and never read, until killed
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int reach(const char *path)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (strlen(path) >= sizeof(a.sun_path))
		errx(2, "%s: the path is too long for a UNIX socket", path);
	memcpy(a.sun_path, path, strlen(path));
	if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof(a)))
		err(1, "connect to %s", path);
	return fd;
}

static void send_bytes(int fd, const char *hex)
{
	char bytes[256];
	unsigned byte;
	size_t n = 0;

	for (; n < sizeof(bytes) && sscanf(hex, "%2x", &byte) == 1; hex += 2)
		bytes[n++] = (char)byte;
	if (send(fd, bytes, n, MSG_NOSIGNAL) != (ssize_t)n)
		err(1, "send");
	shutdown(fd, SHUT_WR);
}

int main(int argc, char *argv[])
{
	char waste[65536];

	if (argc < 3)
		errx(2, "usage: pester bytes|connects|deaf PATH [HEX|N]");
	if (strcmp(argv[1], "connects") == 0) {
		for (int n = argc > 3 ? atoi(argv[3]) : 1; n > 0; n--)
			close(reach(argv[2]));
		return 0;
	}
	int fd = reach(argv[2]);
	if (strcmp(argv[1], "bytes") == 0)
		send_bytes(fd, argc > 3 ? argv[3] : "");
	else
		for (;;)
			pause();
	while (recv(fd, waste, sizeof(waste), 0) > 0)
		;
	return 0;
}
