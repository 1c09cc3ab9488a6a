/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * config_read.h - what config.c, config_port.c and config_stp.c share: reading
 * values and writing error sentences.
 */
#ifndef SWITCH_CONFIG_READ_H
#define SWITCH_CONFIG_READ_H

#include <stdbool.h>
#include <stdint.h>

#include "config.h"

enum { CONFIG_SPEC = 1024 }; /* bytes of a port's specification */

/** config_fail() - write a sentence to @err (CONFIG_ERR bytes); -EINVAL */
int config_fail(char *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/**
 * config_number() - read a decimal number from @min to @max into *@n
 *
 * Return: false if @value is anything else.
 */
bool config_number(
    const char *value, long long min, long long max, uint32_t *n);

/**
 * config_next_item() - split a list at its next comma
 * @rest: what is left of the list, which is written to; NULL at the end
 *
 * A comma behind a backslash belongs to the item: the name of an interface or
 * file may have one.
 *
 * Return: the item; NULL at the end.
 */
char *config_next_item(char **rest);

/**
 * config_good_name() - may @name go into paths, lists and commands?
 *
 * It may hold letters, digits and . _ - : + @, and begins with none of . and -
 */
bool config_good_name(const char *name);

/**
 * config_network_spec() - what --nat, --host-only and --network stand for
 * @option: the option's name
 * @value:  of the option, or NULL
 * @text:   CONFIG_SPEC bytes; gets the specification of a port
 *
 * Return: 0, or -EINVAL with a sentence in @err (CONFIG_ERR bytes).
 */
int config_network_spec(
    const char *option, const char *value, char *text, char *err);

/**
 * config_stp_read() - read one setting of the spanning tree
 *
 * Checks its own range only: config_stp_check() checks all timers together.
 *
 * Return: 0, or -EINVAL with a sentence in @err (CONFIG_ERR bytes).
 */
int config_stp_read(
    struct config_stp *stp, const char *key, const char *value, char *err);

/**
 * config_stp_check() - do the timers fit each other (802.1D-1998 8.10.2)?
 *
 * Return: 0, or -EINVAL with a sentence in @err (CONFIG_ERR bytes).
 */
int config_stp_check(const struct config_stp *stp, char *err);

#endif
