/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_link.c - what rtnetlink says about an interface, message by message. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>

#include "ports/link_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *text, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1); /* so that its end is one */
	const struct nlmsghdr *nlh = (const void *)copy;
	int left = (int)size;
	struct link link;

	memcpy(copy, data, size);
	for (; link_message_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left)) {
		if (!link_parse(nlh, &link))
			continue;
		check_text(link.name, sizeof(link.name));
		check_text(link.kind, sizeof(link.kind));
		check_text(link.master_kind, sizeof(link.master_kind));
		check_text(link.alias, sizeof(link.alias));
	}
	free(copy);
	return 0;
}

static void check_text(const char *text, size_t size)
{
	if (!memchr(text, 0, size))
		abort();
}
