/* SPDX-License-Identifier: BSD-2-Clause */
/* test_qemu_args.c - the QEMU options for a port. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "switch/client/qemu_args.h"

static void versions(void **state)
{
	(void)state;
	assert_int_equal(qemu_version("QEMU emulator version 7.2.22 (Debian "
				      "1:7.2+dfsg-7+deb12u18)"),
	    702);
	assert_int_equal(qemu_version("QEMU emulator version 10.0.2"), 1000);
	assert_int_equal(qemu_version("9.2"), 902);
	assert_int_equal(qemu_version("new"), 0);
	assert_int_equal(qemu_version(""), 0);
}

#define DEVICE " -device virtio-net-pci,netdev=net0,mac=M"

static void options(void **state)
{
	static const struct {
		struct qemu_target target;
		const char *text;
	} rows[] = {
	    {{"vmtap", "tap0", "", false, 702, "M", "2"},
		"-netdev tap,id=net0,ifname=tap0,script=no,downscript=no,"
		"queues=2" DEVICE},
	    {{"vmtap", "tap0", "", false, 702, "M"},
		"-netdev "
		"tap,id=net0,ifname=tap0,script=no,downscript=no" DEVICE},
	    {{"qemu", "/run/vm.sock", "", false, 702, "M"},
		"-netdev stream,id=net0,server=off,addr.type=unix,"
		"addr.path=/run/vm.sock" DEVICE},
	    {{"qemu", "/run/vm.sock", "", false, 801, "M"},
		"-netdev stream,id=net0,server=off,addr.type=unix,"
		"addr.path=/run/vm.sock,reconnect=1" DEVICE},
	    {{"qemu", "/run/vm.sock", "", false, 1002, "M"},
		"-netdev stream,id=net0,server=off,addr.type=unix,"
		"addr.path=/run/vm.sock,reconnect-ms=1000" DEVICE},
	    {{"qemu", "/run/vm.sock", "", true, 1002, "M"},
		"-netdev stream,id=net0,server=on,addr.type=unix,"
		"addr.path=/run/vm.sock" DEVICE},
	    {{"qemu", "/run/a b$'.sock", "", false, 702, "M"},
		"-netdev 'stream,id=net0,server=off,addr.type=unix,"
		"addr.path=/run/a b$'\\''.sock'" DEVICE},
	    {{"qemu", "tcp:[::1]:5", "", false, 702, "M"},
		"-netdev stream,id=net0,server=off,addr.type=inet,"
		"addr.host=::1,addr.port=5" DEVICE},
	    {{"qemu", "tcp:10.0.0.1:5", "", false, 600, "M"},
		"-netdev socket,id=net0,connect=10.0.0.1:5" DEVICE},
	    {{"dgram", "/a", "/b", false, 702, "M"},
		"-netdev dgram,id=net0,local.type=unix,local.path=/b,"
		"remote.type=unix,remote.path=/a" DEVICE},
	    {{"dgram", "udp:1.1.1.1:1", "2.2.2.2:2", false, 702, "M"},
		"-netdev dgram,id=net0,local.type=inet,local.host=2.2.2.2,"
		"local.port=2,remote.type=inet,remote.host=1.1.1.1,"
		"remote.port=1" DEVICE},
	    {{"dgram", "udp:1.1.1.1:1", "2.2.2.2:2", false, 600, "M"},
		"-netdev socket,id=net0,udp=1.1.1.1:1,"
		"localaddr=2.2.2.2:2" DEVICE},
	    {{"vde", "/run/vde", "", false, 702, "M"},
		"-netdev vde,id=net0,sock=/run/vde" DEVICE},
	};
	char out[QEMU_ARGS];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_true(qemu_args(&rows[i].target, out));
		assert_string_equal(out, rows[i].text);
	}
}

static void refusals(void **state)
{
	static const struct qemu_target rows[] = {
	    {"nic", "eth0", "", false, 702, "M"},
	    {"qemu", "/run/vm.sock", "", false, 701, "M"},
	    {"dgram", "/a", "/b", false, 600, "M"},
	};
	char out[QEMU_ARGS];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_false(qemu_args(&rows[i], out));
		assert_true(*out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(versions),
	    cmocka_unit_test(options),
	    cmocka_unit_test(refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
