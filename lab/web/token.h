/* SPDX-License-Identifier: BSD-2-Clause */
/* token.h - the secret that a client has to know. */
#ifndef LAB_WEB_TOKEN_H
#define LAB_WEB_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

enum {
	TOKEN_MIN = 16,	  /* characters */
	TOKEN_MAX = 128,  /* characters */
	TOKEN_ERR = 1024, /* bytes of a sentence */
};

/** token_make() - a new random token of 32 characters, and a NUL */
void token_make(char token[static TOKEN_MAX + 1]);

/**
 * token_from_file() - read the token that is in @path
 * @err: TOKEN_ERR bytes, set to a sentence on failure
 *
 * Creates the file, for its owner alone, with a new token if there is none.
 *
 * Return: 0, or -1: no token, or a file that everybody may read.
 */
int token_from_file(
    const char *path, char token[static TOKEN_MAX + 1], char *err);

/**
 * token_is_shown() - does a request show @token?
 * @authorization: the value of its header Authorization; NULL: none
 * @query:         the value of "token" in its query; NULL: none
 *
 * Takes the same time whatever part of the token is right.
 */
bool token_is_shown(
    const char *token, const char *authorization, const char *query);

#endif
