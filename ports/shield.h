/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * shield.h - keeps an interface's frames from the host's own stack, and the
 * host's from the interface. Packet sockets that hear everything and those that
 * speak past the queueing discipline, as ours do, are not concerned.
 *
 * Two programs at the hooks of traffic control (TCX, Linux 6.6) drop all. They
 * go with the process, however it ends.
 */
#ifndef PORTS_SHIELD_H
#define PORTS_SHIELD_H

struct shield;

/**
 * shield_new() - shield the interface @ifindex
 *
 * Return: NULL with errno set: EINVAL where the kernel is too old for it, EPERM
 * without CAP_BPF.
 * #syscalls bpf
 */
struct shield *shield_new(int ifindex);

/** shield_free() - end it; NULL is fine */
void shield_free(struct shield *shield);

#endif
