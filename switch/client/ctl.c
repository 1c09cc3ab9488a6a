/* SPDX-License-Identifier: BSD-2-Clause */
/* ctl.c - qswitchctl: asks a running qswitchd, and shows what it answers. */
#include "ctl.h"

#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <bsd/string.h>

#include "config.h"
#include "json.h"

#define DEFAULT_NAME "qswitch"

struct target {
	const char *name; /* NULL: not given */
	bool by_path;	  /* --control was given */
	char path[CONFIG_PATH];
};

static int find_socket(struct target *target);
static int connect_to(const struct target *target);
static int ask(struct ctl *ctl);

static void usage(FILE *out)
{
	fputs("usage: qswitchctl [OPTION...] COMMAND [ARGUMENT...]\n"
	      "Look into a running qswitchd and change it.\n\n"
	      "  --name NAME      the switch of that name (" DEFAULT_NAME
	      ", or the only one)\n"
	      "  --control PATH   the switch with that control socket\n"
	      "  --json           the daemon's answer as it is, one object a "
	      "line\n"
	      "  --help           print this and end\n"
	      "  --version        print the version and end\n\n"
	      "Commands:\n",
	    out);
	ctl_list_commands(out);
}

int ctl_fail(int status, const char *fmt, ...)
{
	va_list args;

	fputs("qswitchctl: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	return status;
}

static bool set_path(struct target *target, const char *path)
{
	target->by_path = true;
	if (strlcpy(target->path, path, CONFIG_PATH) < CONFIG_PATH)
		return true;
	ctl_fail(CTL_USAGE, "--control %s: longer than %d bytes", path,
	    CONFIG_PATH - 1);
	return false;
}

/* Return: -1 go on, else the exit status. */
static int parse_options(
    struct ctl *ctl, struct target *target, int argc, char *argv[])
{
	static const struct option table[] = {
	    {"name", required_argument, NULL, 'n'},
	    {"control", required_argument, NULL, 'c'},
	    {"json", no_argument, NULL, 'j'},
	    {"help", no_argument, NULL, 'h'},
	    {"version", no_argument, NULL, 'V'},
	    {0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "+hV", table, NULL)) != -1) {
		if (c == 'n')
			target->name = optarg;
		else if (c == 'c' && !set_path(target, optarg))
			return CTL_USAGE;
		else if (c == 'j')
			ctl->json = true;
		else if (c == 'h')
			return usage(stdout), CTL_OK;
		else if (c == 'V')
			return puts("qswitchctl " QSWITCH_VERSION), CTL_OK;
		else if (c == '?')
			return CTL_USAGE;
	}
	if (optind < argc)
		return -1;
	usage(stderr);
	return CTL_USAGE;
}

static int run(struct ctl *ctl, struct target *target, int argc, char *argv[])
{
	int status = parse_options(ctl, target, argc, argv);

	if (status >= 0)
		return status;
	status = ctl_parse(ctl, argc - optind, argv + optind);
	if (status)
		return status;
	status = find_socket(target);
	if (status)
		return status;
	ctl->fd = connect_to(target);
	if (ctl->fd < 0)
		return CTL_FAILED;
	ctl->in = fdopen(ctl->fd, "r");
	if (!ctl->in)
		return ctl_fail(CTL_FAILED, "%s", strerror(errno));
	return ask(ctl);
}

int main(int argc, char *argv[])
{
	struct target target = {0};
	struct ctl ctl = {
	    .fd = -1,
	    .request = json_object_new_object(),
	    .local = json_object_new_object(),
	};
	int status = run(&ctl, &target, argc, argv);

	if (ctl.in)
		fclose(ctl.in);
	json_object_put(ctl.request);
	json_object_put(ctl.local);
	if (fflush(stdout) || ferror(stdout))
		return ctl_fail(
		    CTL_FAILED, "standard output: %s", strerror(errno));
	return status;
}

/* The names of the switches with a socket in @directory, "a, b"; how many. */
static int list_switches(
    const char *directory, char *names, size_t size, char only[CONFIG_PATH])
{
	DIR *dir = opendir(directory);
	const struct dirent *entry;
	int n = 0;

	*names = 0;
	while (dir && (entry = readdir(dir))) {
		size_t len = strlen(entry->d_name);

		if (len < 6 || strcmp(entry->d_name + len - 5, ".sock"))
			continue;
		snprintf(
		    only, CONFIG_PATH, "%.*s", (int)len - 5, entry->d_name);
		strlcat(names, n++ ? ", " : "", size);
		strlcat(names, only, size);
	}
	if (dir)
		closedir(dir);
	return n;
}

/* --control, else the socket of --name, else of the default name, else the
 * only one there is. */
static int find_socket(struct target *target)
{
	char directory[CONFIG_PATH], names[512], only[CONFIG_PATH];

	if (target->by_path)
		return CTL_OK;
	config_control_path(
	    target->name ? target->name : DEFAULT_NAME, target->path);
	if (target->name || !access(target->path, F_OK))
		return CTL_OK;
	strlcpy(directory, target->path, sizeof directory);
	int n = list_switches(dirname(directory), names, sizeof names, only);
	if (n == 1)
		config_control_path(only, target->path);
	if (n <= 1)
		return CTL_OK;
	return ctl_fail(CTL_FAILED,
	    "several switches are running (%s): choose one with --name", names);
}

static int connect_fail(const struct target *target)
{
	const char *how =
	    errno == ENOENT ? "no socket at" : "nobody answers at";

	if (errno == EACCES)
		return ctl_fail(-1,
		    "not permitted to use %s: become its owner or a member of "
		    "its group (sudo)",
		    target->path);
	if (errno != ENOENT && errno != ECONNREFUSED)
		return ctl_fail(-1, "%s: %s", target->path, strerror(errno));
	if (target->by_path)
		return ctl_fail(-1,
		    "no switch is running there (%s %s): start qswitchd with "
		    "--control %s, or name another socket",
		    how, target->path, target->path);
	return ctl_fail(-1,
	    "no switch named %s is running (%s %s): start qswitchd or name the "
	    "socket with --control",
	    target->name ? target->name : DEFAULT_NAME, how, target->path);
}

/* Return: a descriptor; or -1, having said why. */
static int connect_to(const struct target *target)
{
	struct sockaddr_un sun = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return ctl_fail(-1, "socket: %s", strerror(errno));
	strlcpy(sun.sun_path, target->path, sizeof sun.sun_path);
	if (!connect(fd, (const struct sockaddr *)&sun, sizeof sun))
		return fd;
	int result = connect_fail(target);
	close(fd);
	return result;
}

static bool send_request(struct ctl *ctl, struct json_object *request)
{
	size_t len, sent = 0;
	char *line;
	int n = asprintf(&line, "%s\n", json_line(request, &len));

	while (n > 0 && sent < (size_t)n) {
		ssize_t done =
		    send(ctl->fd, line + sent, (size_t)n - sent, MSG_NOSIGNAL);
		if (done < 0)
			break;
		sent += (size_t)done;
	}
	if (n >= 0)
		free(line);
	return n > 0 && sent == (size_t)n;
}

struct json_object *ctl_read(struct ctl *ctl, const char **text)
{
	static char *line; /* grows to the longest line there is */
	static size_t size;
	ssize_t len = getline(&line, &size, ctl->in);

	*text = line;
	return len > 0 ? json_tokener_parse(line) : NULL;
}

struct json_object *ctl_exchange(
    struct ctl *ctl, struct json_object *request, const char **line)
{
	return send_request(ctl, request) ? ctl_read(ctl, line) : NULL;
}

/* One request, one answer. NULL, having said why, if it is not ok. */
static struct json_object *exchange(struct ctl *ctl)
{
	const char *line;
	struct json_object *answer = ctl_exchange(ctl, ctl->request, &line);

	if (!answer) {
		ctl_fail(CTL_FAILED, "the switch has closed the connection");
		return NULL;
	}
	if (get_bool(answer, "ok"))
		return answer;
	if (ctl->json)
		fputs(line, stdout);
	ctl_fail(CTL_FAILED, "%s", get_text(answer, "error"));
	json_object_put(answer);
	return NULL;
}

/* Move what is in @list of @from to the end of that of @to. */
static void append(
    struct json_object *to, struct json_object *from, const char *list)
{
	struct json_object *source = get(from, list);
	struct json_object *target = get(to, list);
	size_t n = source ? json_object_array_length(source) : 0;

	for (size_t i = 0; i < n; i++)
		json_object_array_add(target,
		    json_object_get(json_object_array_get_idx(source, i)));
}

/* Those of `why --last N` that are still wanted; false: none. */
static bool wants_more(struct ctl *ctl, struct json_object *answer)
{
	uint64_t last = get_count(ctl->local, "last");
	size_t have = json_object_array_length(get(answer, ctl->command->list));

	if (!last)
		return true;
	json_put_count(ctl->request, "last", last > have ? last - have : 0);
	return last > have;
}

/* All pages as one answer. */
static struct json_object *exchange_all(struct ctl *ctl)
{
	const char *list = ctl->command->list;
	struct json_object *answer = exchange(ctl);
	uint64_t next = get_count(answer, "next");

	json_put_count(ctl->local, "last", get_count(ctl->request, "last"));
	while (answer && list && next && wants_more(ctl, answer)) {
		json_put_count(ctl->request, "from", next);
		struct json_object *more = exchange(ctl);
		next = get_count(more, "next");
		if (more) {
			append(answer, more, list);
		} else {
			json_object_put(answer);
			answer = NULL;
		}
		json_object_put(more);
	}
	if (answer && list)
		json_object_object_del(answer, "next");
	return answer;
}

static int ask(struct ctl *ctl)
{
	struct json_object *answer = exchange_all(ctl);
	size_t len;
	int status = CTL_OK;

	if (!answer)
		return CTL_FAILED;
	bool endless = ctl->command->show == ctl_monitor ||
		       ctl->command->show == ctl_capture;
	if (ctl->json && !endless)
		puts(json_line(answer, &len));
	else
		status = ctl->command->show(ctl, answer);
	json_object_put(answer);
	return status;
}
