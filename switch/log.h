/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log.h - sentences for the operator, on standard error or, as a daemon, to
 * syslog. Nothing is logged per frame.
 *
 * Never waits: a line for which there is no room is lost, and how many were is
 * told when there is room again (log_sink.h). A kind of line that comes too
 * often is held, and told with its number later (log_limit.h); a kind is a
 * format and, for log_about(), an object.
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

/**
 * log_about() - a line with a limit of its own for @object
 * @level:  of syslog(3)
 * @object: what a guest or peer cannot make up, such as a port's argument
 */
void log_about(int level, const char *object, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/** log_always() - a line whatever the level, and without limit */
void log_always(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** log_waiting() - is there something that log_tick() may tell soon? */
bool log_waiting(void);

/** log_tick() - tell what was held or lost; call it each second if waiting */
void log_tick(void);

#endif
