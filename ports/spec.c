/* SPDX-License-Identifier: BSD-2-Clause */
/* spec.c - the options in a port's specification: see spec.h. Pure. */
#include "spec.h"

#include <errno.h>
#include <string.h>

#include <bsd/stdlib.h>

#include "kind.h"

const char *port_spec_get(const struct port_spec *spec, const char *key)
{
	for (int i = 0; i < spec->n_options; i++) {
		if (strcmp(spec->options[i].key, key) == 0)
			return spec->options[i].value;
	}
	return NULL;
}

int port_spec_number(const struct port_spec *spec, const char *key,
    uint32_t min, uint32_t max, uint32_t *value, char *err)
{
	const char *text = port_spec_get(spec, key);
	const char *wrong = NULL;

	if (!text)
		return 0;
	*value = (uint32_t)strtonum(text, min, max, &wrong);
	if (!wrong)
		return 0;
	return port_refuse(err, -EINVAL, "%s:%s: %s=%s is %s: give %u to %u",
	    spec->kind, spec->arg, key, text, wrong, min, max);
}

int port_spec_mtu(const struct port_spec *spec, uint32_t *mtu, char *err)
{
	return port_spec_number(
	    spec, "mtu", PORT_MTU_MIN, PORT_MTU_MAX, mtu, err);
}

int port_spec_yes(
    const struct port_spec *spec, const char *key, bool *value, char *err)
{
	const char *text = port_spec_get(spec, key);

	if (!text)
		return 0;
	*value = strcmp(text, "yes") == 0;
	if (*value || strcmp(text, "no") == 0)
		return 0;
	return port_refuse(err, -EINVAL, "%s:%s: %s=%s: give yes or no",
	    spec->kind, spec->arg, key, text);
}
