/* SPDX-License-Identifier: BSD-2-Clause */
/* ctl_filter.c - filters in the language of pcap-filter(7): see
 * ctl_filter.h. */
#include "ctl_filter.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pcap/pcap.h>

enum { OPTIMIZE = 1, SNAPLEN = 262144 };

/* The part of libpcap that is used. */
struct library {
	void *handle;
	pcap_t *(*open_dead)(int, int);
	int (*compile)(
	    pcap_t *, struct bpf_program *, const char *, int, bpf_u_int32);
	char *(*geterr)(pcap_t *);
	int (*offline_filter)(const struct bpf_program *,
	    const struct pcap_pkthdr *, const u_char *);
	void (*freecode)(struct bpf_program *);
	void (*close)(pcap_t *);
};

struct filter {
	struct library pcap;
	struct bpf_program program;
};

static bool load(struct library *pcap);
static bool compile(struct filter *f, const char *expression, char *err);

struct filter *filter_new(const char *expression, char *err)
{
	struct filter *f = calloc(1, sizeof(*f));

	snprintf(err, FILTER_ERR, "out of memory");
	if (!f)
		return NULL;
	if (!load(&f->pcap)) {
		snprintf(err, FILTER_ERR,
		    "a filter needs libpcap, which is not installed: install "
		    "it, or use -w - | tcpdump -r - FILTER");
		goto failed;
	}
	if (!compile(f, expression, err))
		goto failed;
	return f;

failed:
	if (f->pcap.handle)
		dlclose(f->pcap.handle);
	free(f);
	return NULL;
}

/* ".0.8" is Debian's name of it, ".1" that of the library itself. */
static bool load(struct library *pcap)
{
	const struct {
		const char *name;
		void *at;
	} symbols[] = {
	    {"pcap_open_dead", &pcap->open_dead},
	    {"pcap_compile", &pcap->compile},
	    {"pcap_geterr", &pcap->geterr},
	    {"pcap_offline_filter", &pcap->offline_filter},
	    {"pcap_freecode", &pcap->freecode},
	    {"pcap_close", &pcap->close},
	};

	pcap->handle = dlopen("libpcap.so.0.8", RTLD_NOW);
	if (!pcap->handle)
		pcap->handle = dlopen("libpcap.so.1", RTLD_NOW);
	if (!pcap->handle)
		return false;
	for (size_t i = 0; i < sizeof(symbols) / sizeof(*symbols); i++) {
		void *symbol = dlsym(pcap->handle, symbols[i].name);
		if (!symbol)
			return false;
		memcpy(symbols[i].at, &symbol, sizeof(symbol));
	}
	return true;
}

static bool compile(struct filter *f, const char *expression, char *err)
{
	pcap_t *dead = f->pcap.open_dead(DLT_EN10MB, SNAPLEN);

	if (!dead)
		return false;
	bool fine = f->pcap.compile(dead, &f->program, expression, OPTIMIZE,
			PCAP_NETMASK_UNKNOWN) == 0;
	if (!fine)
		snprintf(err, FILTER_ERR,
		    "filter \"%s\": %s; see pcap-filter(7)", expression,
		    f->pcap.geterr(dead));
	f->pcap.close(dead);
	return fine;
}

bool filter_takes(
    const struct filter *f, const uint8_t *bytes, size_t caplen, size_t len)
{
	const struct pcap_pkthdr head = {
	    .caplen = (bpf_u_int32)caplen,
	    .len = (bpf_u_int32)len,
	};

	return f->pcap.offline_filter(&f->program, &head, bytes) != 0;
}

void filter_free(struct filter *f)
{
	if (!f)
		return;
	f->pcap.freecode(&f->program);
	dlclose(f->pcap.handle);
	free(f);
}
