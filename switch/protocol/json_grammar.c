/* SPDX-License-Identifier: BSD-2-Clause */
/* json_grammar.c - what is not JSON (RFC 8259): see json_grammar.h. */
#include "json_grammar.h"

#include <stdbool.h>
#include <string.h>

/* A part of the text that has not been looked at. */
struct rest {
	const char *at, *end;
};

static const char *skip_string(struct rest *r);
static const char *skip_word(struct rest *r);
static bool is_number(const char *at, const char *end);
static size_t digits(const char *at, const char *end);
static bool is_among(char c, const char *set);

const char *json_strange(const char *text, size_t len)
{
	struct rest r = {text, text + len};
	const char *wrong = NULL;

	while (!wrong && r.at < r.end) {
		if (*r.at == '"')
			wrong = skip_string(&r);
		else if (is_among(*r.at, "{}[]:, \t\r\n"))
			r.at++;
		else
			wrong = skip_word(&r);
	}
	return wrong;
}

/* One that has no end is left to the parser. */
static const char *skip_string(struct rest *r)
{
	for (r->at++; r->at < r->end && *r->at != '"'; r->at++) {
		if ((unsigned char)*r->at < ' ')
			return "interrupted by a control character in a string";
		if (*r->at == '\\' && r->at + 1 < r->end)
			r->at++;
	}
	r->at += r->at < r->end;
	return NULL;
}

/* The parser finds what is neither a word of JSON nor begins a number. */
static const char *skip_word(struct rest *r)
{
	const char *from = r->at;

	if (*from == '\'')
		return "quoted by ': use \"";
	while (r->at < r->end && !is_among(*r->at, "{}[]:, \t\r\n\"'"))
		r->at++;
	if (is_among(*from, "NI") ||
	    (r->end - from > 1 && *from == '-' && is_among(from[1], "NI")))
		return "wrong: JSON has no NaN and no Infinity";
	if (is_among(*from, "-0123456789") && !is_number(from, r->at))
		return "wrong: a number is written as 0, -12, 3.5 or 1e6";
	return NULL;
}

static bool is_number(const char *at, const char *end)
{
	at += *at == '-';
	size_t n = digits(at, end);
	if (n == 0 || (n > 1 && *at == '0'))
		return false;
	at += n;
	if (at < end && *at == '.') {
		n = digits(++at, end);
		if (n == 0)
			return false;
		at += n;
	}
	if (at < end && (*at == 'e' || *at == 'E')) {
		at++;
		at += at < end && (*at == '+' || *at == '-');
		n = digits(at, end);
		if (n == 0)
			return false;
		at += n;
	}
	return at == end;
}

static size_t digits(const char *at, const char *end)
{
	const char *from = at;

	while (at < end && *at >= '0' && *at <= '9')
		at++;
	return (size_t)(at - from);
}

static bool is_among(char c, const char *set)
{
	return c && strchr(set, c);
}
