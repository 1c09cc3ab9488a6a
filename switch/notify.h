/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * notify.h - report our state to the service manager: the protocol of
 * sd_notify(3), one datagram to the socket that $NOTIFY_SOCKET names.
 */
#ifndef SWITCH_NOTIFY_H
#define SWITCH_NOTIFY_H

/**
 * notify_manager() - send @state ("READY=1") if there is a service manager
 *
 * Return: 0, also without a service manager; -errno if sending failed.
 * #syscalls socket sendto close
 */
int notify_manager(const char *state);

#endif
