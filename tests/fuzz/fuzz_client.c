/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_client.c - what qswitchctl makes of the lines of a hostile daemon. The
 * first line of the input is a command line, the rest is what the daemon sends.
 * Whatever that is, the terminal gets text, without control characters.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <json-c/json.h>

#include "switch/client/answer.h"
#include "switch/client/ctl.h"
#include "switch/client/ctl_commands.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WORDS = 8, LONGEST = 8192 };

static int split(char *words, char *argv[WORDS]);
static void talk(struct ctl *ctl, int argc, char *argv[]);
static struct json_object *ask(struct ctl *ctl);
static bool is_text(const char *text);
static void check_output(const char *text, size_t size);

static int sockets[2]; /* for requests, which nobody reads */

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	unsetenv("HOME"); /* counters --since keeps no file then */
	unsetenv("XDG_STATE_HOME");
	setenv("TZ", "UTC", 1);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *input = strndup((const char *)data, size), *argv[WORDS];
	const uint8_t *lines = memchr(data, '\n', size);
	struct ctl ctl = {.connection = {.fd = -1}};
	int argc;

	input[strcspn(input, "\n")] = 0;
	argc = is_text(input) ? split(input, argv) : 0;
	if (argc && lines && size < LONGEST && !strstr(input, "-w") &&
	    socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) == 0) {
		size_t len = size - (size_t)(lines + 1 - data);
		ctl.connection.fd = sockets[0];
		ctl.connection.in =
		    len ? fmemopen((void *)(lines + 1), len, "r") : NULL;
		ctl.request = json_object_new_object();
		ctl.local = json_object_new_object();
		talk(&ctl, argc, argv);
		connection_close(&ctl.connection);
		json_object_put(ctl.request);
		json_object_put(ctl.local);
		close(sockets[0]);
		close(sockets[1]);
	}
	free(input);
	return 0;
}

static int split(char *words, char *argv[WORDS])
{
	int argc = 0;

	for (char *word = strtok(words, " "); word && argc < WORDS;
	     word = strtok(NULL, " "))
		argv[argc++] = word;
	return argc;
}

/* As main() of ctl.c does. */
static void talk(struct ctl *ctl, int argc, char *argv[])
{
	FILE *kept[] = {stdout, stderr};
	char *text = NULL;
	size_t size = 0;

	FILE *terminal = open_memstream(&text, &size);
	stdout = stderr = terminal;
	if (ctl_parse(ctl, argc, argv) == CTL_OK && !ctl->help) {
		struct json_object *answer = ask(ctl);
		if (answer)
			ctl->command->show(ctl, answer);
		json_object_put(answer);
	}
	stdout = kept[0];
	stderr = kept[1];
	fclose(terminal);
	if (!ctl->json) /* then the line of the daemon passes as it is */
		check_output(text, size);
	free(text);
}

static struct json_object *ask(struct ctl *ctl)
{
	const char *list = ctl->command->list;
	struct json_object *answer =
	    list ? connection_ask_list(&ctl->connection, ctl->request, list,
		       CONNECTION_ALL_PAGES)
		 : connection_ask(&ctl->connection, ctl->request);

	if (!answer || get_bool(answer, "ok"))
		return answer;
	ctl_fail(CTL_FAILED, "%s", get_text(answer, "error"));
	json_object_put(answer);
	return NULL;
}

static bool is_text(const char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			return false;
	return true;
}

/* Neither C0 nor C1 (which UTF-8 writes as C2 80 to C2 9F), nor DEL. */
static void check_output(const char *text, size_t size)
{
	const unsigned char *at = (const unsigned char *)text;

	for (size_t i = 0; i < size; i++) {
		bool c0 = at[i] < ' ' && at[i] != '\n' && at[i] != '\t';
		bool c1 = at[i] == 0xc2 && i + 1 < size && at[i + 1] >= 0x80 &&
			  at[i + 1] < 0xa0;
		if (c0 || c1 || at[i] == 0x7f)
			abort();
	}
}
