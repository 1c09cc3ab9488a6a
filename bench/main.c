/* SPDX-License-Identifier: BSD-2-Clause */
/* main.c - qswitch-bench: the table of its subcommands. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "switch/protocol/standard_fds.h"

#include "commit.h"
#include "compare.h"
#include "core.h"
#include "rfc.h"
#include "show.h"

struct subcommand {
	const char *name;
	const char *summary;
	int (*run)(int argc, char **argv);
};

static const struct subcommand subcommands[] = {
    {"compare", "compare switches: TCP, frames, round trips, processor time",
	compare_main},
    {"rfc", "run the tests of RFC 2544 and RFC 2889 on one switch", rfc_main},
    {"core", "measure the forwarding decision alone, without devices",
	core_main},
    {"show", "print tables and draw plots of a saved run", show_main},
};

enum { SUBCOMMANDS = sizeof(subcommands) / sizeof(subcommands[0]) };

static int usage(FILE *out, int status);

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	if (!standard_fds_open())
		return EXIT_FAILURE;
	/* A program that ends early must not end the bench. */
	signal(SIGPIPE, SIG_IGN);
	if (strcmp(name, "--version") == 0) {
		printf(
		    "qswitch-bench %s (%s)\n", QSWITCH_VERSION, QSWITCH_COMMIT);
		return EXIT_SUCCESS;
	}
	if (strcmp(name, "--help") == 0)
		return usage(stdout, EXIT_SUCCESS);
	for (int i = 0; i < SUBCOMMANDS; i++)
		if (strcmp(name, subcommands[i].name) == 0)
			return subcommands[i].run(argc - 1, argv + 1);
	if (*name)
		fprintf(
		    stderr, "qswitch-bench: no such subcommand: %s\n\n", name);
	return usage(stderr, 2);
}

static int usage(FILE *out, int status)
{
	fprintf(out, "usage: qswitch-bench SUBCOMMAND [options]\n\n");
	for (int i = 0; i < SUBCOMMANDS; i++)
		fprintf(out, "  %-10s %s\n", subcommands[i].name,
		    subcommands[i].summary);
	fprintf(out, "\nqswitch-bench SUBCOMMAND --help lists its options.\n");
	return status;
}
