/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_config.c - the command line and port specifications: the input's lines
 * are the words of argv. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "switch/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WORDS_MAX = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *rest = text, *word;
	char *argv[WORDS_MAX + 1] = {(char *)(uintptr_t) "qswitchd"};
	int argc = 1;
	struct config config;
	struct port_spec spec;
	char err[CONFIG_ERR];

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	if (config_port_spec(&spec, text, err) && !*err)
		abort(); /* an error without a sentence */
	while (argc < WORDS_MAX && (word = strsep(&rest, "\n")))
		argv[argc++] = word;
	*err = '\0';
	if (config_parse(&config, argc, argv, err) == CONFIG_BAD && !*err)
		abort();
	config_free(&config);
	free(text);
	return 0;
}
