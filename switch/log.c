/* SPDX-License-Identifier: BSD-2-Clause */
/* log.c - sentences for the operator: see log.h. */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>

static struct {
	const char *ident;
	int level;
	bool to_syslog;
} self = {"qswitchd", LOG_INFO, false};

static void log_v(int level, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));

#define LOG_AT(level)                  \
	do {                           \
		va_list ap;            \
		va_start(ap, fmt);     \
		log_v(level, fmt, ap); \
		va_end(ap);            \
	} while (0)

void log_open(const char *ident, int level, bool to_syslog)
{
	self.ident = ident;
	self.level = level;
	self.to_syslog = to_syslog;
	if (to_syslog)
		openlog(ident, LOG_PID, LOG_DAEMON);
}

void log_error(const char *fmt, ...)
{
	LOG_AT(LOG_ERR);
}

void log_warn(const char *fmt, ...)
{
	LOG_AT(LOG_WARNING);
}

void log_info(const char *fmt, ...)
{
	LOG_AT(LOG_INFO);
}

void log_debug(const char *fmt, ...)
{
	LOG_AT(LOG_DEBUG);
}

static void log_v(int level, const char *fmt, va_list ap)
{
	char line[1024];

	if (level > self.level)
		return;
	vsnprintf(line, sizeof(line), fmt, ap);
	if (self.to_syslog)
		syslog(level, "%s", line);
	else
		fprintf(stderr, "%s: %s\n", self.ident, line);
}
