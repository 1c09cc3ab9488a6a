/* SPDX-License-Identifier: BSD-2-Clause */
/* socket_path.h - where the control socket of a switch is. */
#ifndef SWITCH_PROTOCOL_SOCKET_PATH_H
#define SWITCH_PROTOCOL_SOCKET_PATH_H

enum { SOCKET_PATH = 108 }; /* bytes of a path, NUL counted: sun_path */

#define DEFAULT_SWITCH "qswitch" /* its name without --name */

/**
 * socket_path() - path of the control socket of the switch @name
 * @path: SOCKET_PATH bytes; a longer path is cut off
 *
 * /run/qswitch/NAME.sock for root, else $XDG_RUNTIME_DIR/qswitch/NAME.sock,
 * else /tmp/qswitch-UID/NAME.sock. Daemon and clients agree on the path only
 * while they run as the same user with the same environment.
 */
void socket_path(const char *name, char path[SOCKET_PATH]);

#endif
