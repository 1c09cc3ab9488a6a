/* SPDX-License-Identifier: BSD-2-Clause */
/* test_savefile.c - savefiles played and recorded. */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include <pcap/pcap.h>

#include "netns.h"

static struct port_host host;
static char dir[] = "/tmp/qswitch-savefile-XXXXXX";

static char *path_of(const char *name)
{
	static char paths[4][64];
	static int next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", dir, name);
	return path;
}

static struct port *open_fmt(const char *in, const char *rest)
{
	char text[256];

	snprintf(text, sizeof(text), "pcap:%s%s", in, rest);
	return netns_open(&host, text);
}

/* Frame @i of a savefile: its number says what is in it. */
static size_t fill(uint8_t *bytes, int i)
{
	memset(bytes, 0, 100);
	bytes[5] = 1;
	bytes[11] = (uint8_t)i;
	bytes[12] = 0x81;
	bytes[15] = 5;
	bytes[16] = 8;
	return 60 + (size_t)i % 40;
}

struct writer {
	pcap_t *format;
	pcap_dumper_t *out;
};

static struct writer write_to(const char *path, int linktype)
{
	struct writer w = {.format = pcap_open_dead(linktype, 65535)};

	w.out = pcap_dump_open(w.format, path);
	assert_non_null(w.out);
	return w;
}

static void put(struct writer *w, int i, suseconds_t usec, bpf_u_int32 cut)
{
	uint8_t bytes[100];
	bpf_u_int32 len = (bpf_u_int32)(fill(bytes, i));
	struct pcap_pkthdr head = {
	    .ts = {1000, usec}, .caplen = len - cut, .len = len};

	pcap_dump((u_char *)w->out, &head, bytes);
}

static void done(struct writer *w)
{
	pcap_dump_close(w->out);
	pcap_close(w->format);
}

static void make_file(const char *path, int n)
{
	struct writer w = write_to(path, DLT_EN10MB);

	for (int i = 0; i < n; i++)
		put(&w, i, 0, 0);
	done(&w);
}

static void check_frame(const struct frame *f, int i)
{
	uint8_t want[100], got[200];
	size_t len = fill(want, i);

	assert_int_equal(frame_copy(f, got, sizeof(got)), len);
	assert_memory_equal(want, got, len);
	assert_int_equal(f->tpid, 0x8100);
}

static int count(const char *path)
{
	char err[PCAP_ERRBUF_SIZE];
	pcap_t *pcap = pcap_open_offline(path, err);
	struct pcap_pkthdr *head;
	const u_char *bytes;
	int n = 0;

	assert_non_null(pcap);
	while (pcap_next_ex(pcap, &head, &bytes) == 1) {
		uint8_t want[100];

		assert_int_equal(head->len, fill(want, n));
		assert_memory_equal(bytes, want, head->len);
		assert_in_range(head->ts.tv_sec, time(NULL) - 60, time(NULL));
		n++;
	}
	pcap_close(pcap);
	return n;
}

static bool is_quiet(const struct port *port)
{
	struct pollfd pfd = {.fd = port->fd, .events = POLLIN};

	return poll(&pfd, 1, 0) == 0;
}

/* Played into one port, recorded by another: the copy is the original. */
static void test_copy(void **state)
{
	struct port *in, *out;
	struct batch batch;
	int n = 0;

	(void)state;
	make_file(path_of("in"), 150);
	in = open_fmt(path_of("in"), "");
	out = open_fmt("-,out=", path_of("out"));
	assert_int_equal(out->fd, -1);
	while (n < 150) {
		const struct frame *list[BATCH_MAX];

		assert_true(netns_receive(in, &batch) > 0);
		for (int i = 0; i < batch.n; i++) {
			check_frame(&batch.frames[i], n++);
			list[i] = &batch.frames[i];
		}
		port_send(out, list, batch.n);
		port_release(in, &batch);
		/* the recording is whole after each batch */
		assert_int_equal(count(path_of("out")), n);
	}
	assert_true(is_quiet(in)); /* at the end, and up */
	assert_int_equal(port_receive(in, &batch), 0);
	assert_true(port_up(in));
	assert_int_equal(in->counters.rx_frames, 150);
	assert_int_equal(out->counters.tx_frames, 150);
	port_free(in);
	port_free(out);
	assert_int_equal(count(path_of("out")), 150);
}

/* Unfinished frames are recorded finished. */
static void test_takes_nothing_unfinished(void **state)
{
	struct port *out = open_fmt("-,out=", path_of("out"));

	(void)state;
	assert_int_equal(out->can, 0);
	port_free(out);
}

/* Without out= everything that is sent is dropped. */
static void test_play_only(void **state)
{
	struct port *port;
	struct batch batch;
	const struct frame *f = &batch.frames[0];

	(void)state;
	make_file(path_of("in"), 1);
	port = open_fmt(path_of("in"), ",mtu=100");
	assert_int_equal(port->mtu, 100);
	assert_int_equal(netns_receive(port, &batch), 1);
	port_send(port, &f, 1);
	assert_int_equal(port->counters.tx_frames, 1);
	port_free(port);
}

/* Cut short by a snapshot length: not a frame. */
static void test_cut_short(void **state)
{
	struct writer w = write_to(path_of("in"), DLT_EN10MB);
	struct port *port;
	struct batch batch;

	(void)state;
	put(&w, 0, 0, 0);
	put(&w, 1, 0, 7);
	put(&w, 2, 0, 0);
	done(&w);
	port = open_fmt(path_of("in"), "");
	assert_int_equal(netns_receive(port, &batch), 2);
	check_frame(&batch.frames[1], 2);
	assert_int_equal(port->counters.rx_invalid, 1);
	port_free(port);
}

static void find_end(const char *key, const char *value, void *arg)
{
	if (strcmp(key, "playing ended by") == 0)
		snprintf(arg, 256, "%s", value);
}

/* A file that ends in the middle of a frame is played as far as it goes. */
static void test_torn(void **state)
{
	struct port *port;
	struct batch batch;
	struct stat st;
	char end[256] = "";

	(void)state;
	make_file(path_of("in"), 2);
	assert_int_equal(stat(path_of("in"), &st), 0);
	assert_int_equal(truncate(path_of("in"), st.st_size - 5), 0);
	port = open_fmt(path_of("in"), "");
	assert_int_equal(netns_receive(port, &batch), 1);
	assert_true(is_quiet(port));
	assert_true(port_up(port));
	port->kind->facts(port, find_end, end);
	assert_non_null(strstr(end, "truncated"));
	port_free(port);
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* At the times in the file: the last frame is 50 ms behind the first. */
static void test_pace(void **state)
{
	struct writer w = write_to(path_of("in"), DLT_EN10MB);
	struct port *port;
	struct batch batch;
	int64_t before_ms;
	int n = 0;

	(void)state;
	put(&w, 0, 500000, 0);
	put(&w, 1, 550000, 0);
	done(&w);
	before_ms = now_ms();
	port = open_fmt(path_of("in"), ",pace=real");
	while (n < 2) {
		assert_true(netns_receive(port, &batch) > 0);
		n += batch.n;
	}
	assert_true(now_ms() - before_ms >= 50);
	check_frame(&batch.frames[batch.n - 1], 1);
	assert_true(is_quiet(port));
	assert_int_equal(port_receive(port, &batch), 0);
	port_free(port);
}

static void refuses(const char *rest, const char *why)
{
	char text[512];
	struct port *port;

	snprintf(text, sizeof(text), "pcap:%s", rest);
	port = netns_port(&host, text);
	assert_true(port_open(port) < 0);
	if (!strstr(port->reason, why))
		fail_msg("%s", port->reason);
	port_free(port);
}

static void test_refusals(void **state)
{
	struct writer w;
	char text[256];
	FILE *file;

	(void)state;
	refuses("/none/there.pcap",
	    "cannot play /none/there.pcap: No such file or directory");
	refuses("-,out=/none/there.pcap", "cannot record to /none/there.pcap: "
					  "No such file or directory");
	refuses("/dev/null", "it is not a regular file");
	refuses(dir, "it is not a regular file");
	refuses("-,pace=slow", "pcap:-: pace=slow: give fast or real");
	refuses("-,mtu=70000", "mtu=70000 is too large: give 68 to 65535");
	make_file(path_of("in"), 1);
	snprintf(text, sizeof(text), "%s,out=%s", path_of("in"), path_of("in"));
	refuses(text, "which is being played: choose another path for out=");
	file = fopen(path_of("junk"), "w");
	fputs("this is not a savefile, is it?", file);
	fclose(file);
	refuses(path_of("junk"), "cannot play");
	w = write_to(path_of("wlan"), DLT_IEEE802_11);
	done(&w);
	refuses(path_of("wlan"), "its frames are not Ethernet but 802.11");
}

/* The disk is full: the port is down with a reason, and what was recorded stays.
 * A limit of the size of files stands for the disk. */
static void test_full_disk(void **state)
{
	enum { LIMIT = 1000, FRAMES = 50 };
	struct rlimit old, small = {LIMIT, LIMIT};
	uint8_t bytes[100];
	struct port *port;
	struct batch batch;
	const struct frame *f = &batch.frames[0];
	struct stat st;

	(void)state;
	port = netns_port(&host, "pcap:-,out=/dev/full");
	assert_true(port_open(port) < 0);
	assert_string_equal(port->reason,
	    "cannot record to /dev/full: No space left on device");
	port_free(port);

	port = open_fmt("-,out=", path_of("out"));
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small.rlim_max = old.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	signal(SIGXFSZ, SIG_IGN);
	frame_parse(&batch.frames[0], bytes, fill(bytes, 0));
	for (int i = 0; i < FRAMES; i++)
		port_send(port, &f, 1);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_false(port_up(port));
	assert_true(port->is_open); /* not to begin the file anew */
	assert_non_null(strstr(port->reason, "cannot record to "));
	assert_non_null(strstr(port->reason, "File too large"));
	const struct port_counters *c = &port->counters;
	assert_int_equal(c->tx_frames + c->tx_error, FRAMES);
	assert_in_range(c->tx_frames, 5, 20);
	port_free(port);
	assert_int_equal(stat(path_of("out"), &st), 0);
	assert_int_equal(st.st_size, LIMIT);
}

/* A pipe would make the loop wait, on open() or later on write(). */
static void test_pipe(void **state)
{
	char text[128];

	(void)state;
	assert_int_equal(mkfifo(path_of("pipe"), 0600), 0);
	snprintf(text, sizeof(text), "-,out=%s", path_of("pipe"));
	alarm(20);
	refuses(text, "give the path of a regular file");
	int fd = open(path_of("pipe"), O_RDWR | O_CLOEXEC);
	refuses(text, "it is not a regular file");
	refuses(path_of("pipe"), "it is not a regular file");
	alarm(0);
	close(fd);
}

static void refuses_request(const char *out, const char *why)
{
	char text[128];

	snprintf(text, sizeof(text), "pcap:-,out=%s", out);
	struct port *port = netns_port(&host, text);
	port->spec.on_request = true;
	assert_true(port_open(port) < 0);
	if (!strstr(port->reason, why))
		fail_msg("%s", port->reason);
	port_free(port);
}

/* What a client names is written with our rights: only in one directory. */
static void test_on_request(void **state)
{
	struct stat st;

	(void)state;
	make_file(path_of("in"), 1);
	refuses_request(path_of("in"), "start qswitchd with --pcap-dir DIR");
	refuses_request("in", "start qswitchd with --pcap-dir DIR");
	assert_int_equal(mkdir(path_of("sub"), 0700), 0);
	host.pcap_dir = open(path_of("sub"), O_PATH | O_DIRECTORY | O_CLOEXEC);
	refuses_request(path_of("in"), "without /");
	refuses_request("../in", "without /");
	refuses_request("..", "Is a directory");
	assert_int_equal(symlink("../in", path_of("sub/link")), 0);
	refuses_request("link", "Too many levels of symbolic links");
	assert_int_equal(link(path_of("in"), path_of("sub/hard")), 0);
	refuses_request("hard", "it has other names elsewhere");
	assert_int_equal(mkfifo(path_of("sub/pipe"), 0600), 0);
	alarm(20);
	refuses_request("pipe", "No such device");
	alarm(0);
	assert_int_equal(stat(path_of("in"), &st), 0);
	assert_true(st.st_size > 24);

	for (int i = 0; i < 2; i++) { /* a new file, and the same again */
		struct port *port = netns_port(&host, "pcap:-,out=new");
		port->spec.on_request = true;
		assert_int_equal(port_open(port), 0);
		port_free(port);
		assert_int_equal(stat(path_of("sub/new"), &st), 0);
		assert_int_equal(st.st_size, 24);
	}
	close(host.pcap_dir);
	host.pcap_dir = 0;
}

static int make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
	static const char *const names[] = {"in", "out", "junk", "wlan", "pipe",
	    "sub/link", "sub/hard", "sub/pipe", "sub/new"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		unlink(path_of(names[i]));
	rmdir(path_of("sub"));
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_copy),
	    cmocka_unit_test(test_takes_nothing_unfinished),
	    cmocka_unit_test(test_play_only),
	    cmocka_unit_test(test_cut_short),
	    cmocka_unit_test(test_torn),
	    cmocka_unit_test(test_pace),
	    cmocka_unit_test(test_refusals),
	    cmocka_unit_test(test_full_disk),
	    cmocka_unit_test(test_pipe),
	    cmocka_unit_test(test_on_request),
	};
	int failed;

	netns_host(&host);
	failed = cmocka_run_group_tests(tests, make_dir, remove_dir);
	arena_free(host.arena);
	return failed;
}
