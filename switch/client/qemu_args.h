/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * qemu_args.h - the QEMU options that plug a virtual machine into a port. Pure.
 */
#ifndef SWITCH_CLIENT_QEMU_ARGS_H
#define SWITCH_CLIENT_QEMU_ARGS_H

#include <stdbool.h>
#include <stddef.h>

enum { QEMU_ARGS = 1024 };

struct qemu_target {
	const char *kind, *arg; /* of the port: "qemu", "/run/vm.sock" */
	const char *remote;	/* of dgram */
	bool connects;		/* qemu:...,connect=yes: QEMU must listen */
	int version;		/* of QEMU: 902 is 9.2 */
	const char *mac;	/* "52:54:00:12:34:57" */
	const char *queues;	/* of vmtap: "2"; "" or NULL: one */
};

/**
 * qemu_version() - "QEMU emulator version 9.2.1 ..." or "9.2" -> 902
 *
 * Return: 0 if @text is neither.
 */
int qemu_version(const char *text);

/**
 * qemu_args() - options for @target, ready to be pasted into a shell
 * @out: QEMU_ARGS bytes; the options, or a sentence when false is returned
 *
 * Return: false if QEMU of that version cannot plug into such a port.
 */
bool qemu_args(const struct qemu_target *target, char out[QEMU_ARGS]);

#endif
