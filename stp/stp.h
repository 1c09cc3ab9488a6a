/* SPDX-License-Identifier: BSD-2-Clause */
/* stp.h - the spanning tree entity of one bridge, IEEE 802.1D-1998 clause 8.
 *
 * Pure: BPDU bytes, link changes, management and a time go in; port states, an
 * ageing time and BPDU bytes come out. It knows no frames, no filtering
 * database, no kinds of port, no clock and no log, and allocates nothing after
 * stp_new(). A BPDU here begins with its protocol identifier: the caller takes
 * off and puts on the MAC header, the 802.3 length and LLC 42 42 03.
 *
 * The engine speaks at one exit. Every function of the group "inputs" changes
 * the state until it is consistent and then, before it returns, makes the calls
 * of struct stp_callbacks in this order: all changed port states, then the
 * ageing time if it changed, then the BPDUs to send. Callbacks must not call
 * an input of the same engine; reading (the group "outputs") is allowed.
 *
 * Life of a port: stp_port_add(), settings, stp_port_enable() when its link is
 * up, stp_port_disable() when it is down, stp_port_remove(). A port number is
 * 1 to 4095 and means the port for life.
 *
 * Time is monotonic milliseconds, never smaller than in the call before. Call
 * stp_tick() at stp_deadline_ms() or more often; late is safe, only slower.
 *
 * Beside the standard stands a policy (policy.c), so that a switch on an office
 * LAN neither holds a host back for 30 seconds nor trips a BPDU guard:
 *
 * - An edge port (edge=yes) forwards at once and causes no topology change. It
 *   speaks, so that a loop behind it is heard. Any BPDU heard ends edge until
 *   the link goes down and comes up again: the port starts over with the full
 *   delays.
 * - A leaf is a bridge with just one non-edge port up. That port, if bpdu=auto,
 *   forwards at once and is silent. It goes on speaking if it has spoken since
 *   its link came up, because its neighbours count on it.
 * - A silent port (a leaf's, or bpdu=never) believes whoever speaks on its LAN:
 *   it never claims to be designated against a bridge that cannot hear it, and
 *   its bridge is not the root while it hears of another on such a port.
 *
 * With bpdu=always on every port and edge=no this is plain 802.1D-1998. */
#ifndef STP_STP_H
#define STP_STP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	STP_PORTS_MAX = 4095,	 /* 12 bits of port number */
	STP_BPDU_MAX = 35,	 /* bytes the transmit callback gets at most */
	STP_ID_STRLEN = 23,	 /* "8000.aa:bb:cc:dd:ee:ff" and its NUL */
	STP_PRIORITY = 0x8000,	 /* 8.10.2, of a bridge; 0..65535 */
	STP_PORT_PRIORITY = 128, /* 8.10.2; 0..240 in steps of 16 */
	STP_COST_MAX = 65535,	 /* 8.10.2; 1..65535 */
};

/* Port states (8.4). What the relay does in them:
 *
 *              learn   forward   BPDUs
 *   disabled     -        -      neither sent nor processed
 *   blocking     -        -      processed
 *   listening    -        -      processed, sent when designated
 *   learning    yes       -      processed, sent when designated
 *   forwarding  yes      yes     processed, sent when designated        */
#define STP_STATES(X)                 \
	X(STP_DISABLED, "disabled")   \
	X(STP_BLOCKING, "blocking")   \
	X(STP_LISTENING, "listening") \
	X(STP_LEARNING, "learning")   \
	X(STP_FORWARDING, "forwarding")

/* Roles. The standard of 1998 knows root and designated ports; the names of
 * the blocked ones are those of 802.1D-2004 17.7: an alternate port is another
 * way to the root, a backup port a second one to a LAN this bridge serves. */
#define STP_ROLES(X)                         \
	X(STP_ROLE_DISABLED, "disabled")     \
	X(STP_ROLE_ROOT, "root")             \
	X(STP_ROLE_DESIGNATED, "designated") \
	X(STP_ROLE_ALTERNATE, "alternate")   \
	X(STP_ROLE_BACKUP, "backup")

/* May a port send BPDUs, and what if one comes. */
#define STP_POLICIES(X)                                         \
	X(STP_BPDU_AUTO, "auto")     /* as needed: see above */ \
	X(STP_BPDU_ALWAYS, "always") /* plain 802.1D */         \
	X(STP_BPDU_NEVER, "never")   /* listens only */         \
	X(STP_BPDU_GUARD, "guard")   /* auto, and a BPDU takes the port down */

/* What became of a received BPDU. From STP_RX_SHORT on it was malformed or not
 * for us and changed nothing (9.3.3; 9.3.4 in the edition of 2004). */
#define STP_VERDICTS(X)                                                       \
	X(STP_RX_CONFIG, "config", "configuration BPDU (8.7.1)")              \
	X(STP_RX_TCN, "tcn", "topology change notification (8.7.2)")          \
	X(STP_RX_RST, "rst", "RSTP or MSTP BPDU, ignored")                    \
	X(STP_RX_GUARDED, "guarded", "BPDU on a guarded port, port disabled") \
	X(STP_RX_AGED, "aged", "message age not below max age")               \
	X(STP_RX_OWN, "own", "our own BPDU came back to its port")            \
	X(STP_RX_SHORT, "short", "shorter than its type needs")               \
	X(STP_RX_PROTOCOL, "protocol", "protocol identifier is not 0")        \
	X(STP_RX_TYPE, "type", "unknown BPDU type")                           \
	X(STP_RX_DOWN, "down", "the port is disabled")

#define STP_X_ENUM(name, ...) name,
enum stp_state { STP_STATES(STP_X_ENUM) STP_STATE_COUNT };
enum stp_role { STP_ROLES(STP_X_ENUM) STP_ROLE_COUNT };
enum stp_bpdu { STP_POLICIES(STP_X_ENUM) STP_BPDU_COUNT };
enum stp_verdict { STP_VERDICTS(STP_X_ENUM) STP_VERDICT_COUNT };
#undef STP_X_ENUM

struct stp;

/**
 * struct stp_times - the timer parameters (8.5.3, ranges in Table 8-3)
 *
 * Milliseconds, in the wire's steps of 1/256 s after rounding down.
 */
struct stp_times {
	uint32_t hello_ms;	   /* 1000..10000, default 2000 */
	uint32_t max_age_ms;	   /* 6000..40000, default 20000 */
	uint32_t forward_delay_ms; /* 4000..30000, default 15000 */
};

/**
 * struct stp_callbacks - what the engine asks of its host
 *
 * Called only from the end of an input, in this order; all three are needed.
 */
struct stp_callbacks {
	/* Port @port is in @state now (8.4). A port that leaves learning or
	 * forwarding should lose its dynamic filtering entries. */
	void (*port_state)(void *ctx, int port, enum stp_state state);

	/* Age dynamic filtering entries by @ageing_ms from now on (7.9.2: the
	 * forward delay, while the topology changes); 0: the configured time */
	void (*ageing)(void *ctx, uint32_t ageing_ms);

	/* Send the @len bytes at @bpdu by @port; they are valid in the call. */
	void (*transmit)(void *ctx, int port, const uint8_t *bpdu, size_t len);
};

/* --- life ------------------------------------------------------------ */

/**
 * stp_times_default() - 2, 20 and 15 seconds (Table 8-3)
 */
struct stp_times stp_times_default(void);

/**
 * stp_times_check() - whether @times may be used (8.10.2)
 * @err:  @errlen bytes, gets one sentence that names the value and its limits
 *
 * Each in its range, and
 * 2 * (forward delay - 1 s) >= max age >= 2 * (hello time + 1 s).
 *
 * Return: 0 or -EINVAL.
 */
int stp_times_check(const struct stp_times *times, char *err, size_t errlen);

/**
 * stp_new() - a spanning tree entity without ports, which is its own root
 * @bridge_id:  stp_id(priority, address)
 * @times:      must pass stp_times_check()
 * @ports_max:  how many ports it can ever hold at a time, 1..STP_PORTS_MAX
 * @callbacks:  copied
 * @ctx:        first argument of the callbacks
 *
 * Return: the entity, or NULL with errno EINVAL or ENOMEM.
 */
struct stp *stp_new(uint64_t bridge_id, const struct stp_times *times,
    int ports_max, const struct stp_callbacks *callbacks, void *ctx,
    uint64_t now_ms);

/**
 * stp_free() - forget everything, without a word to the callbacks
 * @stp:  NULL is fine
 */
void stp_free(struct stp *stp);

/* --- inputs: each ends in the callbacks ------------------------------ */

/**
 * stp_port_add() - a port exists; it is disabled
 * @port:  1..STP_PORTS_MAX
 *
 * Priority 128, cost 100, edge=no, bpdu=auto until set otherwise. Makes no
 * calls.
 *
 * Return: 0, -EINVAL (number), -EEXIST or -ENOSPC (ports_max reached).
 */
int stp_port_add(struct stp *stp, int port);

/**
 * stp_port_remove() - the port is no more; disables it first
 */
void stp_port_remove(struct stp *stp, int port, uint64_t now_ms);

/**
 * stp_port_enable() - the link of @port came up (8.8.2)
 *
 * Does nothing where the port is up already or unknown.
 */
void stp_port_enable(struct stp *stp, int port, uint64_t now_ms);

/**
 * stp_port_disable() - the link of @port went down (8.8.3)
 *
 * Does nothing where the port is down already or unknown.
 */
void stp_port_disable(struct stp *stp, int port, uint64_t now_ms);

/**
 * stp_receive() - a BPDU came in by @port (8.7.1, 8.7.2, 9.3.3)
 * @bpdu:  @len bytes, from the protocol identifier on; more than the type
 *         needs is padding
 *
 * After STP_RX_GUARDED the engine has disabled the port. The caller takes it
 * down with this reason and calls stp_port_enable() after a hold time.
 *
 * Return: what became of it; also counted per port.
 */
enum stp_verdict stp_receive(struct stp *stp, int port, const uint8_t *bpdu,
    size_t len, uint64_t now_ms);

/**
 * stp_tick() - time has passed: run the timers that have expired (8.7.3-8.7.8)
 */
void stp_tick(struct stp *stp, uint64_t now_ms);

/* --- inputs: management (8.8), at any time --------------------------- */

/**
 * stp_set_bridge_id() - change the bridge's priority or address (8.8.4)
 */
void stp_set_bridge_id(struct stp *stp, uint64_t bridge_id, uint64_t now_ms);

/**
 * stp_set_times() - change the bridge's own timer parameters (8.5.3.4-8.5.3.6)
 * @err:  see stp_times_check()
 *
 * They rule when this bridge is the root.
 *
 * Return: 0, or -EINVAL and nothing has changed.
 */
int stp_set_times(struct stp *stp, const struct stp_times *times,
    uint64_t now_ms, char *err, size_t errlen);

/**
 * stp_port_set_priority() - change a port's priority (8.8.5)
 * @priority:  0..240, a multiple of 16
 *
 * Return: 0, -ENOENT (no such port) or -EINVAL.
 */
int stp_port_set_priority(
    struct stp *stp, int port, int priority, uint64_t now_ms);

/**
 * stp_port_set_cost() - change a port's path cost (8.8.6)
 * @cost:  1..65535; see stp_cost_of_speed()
 *
 * Return: 0, -ENOENT or -EINVAL.
 */
int stp_port_set_cost(
    struct stp *stp, int port, uint32_t cost, uint64_t now_ms);

/**
 * stp_port_set_edge() - say whether only stations are behind a port
 *
 * Takes effect at once, except that edge=yes waits for the next link up on a
 * port that has heard a BPDU.
 *
 * Return: 0 or -ENOENT.
 */
int stp_port_set_edge(struct stp *stp, int port, bool edge, uint64_t now_ms);

/**
 * stp_port_set_bpdu() - say when a port may speak
 *
 * Return: 0 or -ENOENT.
 */
int stp_port_set_bpdu(
    struct stp *stp, int port, enum stp_bpdu bpdu, uint64_t now_ms);

/* --- outputs: reading ------------------------------------------------ */

/**
 * stp_deadline_ms() - when stp_tick() has something to do next
 *
 * Return: a time, perhaps past, or UINT64_MAX while no timer runs.
 */
uint64_t stp_deadline_ms(const struct stp *stp);

/** struct stp_bridge_info - the entity as the operator sees it (14.8.1.1) */
struct stp_bridge_info {
	uint64_t bridge_id;
	uint64_t root_id;	      /* bridge_id: we are the root */
	uint32_t root_path_cost;      /* 8.5.3.2; 0: we are the root */
	int root_port;		      /* 8.5.3.3; 0: we are the root */
	struct stp_times times;	      /* in force, those of the root */
	struct stp_times own_times;   /* ours, for the day we are root */
	bool topology_change;	      /* 8.5.3.12, short ageing is on */
	bool topology_change_pending; /* 8.5.3.11, not yet acknowledged */
	uint64_t topology_changes;    /* how often topology_change rose */
	uint64_t since_change_ms;     /* since topology_change was last set,
					 or since stp_new() */
	int32_t hello_timer_ms;	      /* until it expires; -1: not running */
	int32_t tcn_timer_ms;	      /* likewise */
	int32_t topology_change_timer_ms; /* likewise */
	int ports;			  /* known, up or not */
	bool leaf;			  /* just one non-edge port is up */
};

/** struct stp_port_info - one port as the operator sees it (14.8.2.1) */
struct stp_port_info {
	int port;
	uint16_t port_id; /* 4 bits of priority, 12 of number */
	uint32_t cost;
	enum stp_role role;
	enum stp_state state;
	int32_t next_state_ms; /* until listening or learning ends; else -1 */
	bool edge;	       /* in force: edge=yes and no BPDU heard */
	bool edge_wanted;      /* edge=yes */
	bool speaks;	       /* sends BPDUs when designated, or TCNs */
	enum stp_bpdu bpdu;

	uint64_t designated_root; /* 8.5.5.4 */
	uint32_t designated_cost; /* 8.5.5.5 */
	uint64_t designated_bridge;
	uint16_t designated_port;

	bool topology_change_ack;	/* 8.5.5.8, waits for the next BPDU */
	bool config_pending;		/* 8.5.5.9, waits for the hold timer */
	int32_t message_age_timer_ms;	/* until it expires; -1: not running */
	int32_t forward_delay_timer_ms; /* likewise */
	int32_t hold_timer_ms;		/* likewise */

	uint64_t rx[STP_VERDICT_COUNT]; /* BPDUs received, by verdict */
	uint64_t rx_total;
	uint64_t tx_config;
	uint64_t tx_tcn;
	uint64_t transitions; /* how often it came to forwarding */
};

/**
 * stp_bridge_info() - fill @info
 */
void stp_bridge_info(
    const struct stp *stp, uint64_t now_ms, struct stp_bridge_info *info);

/**
 * stp_port_info() - fill @info for one port
 *
 * Return: false where there is no such port; @info is unchanged then.
 */
bool stp_port_info(const struct stp *stp, int port, uint64_t now_ms,
    struct stp_port_info *info);

/**
 * stp_port_next() - walk the ports in the order of their numbers
 * @port:  0 for the first
 *
 * Return: the next port's number, 0 after the last.
 */
int stp_port_next(const struct stp *stp, int port);

/**
 * stp_port_state() - the state of a port; STP_DISABLED where it is unknown
 */
enum stp_state stp_port_state(const struct stp *stp, int port);

/**
 * stp_explain() - say in one paragraph why a port is in its state
 * @buf:  @len bytes, always terminated, no newline
 *
 * Return: the length of the paragraph, as snprintf() has it; -ENOENT.
 */
int stp_explain(
    const struct stp *stp, int port, uint64_t now_ms, char *buf, size_t len);

/* --- helpers --------------------------------------------------------- */

/**
 * stp_id() - a bridge identifier from priority and address (9.2.5)
 */
uint64_t stp_id(uint16_t priority, const uint8_t address[6]);

/**
 * stp_id_format() - "8000.aa:bb:cc:dd:ee:ff"
 *
 * Return: @buf.
 */
const char *stp_id_format(uint64_t id, char buf[STP_ID_STRLEN]);

/**
 * stp_cost_of_speed() - the default path cost of a link (802.1D-1998 Table 8-5)
 * @mbit_s:  0 or less: unknown
 *
 * 10 Gbit/s 2, 1 Gbit/s 4, 100 Mbit/s 19, 10 Mbit/s 100, unknown 100; a speed
 * between two of them costs what the slower one costs.
 */
uint32_t stp_cost_of_speed(int mbit_s);

/**
 * stp_state_name() and friends - the words of the tables above
 *
 * Return: static text, such as "forwarding"; stp_verdict_text() a sentence.
 */
const char *stp_state_name(enum stp_state state);
const char *stp_role_name(enum stp_role role);
const char *stp_bpdu_name(enum stp_bpdu bpdu);
const char *stp_verdict_name(enum stp_verdict verdict);
const char *stp_verdict_text(enum stp_verdict verdict);

/**
 * stp_bpdu_parse() - "auto", "always", "never", "guard" into a policy
 *
 * Return: 0, or -EINVAL for any other word.
 */
int stp_bpdu_parse(const char *word, enum stp_bpdu *bpdu);

#endif
