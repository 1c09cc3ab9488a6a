/* SPDX-License-Identifier: BSD-2-Clause */
/* log.c - sentences for the operator: see log.h. */
#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "log_limit.h"
#include "log_sink.h"

static struct {
	const char *ident;
	int level;
	struct log_sink sink;
	struct log_limit limit;
	uint64_t lost; /* lines that the sink did not take, untold */
	bool full;     /* and may take soon */
} self = {.ident = "qswitchd",
    .level = LOG_INFO,
    .sink = {.way = SINK_POLL, .fd = 2}};

static void log_v(int level, const char *object, const char *fmt, va_list ap)
    __attribute__((format(printf, 3, 0)));
static uint64_t key_of(const char *fmt, const char *object);
static void put(int level, const char *line);
static bool tell_lost(void);
static uint64_t read_ms(void);

#define LOG_AT(level, object)                  \
	do {                                   \
		va_list ap;                    \
		va_start(ap, fmt);             \
		log_v(level, object, fmt, ap); \
		va_end(ap);                    \
	} while (0)

void log_open(const char *ident, int level, bool to_syslog)
{
	log_sink_close(&self.sink);
	self.ident = ident;
	self.level = level;
	if (to_syslog)
		log_sink_syslog(&self.sink, "/dev/log");
	else
		log_sink_stderr(&self.sink, STDERR_FILENO);
}

void log_error(const char *fmt, ...)
{
	LOG_AT(LOG_ERR, "");
}

void log_warn(const char *fmt, ...)
{
	LOG_AT(LOG_WARNING, "");
}

void log_info(const char *fmt, ...)
{
	LOG_AT(LOG_INFO, "");
}

void log_debug(const char *fmt, ...)
{
	LOG_AT(LOG_DEBUG, "");
}

void log_about(int level, const char *object, const char *fmt, ...)
{
	LOG_AT(level, object);
}

void log_always(const char *fmt, ...)
{
	char line[LOG_LINE];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	put(LOG_NOTICE, line);
}

bool log_waiting(void)
{
	return self.full || self.limit.holding;
}

void log_tick(void)
{
	struct log_held held;
	char line[LOG_LINE + 64];
	uint64_t now_ms = read_ms();

	if (!tell_lost())
		return;
	while (log_limit_take(&self.limit, now_ms, &held)) {
		snprintf(line, sizeof(line),
		    "%s (the last of %u more such lines)", held.last, held.n);
		put(held.level, held.n > 1 ? line : held.last);
	}
}

static void log_v(int level, const char *object, const char *fmt, va_list ap)
{
	char line[LOG_LINE];

	if (level > self.level)
		return;
	vsnprintf(line, sizeof(line), fmt, ap);
	if (log_waiting())
		log_tick();
	if (log_limit_pass(
		&self.limit, key_of(fmt, object), level, line, read_ms()))
		put(level, line);
}

/* FNV-1a over what kind of line it is and whom it is about. */
static uint64_t key_of(const char *fmt, const char *object)
{
	uint64_t key = UINT64_C(0xcbf29ce484222325) ^ (uintptr_t)fmt;

	for (; *object; object++)
		key = (key ^ (uint8_t)*object) * UINT64_C(0x100000001b3);
	return key;
}

static void put(int level, const char *line)
{
	int result = tell_lost()
			 ? log_sink_write(&self.sink, level, self.ident, line)
			 : -EAGAIN;

	if (!result)
		return;
	self.lost++;
	self.full = result == -EAGAIN;
}

/* Return: false while there is no room even for this. */
static bool tell_lost(void)
{
	char line[64];

	if (!self.lost)
		return true;
	snprintf(line, sizeof(line), "%llu lines of the log lost: no room",
	    (unsigned long long)self.lost);
	int result = log_sink_write(&self.sink, LOG_WARNING, self.ident, line);
	self.full = result == -EAGAIN;
	if (!result)
		self.lost = 0;
	return !result;
}

/* Real time: a clock of the lab that stands still does not hold the log. */
static uint64_t read_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}
