/* SPDX-License-Identifier: BSD-2-Clause */
/* token.c - the secret that a client has to know: see token.h. */
#include "token.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bsd/stdlib.h>
#include <bsd/string.h>

#define SCHEME "Bearer "
/* stands for itself in a URL (RFC 3986 2.3, "unreserved") and in a header */
#define PLAIN \
	"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._~"

static int create(const char *path, char *token, char *err);
static int take(int fd, const char *path, char *token, char *err);
static bool is_same(const char *token, const char *said);
static int fail(char *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

void token_make(char token[static TOKEN_MAX + 1])
{
	for (int i = 0; i < 4; i++)
		snprintf(token + (ptrdiff_t)i * 8, 9, "%08x", arc4random());
}

int token_from_file(
    const char *path, char token[static TOKEN_MAX + 1], char *err)
{
	/* a FIFO without a writer must not make us wait */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 && errno == ENOENT)
		return create(path, token, err);
	if (fd < 0)
		return fail(err, "cannot read the token in %s: %s", path,
		    strerror(errno));
	int result = take(fd, path, token, err);
	close(fd);
	return result;
}

static int create(const char *path, char *token, char *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return fail(err, "cannot create %s for a token: %s", path,
		    strerror(errno));
	token_make(token);
	int wrote = dprintf(fd, "%s\n", token);
	int error = errno;
	if (close(fd) == 0 && wrote == (int)strlen(token) + 1)
		return 0;
	unlink(path);
	return fail(
	    err, "cannot write a token to %s: %s", path, strerror(error));
}

static int take(int fd, const char *path, char *token, char *err)
{
	struct stat st;
	char text[TOKEN_MAX + 2] = "";

	if (fstat(fd, &st) == 0 && st.st_mode & S_IROTH)
		return fail(err,
		    "everybody may read the token in %s: chmod o-r it, or "
		    "name a new file",
		    path);
	if (read(fd, text, sizeof(text) - 1) < 0)
		return fail(err, "cannot read the token in %s: %s", path,
		    strerror(errno));
	text[strcspn(text, "\n")] = 0;
	size_t len = strlen(text);
	if (len < TOKEN_MIN || len > TOKEN_MAX || strspn(text, PLAIN) != len)
		return fail(err,
		    "%s has no token, which is %d to %d letters, digits and "
		    "- . _ ~: name a file that does not exist, and it is made",
		    path, TOKEN_MIN, TOKEN_MAX);
	strlcpy(token, text, TOKEN_MAX + 1);
	return 0;
}

bool token_is_shown(
    const char *token, const char *authorization, const char *query)
{
	size_t len = strlen(SCHEME);

	return (authorization && strncasecmp(authorization, SCHEME, len) == 0 &&
		   is_same(token, authorization + len)) ||
	       (query && is_same(token, query));
}

static bool is_same(const char *token, const char *said)
{
	size_t len = strlen(token);
	volatile unsigned char different = 0;

	if (strlen(said) != len)
		return false;
	for (size_t i = 0; i < len; i++)
		different |= (unsigned char)(token[i] ^ said[i]);
	return different == 0;
}

static int fail(char *err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(err, TOKEN_ERR, fmt, args);
	va_end(args);
	return -1;
}
