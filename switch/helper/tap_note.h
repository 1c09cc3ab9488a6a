/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tap_note.h - on each TAP that qswitch-bridge-helper makes, a note says for
 * whom: `ip link` shows it, and only CAP_NET_ADMIN can change it. (TUNSETOWNER
 * would be the guest's to change, who has the fd.)
 */
#ifndef SWITCH_HELPER_TAP_NOTE_H
#define SWITCH_HELPER_TAP_NOTE_H

#include <sys/types.h>

/**
 * tap_note() - note on the TAP @name that it is @uid's, and count @uid's TAPs
 * @have: those with the note in this network namespace, this one included
 *
 * Return: 0 or -errno.
 */
int tap_note(const char *name, uid_t uid, unsigned *have);

#endif
