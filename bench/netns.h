/* SPDX-License-Identifier: BSD-2-Clause */
/* netns.h - network namespaces, each held as a descriptor. */
#ifndef BENCH_NETNS_H
#define BENCH_NETNS_H

/**
 * netns_new() - make a quiet network namespace, without IPv6
 * @home: the namespace to be in afterwards
 *
 * Return: a descriptor that the caller closes, inherited across exec() so that
 * ip(8) finds it in /proc/self/fd; or -errno.
 */
int netns_new(int home);

/**
 * netns_enter() - make @ns the calling thread's network namespace
 *
 * Return: 0 or -errno.
 */
int netns_enter(int ns);

#endif
