/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log.h - sentences for the operator, on standard error or, as a daemon, to
 * syslog. Nothing is logged per frame.
 */
#ifndef SWITCH_LOG_H
#define SWITCH_LOG_H

#include <stdbool.h>
#include <syslog.h>

/**
 * log_open() - log from now on under the name @ident
 * @level:      LOG_ERR..LOG_DEBUG of syslog(3): the least important to log
 * @to_syslog:  to syslog and not to standard error
 */
void log_open(const char *ident, int level, bool to_syslog);

/** log_error() - something failed; name the object and the remedy */
void log_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** log_warn() - something is not as it should be, but work goes on */
void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** log_info() - something that an operator wants to find in a log */
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** log_debug() - what helps to find a fault */
void log_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
