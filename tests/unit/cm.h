/* SPDX-License-Identifier: BSD-2-Clause */
/* cm.h - cmocka and what it wants to be included before it. */
#ifndef TESTS_UNIT_CM_H
#define TESTS_UNIT_CM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
