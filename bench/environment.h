/* SPDX-License-Identifier: BSD-2-Clause */
/* environment.h - the machine that a result was measured on. */
#ifndef BENCH_ENVIRONMENT_H
#define BENCH_ENVIRONMENT_H

#include <json-c/json.h>

/**
 * environment_json() - kernel, processor, memory, versions, commit, date
 *
 * Return: an object that the caller releases with json_object_put().
 */
json_object *environment_json(void);

#endif
