/* SPDX-License-Identifier: BSD-2-Clause */
/* test_port.c - the life of a port and its books, on ports without a device. */
#include "ports/link.h"
#include "ports/mem.h"

#include "netns.h"

static struct port_host host;

/* A kind whose send() answers what a test has queued. */
static int answers[8], n_answers, n_sends;

static int script_open(struct port *port, char *err)
{
	(void)err;
	port->can = CAN_ALL;
	port->mtu = 1500;
	port->carrier = true;
	return 0;
}

static int script_receive(struct port *port, struct batch *batch)
{
	(void)port, (void)batch;
	return 0;
}

static int script_send(
    struct port *port, const struct frame *const *frames, int n)
{
	(void)port, (void)frames, (void)n;
	assert_true(n_sends < n_answers);
	return answers[n_sends++];
}

static int script_link(struct port *port, const struct link *link, char *err)
{
	port->carrier = link->carrier;
	if (link->deleted)
		return port_refuse(err, -ENODEV, "it was deleted");
	if (!link->carrier)
		port_refuse(err, 0, "no carrier");
	return 0;
}

static void script_close(struct port *port)
{
	(void)port;
}

static const struct port_kind kind_script = {
    .name = "script",
    .open = script_open,
    .receive = script_receive,
    .send = script_send,
    .link = script_link,
    .close = script_close,
};

static struct port *open_kind(const struct port_kind *kind)
{
	struct port_spec spec = {.kind = "mem", .arg = "m", .name = "m"};
	struct port *port = port_new(kind, &spec, &host, 1, NULL);

	assert_non_null(port);
	assert_int_equal(port_open(port), 0);
	return port;
}

static struct port *open_script(int n, const int *queue)
{
	memcpy(answers, queue, (size_t)n * sizeof(*queue));
	n_answers = n;
	n_sends = 0;
	return open_kind(&kind_script);
}

/* IPv4 TCP with 40 bytes of headers and @payload bytes behind. */
static uint8_t tcp_bytes[ETH_HEAD + 40 + 8000];

static struct frame tcp_frame(size_t payload)
{
	size_t len = ETH_HEAD + 40 + payload;
	uint8_t *ip = tcp_bytes + ETH_HEAD;
	struct frame f;

	memset(tcp_bytes, 2, sizeof(tcp_bytes));
	tcp_bytes[12] = 8;
	tcp_bytes[13] = 0;
	memset(ip, 0, 40);
	ip[0] = 0x45;
	ip[2] = (uint8_t)((len - ETH_HEAD) >> 8);
	ip[3] = (uint8_t)(len - ETH_HEAD);
	ip[9] = 6;
	ip[20 + 12] = 0x50;
	assert_true(frame_parse(&f, tcp_bytes, len));
	return f;
}

static struct frame super_frame(size_t payload)
{
	struct frame f = tcp_frame(payload);

	f.off = (struct offload){.needs_csum = true,
	    .csum_start = ETH_HEAD + 20,
	    .csum_offset = 16,
	    .gso_type = GSO_TCPV4,
	    .gso_size = 1000};
	assert_true(offload_valid(&f));
	return f;
}

static uint64_t copies(const struct port *port)
{
	const struct port_counters *c = &port->counters;

	return c->tx_frames + c->tx_full + c->tx_oversize + c->tx_down +
	       c->tx_error;
}

static void test_table(void **state)
{
	(void)state;
	assert_ptr_equal(
	    port_kind_find("nic", NULL), port_kind_find("nic", "packet"));
	assert_ptr_not_equal(
	    port_kind_find("nic", NULL), port_kind_find("nic", "pcap"));
	assert_non_null(port_kind_find("tap", NULL));
	assert_null(port_kind_find("tap", "pcap"));
	assert_null(port_kind_find("mem", NULL));
	for (int i = 0; port_kinds[i]; i++) {
		assert_non_null(port_kinds[i]->open);
		assert_non_null(port_kinds[i]->receive);
		assert_non_null(port_kinds[i]->send);
		assert_non_null(port_kinds[i]->close);
		assert_non_null(port_kinds[i]->help);
	}
}

static void test_number(void **state)
{
	struct port_spec spec = netns_spec("tap:t,mtu=9000,low=-1,word=big");
	char err[PORT_ERR];
	uint32_t value = 7;

	(void)state;
	assert_int_equal(port_spec_number(&spec, "none", 1, 2, &value, err), 0);
	assert_int_equal(value, 7);
	assert_int_equal(
	    port_spec_number(&spec, "mtu", 68, 9000, &value, err), 0);
	assert_int_equal(value, 9000);
	assert_int_equal(
	    port_spec_number(&spec, "mtu", 68, 1500, &value, err), -EINVAL);
	assert_string_equal(
	    err, "tap:t: mtu=9000 is too large: give 68 to 1500");
	assert_int_equal(
	    port_spec_number(&spec, "low", 0, 9, &value, err), -EINVAL);
	assert_int_equal(
	    port_spec_number(&spec, "word", 0, 9, &value, err), -EINVAL);
}

/* What goes in comes out, in order, and is counted. */
static void test_mem(void **state)
{
	struct port *port = open_kind(&kind_mem);
	struct frame f = tcp_frame(10), tagged = f;
	const struct frame *pair[] = {&f, &tagged}, *got;
	struct batch batch;

	(void)state;
	tagged.tpid = 0x88a8;
	tagged.tci = 5;
	assert_int_equal(port_receive(port, &batch), 0);
	assert_int_equal(mem_inject(port, &f), 0);
	assert_int_equal(mem_inject(port, &tagged), 0);
	assert_int_equal(netns_receive(port, &batch), 2);
	assert_int_equal(batch.frames[0].tpid, 0);
	assert_int_equal(batch.frames[1].tpid, 0x88a8);
	assert_int_equal(port->counters.rx_frames, 2);
	assert_int_equal(port->counters.rx_bytes, 64 + 68);
	port_release(port, &batch);
	port_send(port, pair, 2);
	assert_int_equal(port->counters.tx_frames, 2);
	assert_int_equal(port->counters.tx_bytes, 64 + 68);
	got = mem_collect(port);
	assert_memory_equal(got->body, f.body, f.body_len);
	got = mem_collect(port);
	assert_int_equal(got->tci, 5);
	assert_null(mem_collect(port));
	port_free(port);
}

static void test_batch_limit(void **state)
{
	struct port *port = open_kind(&kind_mem);
	struct frame f = tcp_frame(0);
	struct batch batch;

	(void)state;
	for (int i = 0; i < BATCH_MAX + 1; i++)
		assert_int_equal(mem_inject(port, &f), 0);
	assert_int_equal(port_receive(port, &batch), BATCH_MAX);
	port_release(port, &batch);
	netns_wait(port->fd, POLLIN); /* there is more */
	assert_int_equal(port_receive(port, &batch), 1);
	port_free(port); /* with a batch lent out */
}

/* Each copy is in exactly one counter: room for 3 of 5, then none. */
static void test_full(void **state)
{
	struct port *port = open_kind(&kind_mem);
	struct frame f = tcp_frame(0);
	const struct frame *five[] = {&f, &f, &f, &f, &f};

	(void)state;
	mem_set_room(port, 3);
	port_send(port, five, 5);
	assert_int_equal(port->counters.tx_frames, 3);
	assert_int_equal(port->counters.tx_full, 2);
	assert_int_equal(copies(port), 5);
	port_free(port);
}

/* One frame that is refused does not take others along. */
static void test_refused(void **state)
{
	static const int queue[] = {1, -EIO, -EMSGSIZE, 1};
	struct port *port = open_script(4, queue);
	struct frame f = tcp_frame(0);
	const struct frame *four[] = {&f, &f, &f, &f};

	(void)state;
	port_send(port, four, 4);
	assert_int_equal(port->counters.tx_frames, 2);
	assert_int_equal(port->counters.tx_error, 1);
	assert_int_equal(port->counters.tx_oversize, 1);
	assert_true(port_up(port));
	port_free(port);
}

/* The port goes down with a reason; the rest of the batch is accounted for. */
static void test_send_fails(void **state)
{
	static const int queue[] = {1, -EPIPE};
	struct port *port = open_script(2, queue);
	struct frame f = tcp_frame(0);
	const struct frame *four[] = {&f, &f, &f, &f};

	(void)state;
	port_send(port, four, 4);
	assert_int_equal(port->counters.tx_frames, 1);
	assert_int_equal(port->counters.tx_error, 3);
	assert_false(port->is_open);
	assert_string_equal(port->reason, "mem:m failed: Broken pipe");
	port_send(port, four, 4);
	assert_int_equal(copies(port), 8);
	port_free(port);
}

static void test_receive_fails(void **state)
{
	struct port *port = open_kind(&kind_mem);
	struct batch batch;

	(void)state;
	mem_break(port, ENODEV);
	assert_int_equal(netns_receive(port, &batch), 0);
	assert_false(port->is_open);
	assert_int_equal(port->fd, -1);
	assert_string_equal(port->reason, "m was deleted");
	assert_int_equal(port_open(port), 0);
	assert_string_equal(port->reason, "");
	port_free(port);
}

static void test_oversize(void **state)
{
	struct port *port = open_kind(&kind_mem);
	struct frame fits = tcp_frame(1460), tagged = fits;
	const struct frame *f = &fits;

	(void)state;
	port->mtu = 1500;
	port_send(port, &f, 1);
	tagged.tpid = 0x8100; /* a tag rides on top of the MTU */
	f = &tagged;
	port_send(port, &f, 1);
	assert_int_equal(port->counters.tx_frames, 2);
	fits = tcp_frame(1461);
	f = &fits;
	port_send(port, &f, 1);
	assert_int_equal(port->counters.tx_oversize, 1);
	port_free(port);
}

/* A super-frame fits when its segments do, on any port. */
static void test_super(void **state)
{
	struct port *port = open_kind(&kind_mem);
	struct frame super = super_frame(2500);
	const struct frame *f = &super, *got;
	int sizes[] = {1000, 1000, 500};

	(void)state;
	port->mtu = 1500;
	port_send(port, &f, 1);
	got = mem_collect(port);
	assert_int_equal(got->off.gso_size, 1000);
	port->can = 0;
	port_send(port, &f, 1);
	for (int i = 0; i < 3; i++) {
		got = mem_collect(port);
		assert_int_equal(got->off.gso_type, GSO_NONE);
		assert_false(got->off.needs_csum);
		assert_int_equal(frame_len(got), ETH_HEAD + 40 + sizes[i]);
	}
	assert_int_equal(port->counters.tx_frames, 2);
	assert_int_equal(port->counters.tx_segmented, 1);
	assert_int_equal(port->counters.tx_segments, 3);
	port->mtu = 1039;
	port_send(port, &f, 1);
	assert_int_equal(port->counters.tx_oversize, 1);
	port_free(port);
}

static void test_csum(void **state)
{
	struct port *port = open_kind(&kind_mem);
	struct frame partial = super_frame(100);
	const struct frame *f = &partial, *got;

	(void)state;
	partial.off.gso_type = GSO_NONE;
	port->can = CAN_TSO4;
	port_send(port, &f, 1);
	got = mem_collect(port);
	assert_false(got->off.needs_csum);
	assert_int_equal(port->counters.tx_csummed, 1);
	assert_int_equal(port->counters.tx_frames, 1);
	port_free(port);
}

/* One super-frame is one copy, whatever becomes of its segments. */
static void test_super_full(void **state)
{
	struct port *port = open_kind(&kind_mem);
	struct frame small = tcp_frame(0), super = super_frame(2500);
	const struct frame *pair[] = {&super, &small};

	(void)state;
	port->can = 0;
	mem_set_room(port, 2);
	port_send(port, pair, 2);
	assert_int_equal(port->counters.tx_full, 2);
	assert_int_equal(copies(port), 2);
	assert_int_equal(port->counters.tx_segmented, 0);
	port_free(port);
}

/* Tiny segments: a batch becomes so many, and no more. */
static void test_segments_bounded(void **state)
{
	struct port *port = open_kind(&kind_mem);
	struct frame super = super_frame(2500);
	const struct frame *batch[BATCH_MAX];

	(void)state;
	super.off.gso_size = 8; /* 313 segments */
	for (int i = 0; i < BATCH_MAX; i++)
		batch[i] = &super;
	port->can = 0;
	port_send(port, batch, BATCH_MAX);
	assert_int_equal(port->counters.tx_frames, 13);
	assert_int_equal(port->counters.tx_segments, 13 * 313);
	assert_int_equal(port->counters.tx_full, BATCH_MAX - 13);
	while (mem_collect(port))
		;
	port_send(port, batch, 1); /* the next batch has its own */
	assert_int_equal(port->counters.tx_frames, 14);
	port_free(port);
}

/* What the kernel will not take after all is finished in software. */
static void test_not_supported(void **state)
{
	static const int queue[] = {-EOPNOTSUPP, 1, 1, 1};
	struct port *port = open_script(4, queue);
	struct frame super = super_frame(2500);
	const struct frame *f = &super;

	(void)state;
	port_send(port, &f, 1);
	assert_int_equal(n_sends, 4);
	assert_int_equal(port->counters.tx_frames, 1);
	assert_int_equal(port->counters.tx_segments, 3);
	port_free(port);
}

static void test_not_supported_twice(void **state)
{
	static const int queue[] = {-EOPNOTSUPP, -EOPNOTSUPP};
	struct port *port = open_script(2, queue);
	struct frame super = super_frame(2500);
	const struct frame *f = &super;

	(void)state;
	port_send(port, &f, 1);
	assert_int_equal(port->counters.tx_error, 1);
	assert_true(port_up(port));
	port_free(port);
}

static void test_link(void **state)
{
	struct port *port = open_script(0, answers);
	struct link link = {.carrier = false};
	struct frame small = tcp_frame(0);
	const struct frame *f = &small;

	(void)state;
	port_link(port, &link);
	assert_false(port_up(port));
	assert_string_equal(port->reason, "no carrier");
	port_send(port, &f, 1); /* nothing is sent without carrier */
	assert_int_equal(port->counters.tx_error, 1);
	link.carrier = true;
	port_link(port, &link);
	assert_true(port_up(port));
	assert_string_equal(port->reason, "");
	link.deleted = true;
	port_link(port, &link);
	assert_false(port->is_open);
	assert_string_equal(port->reason, "it was deleted");
	port_link(port, &link); /* a closed port does not care */
	port_free(port);
	port_free(NULL);
}

/* Slots do not overlap, and their first lines are not in one cache set. */
static void test_arena(void **state)
{
	unsigned sets[64] = {0};

	(void)state;
	for (int i = 0; i < BATCH_MAX; i++) {
		uint8_t *slot = arena_slot(host.arena, i);

		memset(slot - ARENA_HEADROOM, i, ARENA_HEADROOM + ARENA_SLOT);
		sets[((uintptr_t)slot / 64) % 64]++;
	}
	for (int i = 0; i < BATCH_MAX; i++) {
		uint8_t *slot = arena_slot(host.arena, i);

		assert_int_equal(slot[-ARENA_HEADROOM], i);
		assert_int_equal(slot[ARENA_SLOT - 1], i);
		assert_true(sets[i] <= 2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_table),
	    cmocka_unit_test(test_number),
	    cmocka_unit_test(test_mem),
	    cmocka_unit_test(test_batch_limit),
	    cmocka_unit_test(test_full),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_send_fails),
	    cmocka_unit_test(test_receive_fails),
	    cmocka_unit_test(test_oversize),
	    cmocka_unit_test(test_super),
	    cmocka_unit_test(test_csum),
	    cmocka_unit_test(test_super_full),
	    cmocka_unit_test(test_segments_bounded),
	    cmocka_unit_test(test_not_supported),
	    cmocka_unit_test(test_not_supported_twice),
	    cmocka_unit_test(test_link),
	    cmocka_unit_test(test_arena),
	};
	int failed;

	netns_host(&host);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(host.arena);
	return failed;
}
