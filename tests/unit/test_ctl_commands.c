/* SPDX-License-Identifier: BSD-2-Clause */
/* test_ctl_commands.c - from the command line to a request, and --help. */
#include "cm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "switch/client/ctl.h"
#include "switch/client/ctl_commands.h"
#include "switch/protocol/json.h"

enum { WORDS = 16 };

/* Parses @line, words apart by single blanks. Return: exit status. */
static int parse(struct ctl *ctl, const char *line)
{
	static char copy[256];
	char *argv[WORDS];
	int argc = 0;

	*ctl = (struct ctl){
	    .request = json_object_new_object(),
	    .local = json_object_new_object(),
	};
	snprintf(copy, sizeof(copy), "%s", line);
	for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	return ctl_parse(ctl, argc, argv);
}

static void release(struct ctl *ctl)
{
	json_object_put(ctl->request);
	json_object_put(ctl->local);
}

static void requests(void **state)
{
	static const struct {
		const char *line, *request, *local;
	} cases[] = {
	    {"ports", "{\"cmd\":\"ports\"}", "{}"},
	    {"watch", "{\"cmd\":\"info\"}", "{}"},
	    {"ports tap0 --sort name --human",
		"{\"cmd\":\"ports\",\"port\":\"tap0\"}",
		"{\"--sort\":\"name\",\"--human\":true}"},
	    {"fdb show --port a", "{\"cmd\":\"fdb\",\"port\":\"a\"}", "{}"},
	    {"explain a --src 02:00:00:00:00:01 --dst 02:00:00:00:00:02 "
	     "--vlan 0",
		"{\"cmd\":\"explain\",\"port\":\"a\","
		"\"src\":\"02:00:00:00:00:01\","
		"\"dst\":\"02:00:00:00:00:02\",\"vlan\":0}",
		"{}"},
	    {"port show", "{\"cmd\":\"ports\"}", "{}"},
	    {"stp show", "{\"cmd\":\"stp\"}", "{}"},
	    {"capture all icmp and -c 2 not arp",
		"{\"cmd\":\"capture\",\"port\":\"all\"}",
		"{\"FILTER\":\"icmp and not arp\",\"-c\":2}"},
	    {"port add qemu:/run/x",
		"{\"cmd\":\"port add\",\"spec\":"
		"\"qemu:/run/x\"}",
		"{}"},
	    {"fdb --vlan 7 --port a",
		"{\"cmd\":\"fdb\",\"vlan\":7,"
		"\"port\":\"a\"}",
		"{}"},
	    {"fdb flush --static", "{\"cmd\":\"fdb flush\",\"static\":true}",
		"{}"},
	    {"counters --all", "{\"cmd\":\"counters\"}", "{\"--all\":true}"},
	    {"capture all -c 3 -w - -s 60",
		"{\"cmd\":\"capture\",\"port\":"
		"\"all\",\"snaplen\":60}",
		"{\"-c\":3,\"-w\":\"-\"}"},
	    {"slow 0.5", "{\"cmd\":\"slow\",\"factor\":0.5}", "{}"},
	    {"step", "{\"cmd\":\"step\"}", "{}"},
	    {"set port a cost=5",
		"{\"cmd\":\"set port\",\"port\":\"a\","
		"\"setting\":\"cost=5\"}",
		"{}"},
	};
	struct ctl ctl;
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(parse(&ctl, cases[i].line), CTL_OK);
		assert_string_equal(
		    json_line(ctl.request, &len), cases[i].request);
		assert_string_equal(json_line(ctl.local, &len), cases[i].local);
		release(&ctl);
	}
}

static void json_may_stand_behind(void **state)
{
	struct ctl ctl;

	(void)state;
	assert_int_equal(parse(&ctl, "ports -j"), CTL_OK);
	assert_true(ctl.json);
	release(&ctl);
	assert_int_equal(parse(&ctl, "ports --json"), CTL_OK);
	assert_true(ctl.json);
	assert_string_equal(ctl.command->list, "ports");
	release(&ctl);
}

static void help_of_a_command(void **state)
{
	static const char *const lines[] = {
	    "fdb add --help",
	    "fdb add -h",
	    "help fdb add",
	};
	struct ctl ctl;
	char *text = NULL;
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		assert_int_equal(parse(&ctl, lines[i]), CTL_OK);
		assert_true(ctl.help);
		assert_string_equal(ctl.command->name, "fdb add");
		release(&ctl);
	}
	assert_int_equal(parse(&ctl, "fdb add -h"), CTL_OK);
	FILE *out = open_memstream(&text, &len);
	ctl_help(ctl.command, out);
	fclose(out);
	assert_non_null(strstr(text, "-j] fdb add MAC PORT [--vlan V]\n"));
	assert_non_null(strstr(text, "\nAdd a static entry."));
	free(text);
	release(&ctl);
	assert_int_equal(parse(&ctl, "help"), CTL_OK);
	assert_true(ctl.help);
	assert_null(ctl.command);
	release(&ctl);
}

static void wrong_lines(void **state)
{
	static const char *const lines[] = {
	    "nothing",
	    "help nothing",
	    "fdb --mac zz",
	    "fdb add zz a",
	    "fdb --vlan 0",
	    "fdb --vlan 4095",
	    "why --mac 02:00:00:00:00:01:02",
	    "explain a --src 02:00:00:00:00:01 --dst x",
	    "ports a b",
	    "port",
	    "port del",
	    "port del a b",
	    "ports --port a",
	    "fdb --vlan",
	    "fdb --vlan x",
	    "fdb --vlan -1",
	    "fdb --vlan 1.5",
	    "slow",
	    "slow 1x",
	    "explain a --src 02:00:00:00:00:01",
	};
	struct ctl ctl;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		assert_int_equal(parse(&ctl, lines[i]), CTL_USAGE);
		release(&ctl);
	}
}

static void help_lists_usage_and_help(void **state)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	ctl_list_commands(out);
	fclose(out);
	assert_non_null(strstr(text, "\nPorts:\n  ports [PORT] [--sort COLUMN] "
				     "[--human]\n        list ports"));
	assert_non_null(strstr(text, "  explain PORT --src M --dst M "
				     "[--vlan V]\n"));
	assert_non_null(strstr(text, "  counters [--all] [--since]\n"));
	assert_null(strstr(text, "  help\n"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(requests),
	    cmocka_unit_test(json_may_stand_behind),
	    cmocka_unit_test(help_of_a_command),
	    cmocka_unit_test(wrong_lines),
	    cmocka_unit_test(help_lists_usage_and_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
