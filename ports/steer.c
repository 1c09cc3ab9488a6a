/* SPDX-License-Identifier: BSD-2-Clause */
/* steer.c - the host's own frames, from an uplink to the switch and back: see
 * steer.h. */
#include "steer.h"

#include <errno.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "bpf.h"
#include "clsact.h"
#include "kind.h"
#include "sock.h"

enum { TO_TAP, TO_HOST, UNMARK, PROGRAMS };

enum { GUEST = 1, LAN = 2 }; /* where an address is */

struct steer {
	int uplink, tap; /* ifindex */
	int map;	 /* from addresses to GUEST or LAN */
	uint32_t guests;
	int programs[PROGRAMS];
	int links[PROGRAMS]; /* -1: attached by clsact */
	bool tcx;
};

/* Instructions, named as in the kernel's own samples/bpf/bpf_insn.h. */
#define INSN(op, dst, src, offset, number) \
	((struct bpf_insn){.code = (op),   \
	    .dst_reg = (dst),              \
	    .src_reg = (src),              \
	    .off = (offset),               \
	    .imm = (number)})
#define MOV_REG(dst, src) INSN(BPF_ALU64 | BPF_MOV | BPF_X, dst, src, 0, 0)
#define MOV_IMM(dst, imm) INSN(BPF_ALU64 | BPF_MOV | BPF_K, dst, 0, 0, imm)
#define ADD_IMM(dst, imm) INSN(BPF_ALU64 | BPF_ADD | BPF_K, dst, 0, 0, imm)
#define AND_IMM(dst, imm) INSN(BPF_ALU64 | BPF_AND | BPF_K, dst, 0, 0, imm)
#define LOAD(size, dst, src, off) \
	INSN(BPF_LDX | BPF_MEM | (size), dst, src, off, 0)
#define STORE(size, dst, off, src) \
	INSN(BPF_STX | BPF_MEM | (size), dst, src, off, 0)
#define STORE_IMM(size, dst, off, imm) \
	INSN(BPF_ST | BPF_MEM | (size), dst, 0, off, imm)
#define JUMP_IF(cond, dst, imm, skip) \
	INSN(BPF_JMP | (cond) | BPF_K, dst, 0, skip, imm)
#define CALL(helper) INSN(BPF_JMP | BPF_CALL, 0, 0, 0, helper)
#define EXIT()	     INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)
#define LOAD_MAP(dst, fd)                                               \
	INSN(BPF_LD | BPF_DW | BPF_IMM, dst, BPF_PSEUDO_MAP_FD, 0, fd), \
	    INSN(0, 0, 0, 0, 0)

enum {
	R0 = BPF_REG_0,
	R1 = BPF_REG_1,
	R2 = BPF_REG_2,
	R3 = BPF_REG_3,
	R4 = BPF_REG_4,
	R6 = BPF_REG_6,
	FP = BPF_REG_10,
	MARK = offsetof(struct __sk_buff, mark),
	KEY = -8,   /* on the stack: an address and two zeros */
	GO_ON = -1, /* TCX_NEXT, TC_ACT_UNSPEC */
};

static int load(struct steer *steer);
static int load_to_tap(const struct steer *steer);
static int load_to_host(const struct steer *steer);
static int load_unmark(void);
static int attach_tcx(struct steer *steer);
static int attach_clsact(
    const struct steer *steer, enum steer_way way, char *err);
static bool keeps_mark(void);
static void detach(struct steer *steer);
static int refuse(int result, char *err);
static uint64_t key_of(const uint8_t mac[ETH_ADDR]);

struct steer *steer_new(
    int uplink, int tap, uint32_t max, enum steer_way way, char *err)
{
	struct steer *steer = malloc(sizeof(*steer));

	if (!steer) {
		port_refuse(err, -ENOMEM, "out of memory");
		return NULL;
	}
	*steer = (struct steer){
	    .uplink = uplink,
	    .tap = tap,
	    .map = bpf_map_new(max),
	    .programs = {-1, -1, -1},
	    .links = {-1, -1, -1},
	};
	clsact_sweep(uplink); /* of a switch that was killed */
	int result = steer->map < 0 ? steer->map : load(steer);
	if (result < 0) {
		refuse(result, err);
	} else {
		result = way == STEER_CLSACT ? -EINVAL : attach_tcx(steer);
		if (result == -EINVAL && way != STEER_TCX)
			result = attach_clsact(steer, way, err);
		else if (result < 0)
			refuse(result, err);
	}
	if (result == 0)
		return steer;
	steer_free(steer);
	return NULL;
}

void steer_free(struct steer *steer)
{
	if (!steer)
		return;
	detach(steer);
	for (int i = 0; i < PROGRAMS; i++)
		if (steer->programs[i] >= 0)
			close(steer->programs[i]);
	if (steer->map >= 0)
		close(steer->map);
	free(steer);
}

const char *steer_way_text(const struct steer *steer)
{
	return steer->tcx ? "TCX" : "clsact";
}

void steer_put(struct steer *steer, const uint8_t mac[ETH_ADDR], bool guest)
{
	uint64_t key = key_of(mac);
	uint8_t before = bpf_map_get(steer->map, key),
		now = guest ? GUEST : LAN;

	if (before == now || bpf_map_put(steer->map, key, now) < 0)
		return;
	steer->guests -= before == GUEST;
	steer->guests += guest;
}

void steer_del(struct steer *steer, const uint8_t mac[ETH_ADDR])
{
	uint64_t key = key_of(mac);

	steer->guests -= bpf_map_get(steer->map, key) == GUEST;
	bpf_map_del(steer->map, key);
}

bool steer_next(const struct steer *steer, uint8_t mac[ETH_ADDR])
{
	uint64_t key = key_of(mac), next;

	if (bpf_map_next(steer->map, &key, &next) < 0)
		return false;
	memcpy(mac, &next, ETH_ADDR);
	return true;
}

uint32_t steer_guests(const struct steer *steer)
{
	return steer->guests;
}

int steer_ignore_own(int fd)
{
	struct sock_filter code[] = {
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, SKF_AD_OFF + SKF_AD_MARK),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, STEER_MARK, 1, 0),
	    BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
	    BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = {
	    .len = sizeof(code) / sizeof(code[0]), .filter = code};
	int result = sock_set(fd, SOL_SOCKET, SO_MARK, STEER_MARK);

	if (result == 0)
		result = sock_set_bytes(fd, SOL_SOCKET, SO_ATTACH_FILTER,
		    &program, sizeof(program));
	return result;
}

static int load(struct steer *steer)
{
	steer->programs[TO_TAP] = load_to_tap(steer);
	steer->programs[TO_HOST] = load_to_host(steer);
	steer->programs[UNMARK] = load_unmark();
	for (int i = 0; i < PROGRAMS; i++)
		if (steer->programs[i] < 0)
			return steer->programs[i];
	return 0;
}

/* What the host sends: to a guest, to the TAP instead of the wire; to a group or
 * to an unknown address, to both. What the switch itself sends carries the mark and passes. */
static int load_to_tap(const struct steer *steer)
{
	const struct bpf_insn code[] = {
	    MOV_REG(R6, R1),
	    LOAD(BPF_W, R2, R6, MARK),
	    JUMP_IF(BPF_JNE, R2, STEER_MARK, 3),
	    MOV_IMM(R2, 0),
	    STORE(BPF_W, R6, MARK, R2),
	    INSN(BPF_JMP | BPF_JA, 0, 0, 26, 0), /* go on */
	    STORE_IMM(BPF_DW, FP, KEY, 0),
	    MOV_IMM(R2, 0),
	    MOV_REG(R3, FP),
	    ADD_IMM(R3, KEY),
	    MOV_IMM(R4, ETH_ADDR),
	    CALL(BPF_FUNC_skb_load_bytes),
	    JUMP_IF(BPF_JNE, R0, 0, 19), /* go on */
	    LOAD(BPF_B, R1, FP, KEY),
	    AND_IMM(R1, 1),
	    JUMP_IF(BPF_JNE, R1, 0, 12), /* to both */
	    LOAD_MAP(R1, steer->map),
	    MOV_REG(R2, FP),
	    ADD_IMM(R2, KEY),
	    CALL(BPF_FUNC_map_lookup_elem),
	    JUMP_IF(BPF_JEQ, R0, 0, 6), /* to both */
	    LOAD(BPF_B, R1, R0, 0),
	    JUMP_IF(BPF_JNE, R1, GUEST, 8), /* go on */
	    MOV_IMM(R1, steer->tap),
	    MOV_IMM(R2, 0),
	    CALL(BPF_FUNC_redirect),
	    EXIT(),
	    /* to both */
	    MOV_REG(R1, R6),
	    MOV_IMM(R2, steer->tap),
	    MOV_IMM(R3, 0),
	    CALL(BPF_FUNC_clone_redirect),
	    /* go on */
	    MOV_IMM(R0, GO_ON),
	    EXIT(),
	};

	return bpf_program_new(
	    "qswitch_to_tap", code, sizeof(code) / sizeof(code[0]));
}

/* What the switch writes to the TAP comes in by the uplink. */
static int load_to_host(const struct steer *steer)
{
	const struct bpf_insn code[] = {
	    MOV_IMM(R2, STEER_MARK),
	    STORE(BPF_W, R1, MARK, R2),
	    MOV_IMM(R1, steer->uplink),
	    MOV_IMM(R2, BPF_F_INGRESS),
	    CALL(BPF_FUNC_redirect),
	    EXIT(),
	};

	return bpf_program_new(
	    "qswitch_to_host", code, sizeof(code) / sizeof(code[0]));
}

/* The mark has been seen by the packet sockets: nobody else shall see it. */
static int load_unmark(void)
{
	const struct bpf_insn code[] = {
	    LOAD(BPF_W, R2, R1, MARK),
	    JUMP_IF(BPF_JNE, R2, STEER_MARK, 2),
	    MOV_IMM(R2, 0),
	    STORE(BPF_W, R1, MARK, R2),
	    MOV_IMM(R0, GO_ON),
	    EXIT(),
	};

	return bpf_program_new(
	    "qswitch_unmark", code, sizeof(code) / sizeof(code[0]));
}

/* The host's own programs see a frame to a guest as one to the LAN, and none
 * sees the mark. */
static int attach_tcx(struct steer *steer)
{
	int *links = steer->links, *programs = steer->programs;

	links[UNMARK] =
	    bpf_attach(programs[UNMARK], steer->uplink, false, true);
	if (links[UNMARK] < 0)
		return links[UNMARK];
	links[TO_HOST] = bpf_attach(programs[TO_HOST], steer->tap, false, true);
	if (links[TO_HOST] < 0)
		return links[TO_HOST];
	links[TO_TAP] =
	    bpf_attach(programs[TO_TAP], steer->uplink, true, false);
	steer->tcx = true;
	return links[TO_TAP] < 0 ? links[TO_TAP] : 0;
}

static int attach_clsact(
    const struct steer *steer, enum steer_way way, char *err)
{
	const struct clsact_program programs[] = {
	    {steer->uplink, false, steer->programs[UNMARK]},
	    {steer->tap, false, steer->programs[TO_HOST]},
	    {steer->uplink, true, steer->programs[TO_TAP]},
	};

	if (way == STEER_BEST && !keeps_mark())
		return port_refuse(err, -EOPNOTSUPP,
		    "this kernel takes the mark off frames between devices: "
		    "use Linux 5.14 or newer, or host=no");
	for (int i = 0; i < PROGRAMS; i++) {
		int result = clsact_attach(&programs[i]);

		if (result < 0)
			return port_refuse(err, result,
			    "cannot attach BPF programs by a clsact qdisc: %s: "
			    "use Linux 6.6 or newer, or host=no",
			    strerror(-result));
	}
	return 0;
}

/* Does a frame's mark outlast bpf_redirect()? Some older kernels of
 * distributions have the change, too: host=clsact does not ask. */
static bool keeps_mark(void)
{
	struct utsname kernel;
	int major = 0, minor = 0;

	uname(&kernel);
	sscanf(kernel.release, "%d.%d", &major, &minor);
	return major > 5 || (major == 5 && minor >= 14);
}

static void detach(struct steer *steer)
{
	for (int i = 0; i < PROGRAMS; i++)
		if (steer->links[i] >= 0)
			close(steer->links[i]);
	if (!steer->tcx)
		clsact_sweep(steer->uplink);
}

static int refuse(int result, char *err)
{
	if (result == -EPERM || result == -EACCES)
		return port_refuse(err, result,
		    "not permitted to load BPF programs: run as root, or give "
		    "qswitchd the capabilities CAP_BPF and CAP_NET_ADMIN");
	if (result == -ENOSYS)
		return port_refuse(err, result, "this kernel has no BPF");
	return port_refuse(
	    err, result, "cannot load BPF programs: %s", strerror(-result));
}

static uint64_t key_of(const uint8_t mac[ETH_ADDR])
{
	uint64_t key = 0;

	memcpy(&key, mac, ETH_ADDR);
	return key;
}
