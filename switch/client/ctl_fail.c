/* SPDX-License-Identifier: BSD-2-Clause */
/* ctl_fail.c - what goes to standard error: see ctl.h. */
#include "ctl.h"

#include <stdarg.h>
#include <stdio.h>

int ctl_fail(int status, const char *fmt, ...)
{
	va_list args;

	fputs("qswitchctl: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	return status;
}
