/* SPDX-License-Identifier: BSD-2-Clause */
/* ctl_filter.h - filters in the language of pcap-filter(7). */
#ifndef SWITCH_CLIENT_CTL_FILTER_H
#define SWITCH_CLIENT_CTL_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct filter;

enum { FILTER_ERR = 512 /* bytes of a sentence */ };

/**
 * filter_new() - compile @expression for Ethernet frames
 * @err: FILTER_ERR bytes, set to a sentence on failure
 *
 * Loads libpcap when it is first called, so that qswitchctl does not need the
 * library for anything else.
 *
 * Return: NULL: libpcap is missing, or does not understand the expression.
 */
struct filter *filter_new(const char *expression, char *err);

/**
 * filter_takes() - does a frame match?
 * @bytes: @caplen bytes of the frame
 * @len:   of the whole frame
 */
bool filter_takes(const struct filter *filter, const uint8_t *bytes,
    size_t caplen, size_t len);

/** filter_free() - NULL is fine */
void filter_free(struct filter *filter);

#endif
