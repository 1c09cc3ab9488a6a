/* SPDX-License-Identifier: BSD-2-Clause */
/* environment.c - the machine of a result (see environment.h). */
#include "environment.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "commit.h"
#include "process.h"

static void add(json_object *to, const char *key, const char *value);
static void add_processors(json_object *to);
static void processor(char *model, size_t size);
static void first_line(const char *path, char *line, size_t size);
static void add_iperf3(json_object *to);
static void add_date(json_object *to);

json_object *environment_json(void)
{
	json_object *to = json_object_new_object();
	struct utsname name;
	char line[128];

	uname(&name);
	add(to, "kernel", name.release);
	add(to, "machine", name.machine);
	add_processors(to);
	json_object_object_add(to, "memory_mib",
	    json_object_new_int64((int64_t)sysconf(_SC_PHYS_PAGES) *
				  sysconf(_SC_PAGESIZE) / 1048576));
	first_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor",
	    line, sizeof(line));
	add(to, "governor", line[0] ? line : "none");
	first_line("/proc/loadavg", line, sizeof(line));
	add(to, "load_before", line);
	add_iperf3(to);
	add(to, "version", QSWITCH_VERSION);
	add(to, "commit", QSWITCH_COMMIT);
	add_date(to);
	return to;
}

static void add(json_object *to, const char *key, const char *value)
{
	json_object_object_add(to, key, json_object_new_string(value));
}

static void add_processors(json_object *to)
{
	char model[128];
	cpu_set_t usable;

	processor(model, sizeof(model));
	add(to, "cpu", model);
	CPU_ZERO(&usable);
	sched_getaffinity(0, sizeof(usable), &usable);
	json_object_object_add(to, "cpus",
	    json_object_new_int((int)sysconf(_SC_NPROCESSORS_ONLN)));
	json_object_object_add(
	    to, "cpus_usable", json_object_new_int(CPU_COUNT(&usable)));
}

/* x86 has "model name"; others have "Model", "Processor" or none of them. */
static void processor(char *model, size_t size)
{
	FILE *file = fopen("/proc/cpuinfo", "re");
	char line[256];

	snprintf(model, size, "unknown");
	while (file && fgets(line, sizeof(line), file)) {
		char *colon = strchr(line, ':');

		if (!colon || strncasecmp(line, "model name", 10) != 0)
			continue;
		colon[strcspn(colon, "\n")] = '\0';
		snprintf(model, size, "%s", colon + 2);
		break;
	}
	if (file)
		fclose(file);
}

static void first_line(const char *path, char *line, size_t size)
{
	FILE *file = fopen(path, "re");

	line[0] = '\0';
	if (!file)
		return;
	if (fgets(line, (int)size, file))
		line[strcspn(line, "\n")] = '\0';
	fclose(file);
}

static void add_iperf3(json_object *to)
{
	const char *const argv[] = {"iperf3", "--version", NULL};
	char output[512];
	int status = process_filter(-1, argv, NULL, output, sizeof(output));

	output[strcspn(output, "\n")] = '\0';
	add(to, "iperf3", status == 0 ? output : "not installed");
}

static void add_date(json_object *to)
{
	time_t now = time(NULL);
	struct tm utc;
	char text[32];

	gmtime_r(&now, &utc);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
	add(to, "date", text);
}
