/* SPDX-License-Identifier: BSD-2-Clause */
/* ctl_stream.c - monitor and capture: the switch sends until one end closes the
 * connection. */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "switch/protocol/base64.h"
#include "switch/protocol/json.h"

#include "answer.h"
#include "ctl.h"
#include "ctl_dissect.h"
#include "ctl_filter.h"
#include "ctl_show.h"
#include "ctl_text.h"

/* The file format of pcap-savefile(5), in this machine's byte order. */
enum {
	PCAP_MAGIC_NS = 0xa1b23c4d,
	PCAP_EN10MB = 1, /* link type */
	PCAP_SNAPLEN = 262144,
	FRAME_BYTES = 1 << 17, /* more than any frame has */
};

struct writer {
	FILE *out; /* NULL: text on standard output */
	uint64_t frames;
	uint64_t dropped;
	uint64_t limit; /* 0: none */
	struct filter *filter;
	uint8_t bytes[FRAME_BYTES];
};

static volatile sig_atomic_t interrupted;

static void catch_signals(void);
static void on_signal(int signal);
static void note_dropped(
    struct json_object *o, uint64_t *dropped, const char *what);
static void print_event(struct json_object *e);
static void flush_if_idle(const struct ctl *ctl, FILE *out);
static int ended(void);
static int make_filter(struct writer *w, const char *expression);
static int open_file(struct writer *w, const char *path);
static bool pcap_start(FILE *out);
static int capture(struct ctl *ctl, struct writer *w);
static void take_frame(
    struct ctl *ctl, struct writer *w, struct json_object *f);
static void pcap_write(
    struct writer *w, uint64_t time_ns, size_t caplen, size_t len);
static void print_frame(
    const struct writer *w, struct json_object *f, size_t caplen);

int show_monitor(struct ctl *ctl, struct json_object *answer)
{
	struct json_object *event;
	uint64_t dropped = 0;

	(void)answer;
	catch_signals();
	fputs("qswitchctl: watching for events, press ^C to stop\n", stderr);
	while (!interrupted && (event = connection_read(&ctl->connection))) {
		note_dropped(event, &dropped, "events");
		if (ctl->json)
			fputs(ctl->connection.line, stdout);
		else
			print_event(event);
		json_object_put(event);
		flush_if_idle(ctl, stdout);
	}
	return ended();
}

int show_capture(struct ctl *ctl, struct json_object *answer)
{
	const char *path = get_text(ctl->local, "-w");
	struct writer *w = calloc(1, sizeof(*w));

	(void)answer;
	if (!w)
		return ctl_fail(CTL_FAILED, "out of memory");
	w->limit = get_count(ctl->local, "-c");
	int status = make_filter(w, get_text(ctl->local, "FILTER"));
	if (!status && *path)
		status = open_file(w, path);
	if (!status) {
		catch_signals();
		fprintf(stderr,
		    "qswitchctl: capturing on %s, press ^C to stop\n",
		    get_text(ctl->request, "port"));
		status = capture(ctl, w);
		fprintf(stderr,
		    "qswitchctl: %" PRIu64 " frame%s captured, %" PRIu64
		    " dropped\n",
		    w->frames, plural(w->frames), w->dropped);
	}
	if (w->out && w->out != stdout && fclose(w->out) && !status)
		status = ctl_fail(CTL_FAILED, "cannot write to %s: %s", path,
		    strerror(errno));
	filter_free(w->filter);
	free(w);
	return status;
}

/* Return: CTL_OK, also without an expression; or CTL_USAGE, having said why. */
static int make_filter(struct writer *w, const char *expression)
{
	char err[FILTER_ERR];

	if (!*expression)
		return CTL_OK;
	w->filter = filter_new(expression, err);
	return w->filter ? CTL_OK : ctl_fail(CTL_USAGE, "%s", err);
}

/* Without SA_RESTART, so that getline() returns when a signal arrives. */
static void catch_signals(void)
{
	struct sigaction action = {.sa_handler = on_signal};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

static void on_signal(int signal)
{
	(void)signal;
	interrupted = 1;
}

/* Reports what the switch had to drop since the last line. */
static void note_dropped(
    struct json_object *o, uint64_t *dropped, const char *what)
{
	uint64_t total = get_count(o, "dropped");

	if (total > *dropped)
		fprintf(stderr,
		    "qswitchctl: %" PRIu64 " %s dropped: qswitchctl does not "
		    "read fast enough\n",
		    total - *dropped, what);
	*dropped = total;
}

static void print_event(struct json_object *e)
{
	char day[DAY_TEXT];

	day_text(get_count(e, "time_ms") * 1000000, 3, day);
	printf("%s ", day);
	if (get(e, "port"))
		printf("%s: ", get_text(e, "port"));
	fputs(get_text(e, "text"), stdout);
	if (get(e, "mac"))
		printf(": %s in VLAN %" PRIu64, get_text(e, "mac"),
		    get_count(e, "vlan"));
	if (get(e, "from_port"))
		printf(", it was on %s", get_text(e, "from_port"));
	if (get(e, "detail"))
		printf(": %s", get_text(e, "detail"));
	if (get(e, "frame"))
		printf(" (frame %" PRIu64 ")", get_count(e, "frame"));
	putchar('\n');
}

/* Flushes each line while the stream is slow, many at once when it is fast. */
static void flush_if_idle(const struct ctl *ctl, FILE *out)
{
	struct pollfd pfd = {.fd = ctl->connection.fd, .events = POLLIN};

	if (poll(&pfd, 1, 0) <= 0)
		fflush(out);
}

static int ended(void)
{
	if (interrupted)
		return CTL_OK;
	return ctl_fail(CTL_FAILED, "the switch has closed the connection");
}

/* Return: CTL_OK; or another status, having said why. */
static int open_file(struct writer *w, const char *path)
{
	bool is_stdout = strcmp(path, "-") == 0;

	if (is_stdout && isatty(STDOUT_FILENO))
		return ctl_fail(CTL_USAGE,
		    "-w - would write binary data to the terminal: redirect "
		    "standard output to a file or a program");
	w->out = is_stdout ? stdout : fopen(path, "we");
	if (!w->out || !pcap_start(w->out))
		return ctl_fail(CTL_FAILED, "cannot write to %s: %s", path,
		    strerror(errno));
	return CTL_OK;
}

static bool pcap_start(FILE *out)
{
	const struct {
		uint32_t magic;
		uint16_t major, minor;
		uint32_t zone, accuracy, snaplen, link_type;
	} head = {PCAP_MAGIC_NS, 2, 4, 0, 0, PCAP_SNAPLEN, PCAP_EN10MB};

	return fwrite(&head, sizeof(head), 1, out) == 1 && !fflush(out);
}

static int capture(struct ctl *ctl, struct writer *w)
{
	struct json_object *f;

	while (!interrupted && (!w->limit || w->frames < w->limit) &&
	       (f = connection_read(&ctl->connection))) {
		note_dropped(f, &w->dropped, "frames");
		take_frame(ctl, w, f);
		json_object_put(f);
		if (w->out && ferror(w->out))
			return ctl_fail(CTL_FAILED,
			    "cannot write the capture: %s", strerror(errno));
	}
	return w->limit && w->frames >= w->limit ? CTL_OK : ended();
}

static void take_frame(struct ctl *ctl, struct writer *w, struct json_object *f)
{
	size_t caplen =
	    base64_decode(get_text(f, "data"), w->bytes, sizeof(w->bytes));

	if (w->filter &&
	    !filter_takes(w->filter, w->bytes, caplen, get_count(f, "len")))
		return;
	w->frames++;
	if (w->out)
		pcap_write(
		    w, get_count(f, "time_ns"), caplen, get_count(f, "len"));
	else if (ctl->json)
		fputs(ctl->connection.line, stdout);
	else
		print_frame(w, f, caplen);
	flush_if_idle(ctl, w->out ? w->out : stdout);
}

static void pcap_write(
    struct writer *w, uint64_t time_ns, size_t caplen, size_t len)
{
	const uint32_t head[] = {
	    (uint32_t)(time_ns / 1000000000),
	    (uint32_t)(time_ns % 1000000000),
	    (uint32_t)caplen,
	    (uint32_t)len,
	};

	fwrite(head, sizeof(head), 1, w->out);
	fwrite(w->bytes, caplen, 1, w->out);
}

static void print_frame(
    const struct writer *w, struct json_object *f, size_t caplen)
{
	char day[DAY_TEXT], text[512];

	day_text(get_count(f, "time_ns"), 6, day);
	dissect(w->bytes, caplen, text, sizeof(text));
	printf("%s %s %-3s %s, length %" PRIu64, day, get_text(f, "port"),
	    get_text(f, "direction"), text, get_count(f, "len"));
	if (get_count(f, "gso_size"))
		printf(", to be cut into segments of %" PRIu64,
		    get_count(f, "gso_size"));
	else if (get_bool(f, "needs_csum"))
		fputs(", checksum to be finished", stdout);
	putchar('\n');
}
