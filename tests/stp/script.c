/* SPDX-License-Identifier: BSD-2-Clause */
/* script.c - see script.h */
#include "script.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void skip_space(struct script *script);

__attribute__((format(printf, 2, 3), noreturn)) void script_error(
    const struct script *script, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s:%d: ", script->file, script->line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(EXIT_SCRIPT);
}

bool script_at_end(struct script *script)
{
	skip_space(script);
	return !*script->at;
}

bool script_match(struct script *script, const char *token)
{
	size_t len = strlen(token);

	skip_space(script);
	if (strncmp(script->at, token, len) != 0)
		return false;
	if (script_word_char(token[len - 1]) &&
	    script_word_char(script->at[len]))
		return false;
	script->at += len;
	return true;
}

bool script_at_number(struct script *script)
{
	skip_space(script);
	return isdigit((unsigned char)*script->at);
}

uint64_t script_number(struct script *script, const char *what, uint64_t max)
{
	uint64_t value = 0;
	bool hex = false;

	if (!script_at_number(script))
		script_error(script, "%s expected at \"%s\"", what, script->at);
	if (script->at[0] == '0' && (script->at[1] | 0x20) == 'x') {
		hex = true;
		script->at += 2;
		if (!isxdigit((unsigned char)*script->at))
			script_error(script, "digits expected after 0x");
	}
	for (; isalnum((unsigned char)*script->at); script->at++) {
		const char *digits = "0123456789abcdef";
		const char *digit = strchr(digits, tolower(*script->at));
		int base = hex ? 16 : 10;

		if (!digit || digit - digits >= base)
			script_error(script, "%s is not a number", what);
		value = value * base + (digit - digits);
		if (value > max)
			script_error(script, "%s is more than %llu", what,
			    (unsigned long long)max);
	}
	return value;
}

bool script_word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static void skip_space(struct script *script)
{
	while (isspace((unsigned char)*script->at))
		script->at++;
}
