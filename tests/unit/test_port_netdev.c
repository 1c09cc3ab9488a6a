/* SPDX-License-Identifier: BSD-2-Clause */
/* test_port_netdev.c - TAP and NIC ports on real interfaces. */
#include "lab.h"

static struct port_host host;

static size_t make_tagged(uint8_t *buf, uint16_t tpid, uint16_t tci, size_t len)
{
	static const uint8_t addrs[12] = {2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 1};

	memset(buf, 0x5a, len);
	memcpy(buf, addrs, 12);
	if (tpid) {
		buf[12] = (uint8_t)(tpid >> 8);
		buf[13] = (uint8_t)tpid;
		buf[14] = (uint8_t)(tci >> 8);
		buf[15] = (uint8_t)tci;
		buf += 4;
	}
	buf[12] = 0x88;
	buf[13] = 0xb5;
	return len;
}

static void pass(struct port *from, struct port *to)
{
	struct batch batch;
	const struct frame *f;

	assert_int_equal(lab_receive(from, &batch), 1);
	f = &batch.frames[0];
	port_send(to, &f, 1);
	port_release(from, &batch);
}

static void check_tags(const char *nic_spec)
{
	static const uint16_t tpids[] = {0, 0x8100, 0x88a8};
	struct port *tap, *nic;
	uint8_t in[2000], out[2000];
	int wire, side;

	lab_run("ip link add n0 type veth peer name w0 && ip link set w0 up");
	tap = lab_open(&host, "tap:t0");
	nic = lab_open(&host, nic_spec);
	assert_true(port_up(tap));
	side = lab_wire("t0");
	wire = lab_wire("w0");
	for (int i = 0; i < 3; i++) {
		size_t len = make_tagged(in, tpids[i], 0x2005, 64);

		lab_say(wire, in, len);
		pass(nic, tap);
		assert_int_equal(lab_hear(side, out, sizeof(out)), len);
		assert_memory_equal(in, out, len);
		lab_say(side, in, len);
		pass(tap, nic);
		assert_int_equal(lab_hear(wire, out, sizeof(out)), len);
		assert_memory_equal(in, out, len);
	}
	assert_int_equal(nic->counters.tx_frames, 3);
	assert_int_equal(tap->counters.tx_frames, 3);
	port_free(tap);
	port_free(nic);
	assert_int_equal(if_nametoindex("t0"), 0);
	close(side);
	close(wire);
	lab_run("ip link del n0");
}

static void test_tags(void **state)
{
	(void)state;
	check_tags("nic:n0");
}

static void test_tags_pcap(void **state)
{
	(void)state;
	check_tags("nic:n0,driver=pcap");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_tags),
	    cmocka_unit_test(test_tags_pcap),
	};

	lab_enter();
	lab_host(&host);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
