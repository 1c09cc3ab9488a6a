/* SPDX-License-Identifier: BSD-2-Clause */
/* stp_words.h - the states, roles, policies and verdicts of the spanning tree
 * entity, each with the word that a person reads or types. */
#ifndef STP_STP_WORDS_H
#define STP_STP_WORDS_H

/* Port states (IEEE 802.1D-1998 8.4) and what the relay does in each:
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

/* Port roles. The standard of 1998 has root and designated ports. The names of
 * the blocked ones come from 802.1D-2004 17.7: an alternate port is another
 * path to the root, a backup port a second path to a LAN this bridge serves. */
#define STP_ROLES(X)                         \
	X(STP_ROLE_DISABLED, "disabled")     \
	X(STP_ROLE_ROOT, "root")             \
	X(STP_ROLE_DESIGNATED, "designated") \
	X(STP_ROLE_ALTERNATE, "alternate")   \
	X(STP_ROLE_BACKUP, "backup")

/* BPDU policies: when a port sends BPDUs, and what it does on receiving one
 * (see stp_config.h; policy.c has the table). */
#define STP_POLICIES(X)                                         \
	X(STP_BPDU_AUTO, "auto")     /* sends as needed */      \
	X(STP_BPDU_ALWAYS, "always") /* plain 802.1D-1998 */    \
	X(STP_BPDU_NEVER, "never")   /* only listens */         \
	X(STP_BPDU_GUARD, "guard")   /* a BPDU takes it down */ \
	X(STP_BPDU_FILTER, "filter") /* neither sends nor believes */

/* Whether only stations are behind a port (see stp_config.h). */
#define STP_EDGES(X)                                        \
	X(STP_EDGE_NO, "no")	 /* bridges may be there */ \
	X(STP_EDGE_YES, "yes")	 /* stations only */        \
	X(STP_EDGE_AUTO, "auto") /* listens beside an uplink */

/* Verdicts on a received BPDU. From STP_RX_SHORT on it was malformed or not
 * for us and changed nothing (9.3.3; 9.3.4 in the edition of 2004). */
#define STP_VERDICTS(X)                                                       \
	X(STP_RX_CONFIG, "config", "configuration BPDU (8.7.1)")              \
	X(STP_RX_TCN, "tcn", "topology change notification (8.7.2)")          \
	X(STP_RX_RST, "rst", "RSTP or MSTP BPDU, ignored")                    \
	X(STP_RX_GUARDED, "guarded", "BPDU on a guarded port, port disabled") \
	X(STP_RX_LOOP, "loop", "sent by us, it came back: a port is blocked") \
	X(STP_RX_FILTERED, "filtered", "not believed: the port filters")      \
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
enum stp_edge { STP_EDGES(STP_X_ENUM) STP_EDGE_COUNT };
enum stp_verdict { STP_VERDICTS(STP_X_ENUM) STP_VERDICT_COUNT };
#undef STP_X_ENUM

/** stp_state_name() - the word for a port state, static */
const char *stp_state_name(enum stp_state state);

/** stp_role_name() - the word for a port role, static */
const char *stp_role_name(enum stp_role role);

/** stp_bpdu_name() - the word for a BPDU policy, static */
const char *stp_bpdu_name(enum stp_bpdu bpdu);

/** stp_edge_name() - the word for an edge setting, static */
const char *stp_edge_name(enum stp_edge edge);

/** stp_verdict_name() - the word for a verdict, static */
const char *stp_verdict_name(enum stp_verdict verdict);

/** stp_verdict_text() - a verdict in a few words for a person, static */
const char *stp_verdict_text(enum stp_verdict verdict);

/**
 * stp_bpdu_parse() - read a BPDU policy
 * @word:  "auto", "always", "never", "guard" or "filter"
 * @bpdu:  set on success, else unchanged
 *
 * Return: 0, or -EINVAL for any other word.
 */
int stp_bpdu_parse(const char *word, enum stp_bpdu *bpdu);

/**
 * stp_edge_parse() - read an edge setting
 * @word:  "no", "yes" or "auto"
 * @edge:  set on success, else unchanged
 *
 * Return: 0, or -EINVAL for any other word.
 */
int stp_edge_parse(const char *word, enum stp_edge *edge);

#endif
