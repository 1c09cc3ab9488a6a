/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * notify.h - tell a service manager how we are: the protocol of sd_notify(3),
 * one datagram to the socket that $NOTIFY_SOCKET names.
 */
#ifndef SWITCH_NOTIFY_H
#define SWITCH_NOTIFY_H

/**
 * notify_manager() - send @state ("READY=1") if somebody wants to know
 *
 * Return: 0, also when there is no manager; -errno when it could not be told.
 * #syscalls socket sendto close
 */
int notify_manager(const char *state);

#endif
