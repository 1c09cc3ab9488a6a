/* SPDX-License-Identifier: BSD-2-Clause */
/* script.h - read a topology script word by word (README.md). Errors in the
 * script end the program. */
#ifndef TESTS_STP_SCRIPT_H
#define TESTS_STP_SCRIPT_H

#include <stdbool.h>
#include <stdint.h>

enum { EXIT_SCRIPT = 2 }; /* the script cannot be read */

/** struct script - the place in a script that is read next */
struct script {
	const char *file;
	int line;
	const char *at; /* the rest of the line */
};

/** script_error() - print FILE:LINE: and the message, and exit EXIT_SCRIPT */
__attribute__((format(printf, 2, 3), noreturn)) void script_error(
    const struct script *script, const char *format, ...);

/** script_at_end() - skip spaces; whether the line ends here */
bool script_at_end(struct script *script);

/**
 * script_match() - take @token if it comes next
 *
 * A token that ends in a word character must end a word.
 */
bool script_match(struct script *script, const char *token);

/** script_at_number() - whether a number comes next */
bool script_at_number(struct script *script);

/**
 * script_number() - take a number, decimal or 0x hexadecimal
 * @what:  names it in errors
 *
 * Errors: no number comes next, or it is more than @max.
 */
uint64_t script_number(struct script *script, const char *what, uint64_t max);

/** script_word_char() - whether @c can be part of a word */
bool script_word_char(char c);

#endif
