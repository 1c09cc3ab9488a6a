/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * standard_fds.h - descriptors 0 to 2, for every program of this project.
 *
 * A program may be started with some of them closed. The next file that it
 * opens would take their place: a socket that is read as standard input, a
 * pidfile into which the log is written. A header alone, so that each program
 * reaches it, also one that is linked with nothing.
 */
#ifndef SWITCH_PROTOCOL_STANDARD_FDS_H
#define SWITCH_PROTOCOL_STANDARD_FDS_H

#include <fcntl.h>
#include <stdbool.h>
#include <unistd.h>

/**
 * standard_fds_open() - put /dev/null where descriptors 0 to 2 are closed
 *
 * First thing in main(). Open for reading: standard input is at its end, and
 * what is written to the others fails, so that a program does not report
 * success for output that nobody gets.
 *
 * Return: false if it cannot, with nothing to say it on.
 */
static inline bool standard_fds_open(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	return fd >= 0 && close(fd) == 0;
}

#endif
