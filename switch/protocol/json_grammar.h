/* SPDX-License-Identifier: BSD-2-Clause */
/* json_grammar.h - what json-c lets pass and JSON does not have. */
#ifndef SWITCH_PROTOCOL_JSON_GRAMMAR_H
#define SWITCH_PROTOCOL_JSON_GRAMMAR_H

#include <stddef.h>

/**
 * json_strange() - look for a word, number or string that is not JSON's
 * @text: @len bytes
 *
 * json-c in its strict mode still reads 'a' for "a", NaN, Infinity, -01, 1. and
 * control characters in strings. How the parts are put together is not checked
 * here: json-c does that.
 *
 * Return: what is strange, for a sentence: "quoted by '"; NULL: nothing.
 */
const char *json_strange(const char *text, size_t len);

#endif
