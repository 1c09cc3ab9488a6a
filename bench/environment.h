/* SPDX-License-Identifier: BSD-2-Clause */
/* environment.h - on what a result was measured. */
#ifndef BENCH_ENVIRONMENT_H
#define BENCH_ENVIRONMENT_H

#include <json-c/json.h>

/** environment_json() - kernel, processor, memory, versions, commit, date */
json_object *environment_json(void);

#endif
