/* SPDX-License-Identifier: BSD-2-Clause */
/* config_read.c - reading values and making sentences: see config_read.h. */
#include "config_read.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bsd/stdlib.h>

int config_fail(char *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err, CONFIG_ERR, fmt, ap);
	va_end(ap);
	return -EINVAL;
}

bool config_number(const char *value, long long min, long long max, uint32_t *n)
{
	const char *problem;

	*n = (uint32_t)strtonum(value, min, max, &problem);
	return !problem;
}

char *config_next_item(char **rest)
{
	char *item = *rest, *from = item, *to = item;

	if (!item)
		return NULL;
	while (*from && *from != ',') {
		if (from[0] == '\\' && from[1] == ',')
			from++;
		*to++ = *from++;
	}
	*rest = *from ? from + 1 : NULL;
	*to = '\0';
	return item;
}

bool config_good_name(const char *name)
{
	if (!*name || *name == '.' || *name == '-')
		return false;
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && !strchr("._-:+@", *name))
			return false;
	return true;
}
