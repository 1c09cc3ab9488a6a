/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log.h - sentences for the operator, on standard error or, as a daemon, to
 * syslog. Nothing is logged per frame.
 */
#ifndef SWITCH_LOG_H
#define SWITCH_LOG_H

#include <syslog.h>

/* @level: LOG_ERR..LOG_DEBUG, what to let through. @syslogging: see above. */
void log_open(const char *ident, int level, int syslogging);

void log_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
