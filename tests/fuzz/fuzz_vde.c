/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_vde.c - what a VDE client asks for. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ports/vde_request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vde_request request;
	const char *why;
	int result = vde_request_parse(data, size, &request, &why);

	if (result == -EAGAIN && size >= VDE_REQUEST)
		abort();
	if (result == -EPROTO && !why)
		abort(); /* an error without a sentence */
	if (result)
		return 0;
	for (const char *c = request.text; *c; c++)
		if (*c < ' ' || *c > '~')
			abort();
	if (!request.abstract && !memchr(request.address.sun_path, 0,
				     sizeof(request.address.sun_path)))
		abort();
	return 0;
}
