/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * config_stp.c - settings of the spanning tree: see config.h. Ranges are those
 * of IEEE 802.1D-1998 table 8-3 and 8-4.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "config_read.h"

/* Return: false if the value is not good. */
typedef bool key_reader(struct config_stp *stp, const char *value);

static key_reader read_enabled, read_priority, read_hello, read_max_age;
static key_reader read_forward_delay, read_address;

static const struct {
	const char *key;
	const char *want;
	key_reader *read;
} stp_keys[] = {
    {"enabled", "on or off", read_enabled},
    {"priority", "0 (likely the root) to 65535", read_priority},
    {"hello", "1 to 10 seconds", read_hello},
    {"max-age", "6 to 40 seconds", read_max_age},
    {"forward-delay", "4 to 30 seconds", read_forward_delay},
    {"address", "a unicast MAC address such as 02:00:00:00:00:01",
	read_address},
};

enum { N_STP_KEYS = sizeof(stp_keys) / sizeof(*stp_keys) };

int config_stp_read(
    struct config_stp *stp, const char *key, const char *value, char *err)
{
	for (int i = 0; i < N_STP_KEYS; i++) {
		if (strcmp(stp_keys[i].key, key) != 0)
			continue;
		if (stp_keys[i].read(stp, value))
			return 0;
		return config_fail(
		    err, "%s=%.64s: give %s", key, value, stp_keys[i].want);
	}
	return config_fail(err,
	    "%.64s: the spanning tree has no such setting; it has enabled, "
	    "priority, hello, max-age, forward-delay and address",
	    key);
}

int config_stp_check(const struct config_stp *stp, char *err)
{
	return stp_times_check(
	    &(struct stp_times){
		.hello_ms = stp->hello_s * 1000,
		.max_age_ms = stp->max_age_s * 1000,
		.forward_delay_ms = stp->forward_delay_s * 1000,
	    },
	    err, CONFIG_ERR);
}

int config_stp_set(
    struct config_stp *stp, const char *key, const char *value, char *err)
{
	struct config_stp changed = *stp;

	if (config_stp_read(&changed, key, value, err) ||
	    config_stp_check(&changed, err))
		return -EINVAL;
	*stp = changed;
	return 0;
}

static bool read_enabled(struct config_stp *stp, const char *value)
{
	stp->on = strcmp(value, "on") == 0;
	return stp->on || strcmp(value, "off") == 0;
}

static bool read_priority(struct config_stp *stp, const char *value)
{
	uint32_t n;

	if (!config_number(value, 0, 65535, &n))
		return false;
	stp->priority = (uint16_t)n;
	return true;
}

static bool read_hello(struct config_stp *stp, const char *value)
{
	return config_number(value, 1, 10, &stp->hello_s);
}

static bool read_max_age(struct config_stp *stp, const char *value)
{
	return config_number(value, 6, 40, &stp->max_age_s);
}

static bool read_forward_delay(struct config_stp *stp, const char *value)
{
	return config_number(value, 4, 30, &stp->forward_delay_s);
}

static bool read_address(struct config_stp *stp, const char *value)
{
	stp->has_address = true;
	return mac_parse(value, stp->address) && !mac_is_group(stp->address) &&
	       !mac_is_zero(stp->address);
}
