/* SPDX-License-Identifier: BSD-2-Clause */
/* ctl_qemu.c - qemu-args: the options for a port and the installed QEMU. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bsd/stdlib.h>

#include "answer.h"
#include "ctl.h"
#include "ctl_show.h"
#include "qemu_args.h"

static int installed_version(void);
static void new_address(char mac[18]);

int show_qemu_args(struct ctl *ctl, struct json_object *answer)
{
	const char *wanted = get_text(ctl->local, "--qemu");
	struct json_object *port = get(answer, "port");
	char mac[18], out[QEMU_ARGS];
	struct qemu_target target = {
	    .kind = get_text(port, "kind"),
	    .arg = get_text(port, "arg"),
	    .remote = get_text(get(port, "facts"), "remote"),
	    .connects =
		strcmp(get_text(get(port, "facts"), "connects"), "yes") == 0,
	    .version = *wanted ? qemu_version(wanted) : installed_version(),
	    .mac = mac,
	    .queues = get_text(get(port, "facts"), "queues"),
	};
	new_address(mac);
	if (!target.version)
		return ctl_fail(CTL_FAILED,
		    *wanted ? "--qemu %s is not a version: write it like 9.2"
			    : "%sno QEMU is installed here: give its version, "
			      "such as --qemu 9.2",
		    wanted);
	if (!qemu_args(&target, out))
		return ctl_fail(
		    CTL_FAILED, "%s: %s", get_text(port, "name"), out);
	puts(out);
	who_may_connect(port, out);
	if (*out)
		fprintf(stderr, "qswitchctl: note: %s: %s\n",
		    get_text(port, "name"), out);
	return CTL_OK;
}

void who_may_connect(struct json_object *port, char text[WHO_TEXT])
{
	const char *who = get_text(get(port, "facts"), "may connect");

	*text = '\0';
	if (*who && strcmp(who, "everyone") != 0)
		snprintf(text, WHO_TEXT,
		    "%s may connect: owner=USER or group=GROUP,mode=0660 lets "
		    "others",
		    who);
}

static int installed_version(void)
{
	static const char *const programs[] = {
	    "qemu-system-x86_64 --version 2>/dev/null",
	    "qemu-system-aarch64 --version 2>/dev/null",
	    "qemu-system-arm --version 2>/dev/null",
	    "kvm --version 2>/dev/null",
	};
	char line[128];
	int version = 0;

	for (size_t i = 0; !version && i < sizeof(programs) / sizeof(*programs);
	     i++) {
		FILE *out = popen(programs[i], "re");

		if (out && fgets(line, sizeof(line), out))
			version = qemu_version(line);
		if (out)
			pclose(out);
	}
	return version;
}

/* A random address each time: QEMU gives every guest the same. */
static void new_address(char mac[18])
{
	uint32_t random = arc4random();

	snprintf(mac, 18, "52:54:00:%02x:%02x:%02x", random & 0xff,
	    random >> 8 & 0xff, random >> 16 & 0xff);
}
