/* SPDX-License-Identifier: BSD-2-Clause */
/* board.c - where leases are kept: see board.h. */
#include "board.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ports/lease.h"
#include "ports/spec.h"

#include "dhcp.h"

static void restore_from(const struct board *board, int fd, struct dhcp *dhcp);
static void write_to(const struct board *board, int fd, uint32_t at,
    const char line[LEASE_LINE]);

bool board_open(struct board *board, const char *path, char *err)
{
	struct stat st;

	board->file = -1;
	if (!*path)
		return true;
	board->file = open(
	    path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0644);
	if (board->file >= 0 && fstat(board->file, &st) == 0 &&
	    S_ISREG(st.st_mode))
		return true;
	snprintf(err, PORT_ERR,
	    "leases=%s: cannot open this file: %s; choose another path", path,
	    board->file < 0 ? strerror(errno) : "it is not a regular file");
	return false;
}

void board_restore(const struct board *board, struct dhcp *dhcp)
{
	restore_from(board, board->memory, dhcp);
	restore_from(board, board->file, dhcp);
	/* so that each holds what the other had */
	for (uint32_t i = 0; i < board->size; i++) {
		const struct lease *lease =
		    dhcp_of_address(dhcp, board->net + i);

		if (lease)
			board_write(board, lease);
	}
}

void board_write(const struct board *board, const struct lease *lease)
{
	char line[LEASE_LINE];
	uint32_t at = lease->ip - board->net;

	lease_write(lease, line);
	write_to(board, board->memory, at, line);
	write_to(board, board->file, at, line);
}

static void restore_from(const struct board *board, int fd, struct dhcp *dhcp)
{
	char line[LEASE_LINE];
	struct lease lease;

	for (uint32_t i = 0; fd >= 0 && i < board->size; i++) {
		if (pread(fd, line, sizeof(line), (off_t)i * LEASE_LINE) !=
		    LEASE_LINE)
			break;
		if (lease_read(line, &lease))
			dhcp_restore(dhcp, &lease);
	}
}

/* A full disk loses a line; the memory has it still. */
static void write_to(
    const struct board *board, int fd, uint32_t at, const char line[LEASE_LINE])
{
	if (fd >= 0 && at < board->size)
		(void)!pwrite(fd, line, LEASE_LINE, (off_t)at * LEASE_LINE);
}
