/* SPDX-License-Identifier: BSD-2-Clause */
/* metrics.c - the counters of all switches as text: see metrics.h. */
#include "metrics.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "switch/protocol/json.h"

/* Families of metrics with one sample per port. */
static const struct family {
	const char *name, *type, *help;
	const char *key; /* of a port in the answer to "ports" */
} families[] = {
    {"qswitch_port_up", "gauge", "Whether frames can pass.", "up"},
    {"qswitch_port_receive_frames", "counter", "Frames received.", "rx_frames"},
    {"qswitch_port_receive_bytes", "counter", "Bytes received.", "rx_bytes"},
    {"qswitch_port_receive_dropped", "counter",
	"Frames lost before the switch could read them.", "rx_dropped"},
    {"qswitch_port_transmit_frames", "counter", "Frames sent.", "tx_frames"},
    {"qswitch_port_transmit_bytes", "counter", "Bytes sent.", "tx_bytes"},
    {"qswitch_port_transmit_full", "counter",
	"Frames that a full device or peer did not accept.", "tx_full"},
    {"qswitch_port_transmit_oversize", "counter", "Frames longer than the MTU.",
	"tx_oversize"},
    {"qswitch_port_transmit_down", "counter",
	"Frames for a device that was down.", "tx_down"},
    {"qswitch_port_transmit_errors", "counter",
	"Frames rejected for another reason.", "tx_error"},
    {"qswitch_port_addresses", "gauge", "Addresses learned.", "fdb_dynamic"},
};

static double weight(const char *accept, const char *type);
static void put_all(FILE *out, struct json_object *told, bool open);
static void put_port_samples(
    FILE *out, const struct family *f, struct json_object *told);
static void put_verdicts(FILE *out, struct json_object *told);
static void put_tree(FILE *out, struct json_object *told);
static struct json_object *list_of(
    struct json_object *told, const char *answer, const char *list);
static void head(
    FILE *out, bool open, const char *name, const char *type, const char *help);
static const char *suffix(const char *type);
static void sample(
    FILE *out, const char *name, const char *type, struct json_object *told);
static void label(FILE *out, const char *key, const char *value);
static const char *text_of(struct json_object *from, const char *key);
static uint64_t count_of(struct json_object *from, const char *key);

bool metrics_wants_open(const char *accept)
{
	double open = weight(accept, "application/openmetrics-text");

	return open > 0 && open >= weight(accept, "text/plain");
}

/* The highest q of @type in the list @accept, such as "text/html, text/plain;
 * version=0.0.4;q=0.5" (RFC 9110 12.5.1); 0 if it is not there. */
static double weight(const char *accept, const char *type)
{
	double best = 0;

	while (accept && *accept) {
		accept += strspn(accept, " \t,");
		size_t len = strcspn(accept, ",");
		size_t name = strcspn(accept, " \t;,");
		const char *q = strcasestr(accept, ";q=");
		double here = q && q < accept + len ? strtod(q + 3, NULL) : 1;
		if (name == strlen(type) &&
		    strncasecmp(accept, type, name) == 0 && here > best)
			best = here;
		accept += len;
	}
	return best;
}

const char *metrics_type(bool open)
{
	return open ? "application/openmetrics-text; version=1.0.0; "
		      "charset=utf-8"
		    : "text/plain; version=0.0.4; charset=utf-8";
}

char *metrics_text(struct json_object *told, bool open)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	put_all(out, told, open);
	fclose(out);
	return text;
}

static void put_all(FILE *out, struct json_object *told, bool open)
{
	size_t n = json_object_array_length(told);

	for (size_t f = 0; f < sizeof(families) / sizeof(*families); f++) {
		head(out, open, families[f].name, families[f].type,
		    families[f].help);
		for (size_t i = 0; i < n; i++)
			put_port_samples(out, &families[f],
			    json_object_array_get_idx(told, i));
	}
	head(out, open, "qswitch_frames", "counter", "Frames by verdict.");
	for (size_t i = 0; i < n; i++)
		put_verdicts(out, json_object_array_get_idx(told, i));
	head(out, open, "qswitch_topology_changes", "counter",
	    "Topology changes of the spanning tree.");
	for (size_t i = 0; i < n; i++)
		put_tree(out, json_object_array_get_idx(told, i));
	if (open)
		fputs("# EOF\n", out);
}

static void put_port_samples(
    FILE *out, const struct family *f, struct json_object *told)
{
	struct json_object *ports = list_of(told, "ports", "ports");
	size_t n = ports ? json_object_array_length(ports) : 0;

	for (size_t i = 0; i < n; i++) {
		struct json_object *port = json_object_array_get_idx(ports, i);
		sample(out, f->name, f->type, told);
		fputc(',', out);
		label(out, "port", text_of(port, "name"));
		fprintf(out, "} %" PRIu64 "\n", count_of(port, f->key));
	}
}

static void put_verdicts(FILE *out, struct json_object *told)
{
	struct json_object *verdicts = json_object_object_get(
	    json_object_object_get(told, "counters"), "verdicts");

	if (!json_object_is_type(verdicts, json_type_object))
		return;
	json_object_object_foreach (verdicts, key, value) {
		sample(out, "qswitch_frames", "counter", told);
		fputc(',', out);
		label(out, "verdict", key);
		fprintf(out, "} %" PRIu64 "\n", json_object_get_uint64(value));
	}
}

static void put_tree(FILE *out, struct json_object *told)
{
	if (!json_object_object_get(told, "stp"))
		return;
	sample(out, "qswitch_topology_changes", "counter", told);
	fprintf(out, "} %" PRIu64 "\n",
	    count_of(json_object_object_get(told, "stp"), "topology_changes"));
}

static struct json_object *list_of(
    struct json_object *told, const char *answer, const char *list)
{
	struct json_object *array =
	    json_object_object_get(json_object_object_get(told, answer), list);

	return json_object_is_type(array, json_type_array) ? array : NULL;
}

/* OpenMetrics names a counter without "_total", its samples with it. */
static void head(
    FILE *out, bool open, const char *name, const char *type, const char *help)
{
	const char *end = open ? "" : suffix(type);

	fprintf(out, "# HELP %s%s %s\n# TYPE %s%s %s\n", name, end, help, name,
	    end, type);
}

static const char *suffix(const char *type)
{
	return strcmp(type, "counter") == 0 ? "_total" : "";
}

/* name[_total]{switch="s1" - without the closing brace */
static void sample(
    FILE *out, const char *name, const char *type, struct json_object *told)
{
	fprintf(out, "%s%s{", name, suffix(type));
	label(out, "switch",
	    text_of(json_object_object_get(told, "info"), "name"));
}

/* A label's value (OpenMetrics 1.0 "escaped-string"). */
static void label(FILE *out, const char *key, const char *value)
{
	fprintf(out, "%s=\"", key);
	for (; *value; value++) {
		if (*value == '\n') {
			fputs("\\n", out);
			continue;
		}
		if (*value == '"' || *value == '\\')
			fputc('\\', out);
		fputc(*value, out);
	}
	fputc('"', out);
}

static const char *text_of(struct json_object *from, const char *key)
{
	const char *text =
	    json_object_get_string(json_object_object_get(from, key));

	return text ? text : "";
}

static uint64_t count_of(struct json_object *from, const char *key)
{
	return json_object_get_uint64(json_object_object_get(from, key));
}
