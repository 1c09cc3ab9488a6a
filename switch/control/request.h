/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * request.h - one request of a client while it is carried out, and its
 * arguments.
 *
 *     {"cmd":"fdb add","mac":"02:00:00:00:00:01","port":"tap0"}
 *
 * Each function that reads an argument returns false, with the sentence set,
 * when the argument has the wrong type or value, or is REQUIRED and absent. An
 * OPTIONAL one that is absent leaves *@value alone.
 */
#ifndef SWITCH_CONTROL_REQUEST_H
#define SWITCH_CONTROL_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "switch/config.h"

struct client;
struct json_object;
struct lab;
struct qswitch;

struct request {
	struct qswitch *sw;
	struct lab *lab;	    /* NULL without --lab */
	const char *control_path;   /* of the socket */
	struct client *client;	    /* who asks; a stream goes there */
	struct json_object *args;   /* the request as it came */
	struct json_object *answer; /* an object to fill */
	char err[CONFIG_ERR];	    /* a sentence, when the handler fails */
	bool again; /* when it fails: asked again soon, it can say more */
};

enum need { OPTIONAL, REQUIRED };

enum { PAGE_SLOTS = 1 << 16 }; /* of the table that a page looks at */

/** request_fail() - set the request's sentence; returns -EINVAL */
int request_fail(struct request *r, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/** request_text() - text without NUL; *@value lives as long as the request */
bool request_text(
    struct request *r, const char *key, enum need need, const char **value);

/** request_count() - a whole number from @min to @max */
bool request_count(struct request *r, const char *key, enum need need,
    uint64_t min, uint64_t max, uint64_t *value);

/** request_number() - a number from @min to @max that need not be whole */
bool request_number(struct request *r, const char *key, enum need need,
    double min, double max, double *value);

/** request_flag() - true or false; always OPTIONAL */
bool request_flag(struct request *r, const char *key, bool *value);

/**
 * request_mac() - an Ethernet address
 * @mac:   6 bytes, written
 * @value: set to @mac if there is an address
 */
bool request_mac(struct request *r, const char *key, enum need need,
    uint8_t mac[6], const uint8_t **value);

/** request_port() - the name of a port; *@no is its number */
bool request_port(struct request *r, const char *key, enum need need, int *no);

/** request_put_next() - answer where the next page begins; 0: there is none */
void request_put_next(struct request *r, uint64_t next);

/** request_vlan() - a VLAN, 1..4094; always OPTIONAL */
bool request_vlan(struct request *r, const char *key, uint16_t *vid);

#endif
