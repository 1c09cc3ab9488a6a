/* SPDX-License-Identifier: BSD-2-Clause */
/* bpdu.h - decode and encode bridge protocol data units (IEEE 802.1D-1998
 * clause 9). Bytes begin with the protocol identifier, after LLC 42 42 03.
 *
 *   0 protocol identifier  2   0                 | a TCN BPDU ends
 *   2 version              1   0                 | after the type
 *   3 type                 1   0x00, TCN 0x80    |
 *   4 flags                1   bit 0 topology change, bit 7 its acknowledgment
 *   5 root identifier      8   17 bridge identifier  8
 *  13 root path cost       4   25 port identifier    2
 *  27 message age  29 max age  31 hello time  33 forward delay, 2 bytes each,
 *     in units of 1/256 s. All fields are big-endian. */
#ifndef STP_BPDU_H
#define STP_BPDU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stp_config.h"
#include "stp_words.h"
#include "vector.h"

enum {
	BPDU_TCN_LEN = 4,
	BPDU_CONFIG_LEN = 35,
};

/** struct bpdu - a decoded configuration BPDU (8.5.1) */
struct bpdu {
	struct vector vector;
	uint32_t message_age_ms;  /* 8.5.1.5 */
	struct stp_times times;	  /* 8.5.1.6 to 8.5.1.8 */
	bool topology_change_ack; /* 8.5.1.9 */
	bool topology_change;	  /* 8.5.1.10 */
};

/**
 * bpdu_decode() - validate and read a received BPDU (9.3.3)
 * @data:  @len bytes; more than the type needs is ignored
 * @bpdu:  filled for STP_RX_CONFIG and STP_RX_AGED, else unchanged
 *
 * Ignores the version: later versions keep the fields of this one (9.3.3).
 * Rounds times up, so that no message looks younger than it is.
 *
 * Return: STP_RX_CONFIG, _TCN, _RST, _AGED, _SHORT, _PROTOCOL or _TYPE.
 */
enum stp_verdict bpdu_decode(
    const uint8_t *data, size_t len, struct bpdu *bpdu);

/**
 * bpdu_encode_config() - write a configuration BPDU (9.3.1)
 *
 * Rounds times down, which restores the bytes that bpdu_decode() read.
 */
void bpdu_encode_config(const struct bpdu *bpdu, uint8_t data[BPDU_CONFIG_LEN]);

/**
 * bpdu_encode_tcn() - write a topology change notification BPDU (9.3.2)
 */
void bpdu_encode_tcn(uint8_t data[BPDU_TCN_LEN]);

#endif
