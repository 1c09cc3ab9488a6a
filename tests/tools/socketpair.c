/* SPDX-License-Identifier: BSD-2-Clause */
/* socketpair.c - socketpair stream|dgram COMMAND...: runs COMMAND with a
 * connected pair of sockets as file descriptors 8 and 9. */
#include <err.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	int pair[2];

	if (argc < 3)
		errx(2, "usage: socketpair stream|dgram COMMAND...");
	int type = strcmp(argv[1], "dgram") != 0 ? SOCK_STREAM : SOCK_DGRAM;
	if (socketpair(AF_UNIX, type, 0, pair) || dup2(pair[0], 8) < 0 ||
	    dup2(pair[1], 9) < 0)
		err(1, "socketpair");
	close(pair[0]);
	close(pair[1]);
	execvp(argv[2], argv + 2);
	err(1, "run %s", argv[2]);
}
