/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * config_read.h - what config.c, config_port.c and config_stp.c share: the
 * reading of values and the making of sentences.
 */
#ifndef SWITCH_CONFIG_READ_H
#define SWITCH_CONFIG_READ_H

#include <stdbool.h>
#include <stdint.h>

#include "config.h"

/* Makes the sentence, CONFIG_ERR bytes. Return: -EINVAL. */
int config_fail(char *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* A decimal number from @min to @max into *@n. Return: false if it is not. */
bool config_number(
    const char *value, long long min, long long max, uint32_t *n);

/* Names go into paths, lists and commands: letters, digits and . _ - : + @ */
bool config_good_name(const char *name);

/* One setting of the spanning tree; how the timers fit each other is left to
 * config_stp_check(). Return: 0, or -EINVAL with a sentence. */
int config_stp_read(
    struct config_stp *stp, const char *key, const char *value, char *err);
int config_stp_check(const struct config_stp *stp, char *err);

#endif
