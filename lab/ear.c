/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ear.c - receives COUNT frames on an interface, whatever their destination,
 * and writes them to standard output as a savefile. tcpdump would do the same,
 * but it first changes to another user, which fails in a user namespace.
 *
 *     ear IF COUNT [FILTER]
 *
 * Prints "ear: ready" on standard error. Gives up after five seconds.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <pcap/pcap.h>

#include "switch/protocol/standard_fds.h"

enum { SECONDS = 5 };

static pcap_t *open_live(const char *name, const char *filter);
static void write_down(unsigned char *to, const struct pcap_pkthdr *head,
    const unsigned char *bytes);

int main(int argc, char *argv[])
{
	if (!standard_fds_open())
		return EXIT_FAILURE;
	if (argc < 3)
		errx(2, "usage: ear IF COUNT [FILTER]");
	pcap_t *live = open_live(argv[1], argc > 3 ? argv[3] : "");
	pcap_dumper_t *to = pcap_dump_fopen(live, stdout);
	if (!to)
		errx(1, "%s", pcap_geterr(live));
	pcap_dump_flush(to);
	fprintf(stderr, "ear: ready\n");
	alarm(SECONDS);
	return pcap_loop(live, atoi(argv[2]), write_down, (unsigned char *)to)
		   ? EXIT_FAILURE
		   : EXIT_SUCCESS;
}

static pcap_t *open_live(const char *name, const char *filter)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	struct bpf_program program;
	pcap_t *live = pcap_create(name, why);

	if (!live)
		errx(1, "%s: %s", name, why);
	pcap_set_promisc(live, 1);
	pcap_set_snaplen(live, 262144);
	pcap_set_immediate_mode(live, 1);
	if (pcap_activate(live) < 0 ||
	    pcap_compile(live, &program, filter, 1, PCAP_NETMASK_UNKNOWN) < 0 ||
	    pcap_setfilter(live, &program) < 0)
		errx(1, "%s: %s", name, pcap_geterr(live));
	return live;
}

static void write_down(unsigned char *to, const struct pcap_pkthdr *head,
    const unsigned char *bytes)
{
	pcap_dump(to, head, bytes);
	pcap_dump_flush((pcap_dumper_t *)to);
}
