/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_control.c - bytes of a client into the control socket of a switch with
 * two mem ports: every command, every line of every length, streams included.
 *
 * All that comes back has to be lines of JSON, and the books have to balance.
 * `port add` is left out: it would open what the input names. (The text of a
 * specification is fuzz_config's.)
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "ports/mem.h"
#include "switch/books.h"
#include "switch/control/control.h"
#include "switch/datapath.h"
#include "switch/lab.h"
#include "switch/log.h"
#include "switch/protocol/json.h"
#include "switch/switch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__asan_default_options(void);

/* The switch outlives each input, so that a search for leaks after each finds
 * nothing and takes most of the time. The unit tests look for them. */
const char *__asan_default_options(void)
{
	return "detect_leaks=0:quarantine_size_mb=16";
}

enum { PORTS = 2, FRAMES = 3, TURNS = 64 };

static char directory[] = "/tmp/qswitch-fuzz-XXXXXX";
static char path[64];
static struct lab *lab;

static void remove_directory(void)
{
	unlink(path);
	rmdir(directory);
}

static void check(bool fine)
{
	if (!fine)
		abort();
}

static struct qswitch *new_switch(void)
{
	char *argv[] = {(char *)(uintptr_t) "qswitchd",
	    (char *)(uintptr_t) "--lab", (char *)(uintptr_t) "--fdb-size",
	    (char *)(uintptr_t) "16", (char *)(uintptr_t) "--flight-recorder",
	    (char *)(uintptr_t) "64", NULL};
	struct config config;
	char err[CONFIG_ERR];

	log_open("fuzz", LOG_EMERG, 0);
	check(config_parse(&config, 6, argv, err) == CONFIG_RUN);
	struct qswitch *sw = qswitch_new(&config, err);
	check(sw && mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/s", directory);
	atexit(remove_directory);
	lab = lab_new(sw);
	check(lab && control_new(sw, lab, path, err));
	return sw;
}

/* As the last input may have left it: one that was removed comes back. */
static void restore(struct qswitch *sw)
{
	struct port from = {.host = &sw->host};

	lab_resume(lab);
	for (int no = 1; no <= PORTS; no++)
		if (!sw->ports[no])
			check(!sw->host.spawn(&from, &kind_mem, "m", NULL));
	for (int no = 1; no <= PORTS; no++) {
		qswitch_port_set_admin(sw, no, true);
		bridge_port_set_state(sw->bridge, no, BRIDGE_FORWARDING);
	}
}

static bool adds_port(const char *line, size_t len)
{
	struct json_object *name, *request;
	char err[128];
	bool result = false;

	request = json_read(line, len, err, sizeof(err));
	if (json_object_object_get_ex(request, "cmd", &name))
		result = strcmp(json_object_get_string(name)
				    ? json_object_get_string(name)
				    : "",
			     "port add") == 0;
	json_object_put(request);
	return result;
}

/* The input without its lines that add a port. Return: bytes left. */
static size_t defuse(char *bytes, size_t size)
{
	size_t kept = 0, from = 0;

	while (from < size) {
		const char *line = bytes + from;
		const char *end = memchr(line, '\n', size - from);
		size_t text = end ? (size_t)(end - line) : size - from;
		size_t whole = end ? text + 1 : text;

		if (!adds_port(line, text)) {
			memmove(bytes + kept, line, whole);
			kept += whole;
		}
		from += whole;
	}
	return kept;
}

static int dial(void)
{
	struct sockaddr_un sun = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	snprintf(sun.sun_path, sizeof(sun.sun_path), "%s", path);
	check(!connect(fd, (struct sockaddr *)&sun, sizeof(sun)));
	return fd;
}

/* What the switch said, whole lines of it, is JSON. */
static void check_lines(char *said, size_t len)
{
	for (char *line = said, *end; (end = memchr(line, '\n', len));
	     line = end + 1) {
		char err[128];
		struct json_object *o =
		    json_read(line, (size_t)(end - line), err, sizeof(err));

		check(o);
		json_object_put(o);
		len -= (size_t)(end + 1 - line);
	}
}

static void listen_to(int fd)
{
	static char said[1 << 20];
	size_t len = 0;
	ssize_t n;

	while (len < sizeof(said) &&
	       (n = recv(fd, said + len, sizeof(said) - len, 0)) > 0)
		len += (size_t)n;
	check_lines(said, len);
}

/* Frames for streams to tell of, and for `why`. */
static void pass_frames(struct qswitch *sw, const uint8_t *data, size_t size)
{
	struct frame f;

	for (int i = 0; i < FRAMES && size; i++) {
		int no = i % PORTS + 1;

		if (!sw->ports[no])
			continue;
		frame_parse(&f, data, size);
		mem_inject(sw->ports[no]->port, &f);
		datapath_ready(sw->ports[no]);
	}
	qswitch_foreach (sw, p)
		while (mem_collect(p->port))
			;
}

static void pump(struct qswitch *sw, int turns)
{
	for (int i = 0; i < turns; i++)
		ev_run(sw->loop, EVRUN_NOWAIT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct qswitch *sw;

	if (!sw)
		sw = new_switch();
	restore(sw);
	char *bytes = malloc(size + 1);
	memcpy(bytes, data, size);
	size_t len = defuse(bytes, size);
	int fd = dial();
	if (send(fd, bytes, len, MSG_NOSIGNAL) < 0)
		len = 0;
	if (!(size & 1))
		shutdown(fd, SHUT_WR);
	pump(sw, TURNS);
	pass_frames(sw, data, size);
	listen_to(fd);
	close(fd);
	pump(sw, 4);
	pass_frames(sw, data, size);
	pump(sw, 4);
	check(books_balance(sw));
	free(bytes);
	return 0;
}
