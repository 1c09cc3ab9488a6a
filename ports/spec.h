/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * spec.h - what the operator wrote about a port, and the limits of it.
 *
 *     KIND:ARG[,name=N][,key=value...]
 */
#ifndef PORTS_SPEC_H
#define PORTS_SPEC_H

#include <stdbool.h>
#include <stdint.h>

enum {
	PORT_NAME = 32,	   /* bytes of a port's name, NUL counted */
	PORT_ARG = 256,	   /* bytes of what follows the kind, NUL counted */
	PORT_ERR = 512,	   /* bytes of an error sentence, NUL counted */
	PORT_OPTIONS = 16, /* key=value pairs in a specification */
	PORT_MTU_MIN = 68, /* the least that IPv4 can work with (RFC 791) */
	PORT_MTU_DEFAULT = 1500,
	PORT_MTU_MAX = 65535,
};

struct port_option {
	char key[16];
	char value[PORT_ARG];
};

/* Parsed by switch/config.c, which has checked that the kind takes the keys. */
struct port_spec {
	char kind[16];
	char arg[PORT_ARG];
	char name[PORT_NAME];
	bool uplink;
	bool on_request; /* of a client, not on the command line */
	bool host; /* the switch's own way to the host, beside an uplink */
	int n_options;
	struct port_option options[PORT_OPTIONS];
};

/** port_spec_get() - the value of option @key; NULL if it was not given */
const char *port_spec_get(const struct port_spec *spec, const char *key);

/**
 * port_spec_number() - option @key as a number within @min..@max
 * @value: left alone if the option was not given
 * @err:   PORT_ERR bytes
 *
 * Return: 0, or -EINVAL with a sentence in @err.
 */
int port_spec_number(const struct port_spec *spec, const char *key,
    uint32_t min, uint32_t max, uint32_t *value, char *err);

/**
 * port_spec_mtu() - option mtu=, PORT_MTU_MIN..PORT_MTU_MAX
 * @mtu: left alone if the option was not given
 * @err: PORT_ERR bytes
 *
 * Return: 0, or -EINVAL with a sentence in @err.
 */
int port_spec_mtu(const struct port_spec *spec, uint32_t *mtu, char *err);

/**
 * port_spec_yes() - option @key, which is yes or no
 * @value: left alone if the option was not given
 * @err:   PORT_ERR bytes
 *
 * Return: 0, or -EINVAL with a sentence in @err.
 */
int port_spec_yes(
    const struct port_spec *spec, const char *key, bool *value, char *err);

#endif
