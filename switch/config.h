/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * config.h - the command line as a value.
 *
 * Pure: reads argv and nothing else, touches no device, prints nothing. An
 * error is one sentence that names the option, its value and the remedy.
 */
#ifndef SWITCH_CONFIG_H
#define SWITCH_CONFIG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "ports/port.h"
#include "stp/stp_config.h"

enum {
	CONFIG_NAME = 32,  /* bytes of a switch's name, NUL counted */
	CONFIG_PATH = 108, /* bytes of a socket's path, NUL counted */
	CONFIG_ERR = 512,
};

/* IEEE 802.1D-1998 table 8-3 has the ranges. */
struct config_stp {
	bool on;
	uint16_t priority;
	uint32_t hello_s, max_age_s, forward_delay_s;
	bool has_address;
	uint8_t address[ETH_ADDR];
};

struct config {
	char name[CONFIG_NAME];
	char control[CONFIG_PATH];  /* "": derived from the name */
	gid_t control_group;	    /* (gid_t)-1: of the process */
	char pidfile[CONFIG_PATH];  /* "": none */
	char pcap_dir[CONFIG_PATH]; /* for clients' recordings; "": none */
	uint32_t ageing_s;
	uint32_t fdb_size;
	uint32_t recorder; /* records */
	int log_level;	   /* as syslog(3) */
	bool daemonize;
	bool forward_reserved;
	bool observe;		 /* note guests' IP addresses: observe.h */
	bool lab;		 /* time can be held: lab.h */
	uint32_t spin_us;	 /* spin.h */
	uint32_t debug_delay_us; /* per frame: delay.h */
	struct config_stp stp;
	int n_ports;
	struct port_spec *ports; /* n_ports of them, allocated */
};

enum config_result {
	CONFIG_RUN,	/* go on */
	CONFIG_HELP,	/* print config_usage() and end */
	CONFIG_VERSION, /* print the version and end */
	CONFIG_BAD,	/* @err has the sentence */
};

/**
 * config_parse() - read a command line
 * @config: written whole; needs config_free() whatever is returned
 * @err:    CONFIG_ERR bytes
 */
enum config_result config_parse(
    struct config *config, int argc, char *argv[], char *err);

/** config_free() - free what config_parse() allocated; twice is fine */
void config_free(struct config *config);

/** config_usage() - write the text of --help to @out */
void config_usage(FILE *out);

/**
 * config_port_spec() - parse KIND:ARG[,name=N][,key=value...]
 * @spec: written whole
 * @err:  CONFIG_ERR bytes
 *
 * Checks kind, keys, values and lengths. The name defaults to the argument
 * (its last path component). A value may hold any byte except a comma.
 *
 * Return: 0 or -EINVAL.
 */
int config_port_spec(struct port_spec *spec, const char *text, char *err);

/* Settings of one port that belong to the switch and not to its kind. */
struct config_port {
	uint32_t fdb_max; /* 0: no limit */
	uint32_t cost;	  /* 0: from the link's speed */
	int priority;	  /* 0..240, a multiple of 16 */
	bool machine;	  /* it leads to a machine, not to other bridges */
	enum stp_edge edge;
	enum stp_bpdu bpdu; /* of a machine: STP_BPDU_NEVER becomes FILTER */
};

/** config_port() - the settings in a specification that has been checked */
void config_port(const struct port_spec *spec, struct config_port *port);

/**
 * config_port_set() - change one setting of a running port
 * @name:  "fdb-max", "cost", "priority", "edge" or "bpdu"
 *
 * Return: 0, or -EINVAL with a sentence in @err and @port unchanged.
 */
int config_port_set(
    struct config_port *port, const char *name, const char *value, char *err);

/**
 * config_stp_set() - change one setting of the spanning tree
 * @key:  "enabled", "priority", "hello", "max-age", "forward-delay", "address"
 *
 * Return: 0, or -EINVAL with a sentence in @err and @stp unchanged.
 */
int config_stp_set(
    struct config_stp *stp, const char *key, const char *value, char *err);

#endif
