/* SPDX-License-Identifier: BSD-2-Clause */
/* socket_path.c - where the control socket of a switch is: see
 * socket_path.h. */
#include "socket_path.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void socket_path(const char *name, char path[SOCKET_PATH])
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");

	/* root of a user namespace may not be able to write to /run */
	if (geteuid() == 0 && access("/run", W_OK) == 0)
		snprintf(path, SOCKET_PATH, "/run/qswitch/%s.sock", name);
	else if (runtime && *runtime == '/')
		snprintf(
		    path, SOCKET_PATH, "%s/qswitch/%s.sock", runtime, name);
	else
		snprintf(path, SOCKET_PATH, "/tmp/qswitch-%u/%s.sock",
		    (unsigned)geteuid(), name);
}
