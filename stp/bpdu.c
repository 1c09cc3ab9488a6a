/* SPDX-License-Identifier: BSD-2-Clause */
/* bpdu.c - see bpdu.h. No other file of this room knows the wire format. */
#include "bpdu.h"

#include <string.h>

enum {
	TYPE_CONFIG = 0x00,
	TYPE_RST = 0x02,
	TYPE_TCN = 0x80,
	FLAG_CHANGE = 0x01,
	FLAG_CHANGE_ACK = 0x80,
};

static void decode_config(const uint8_t *data, struct bpdu *bpdu);
static uint64_t get(const uint8_t *data, int bytes);
static uint32_t get_ms(const uint8_t *data);
static void put(uint8_t *data, int bytes, uint64_t value);
static void put_ms(uint8_t *data, uint32_t ms);

enum stp_verdict bpdu_decode(const uint8_t *data, size_t len, struct bpdu *bpdu)
{
	if (len < BPDU_TCN_LEN)
		return STP_RX_SHORT;
	if (get(data, 2) != 0)
		return STP_RX_PROTOCOL;
	if (data[3] == TYPE_TCN)
		return STP_RX_TCN;
	if (data[3] == TYPE_RST)
		return STP_RX_RST;
	if (data[3] != TYPE_CONFIG)
		return STP_RX_TYPE;
	if (len < BPDU_CONFIG_LEN)
		return STP_RX_SHORT;
	decode_config(data, bpdu);
	if (bpdu->message_age_ms >= bpdu->times.max_age_ms)
		return STP_RX_AGED;
	return STP_RX_CONFIG;
}

void bpdu_encode_config(const struct bpdu *bpdu, uint8_t data[BPDU_CONFIG_LEN])
{
	memset(data, 0, 4); /* protocol, version, TYPE_CONFIG */
	data[4] = (bpdu->topology_change ? FLAG_CHANGE : 0) |
		  (bpdu->topology_change_ack ? FLAG_CHANGE_ACK : 0);
	put(data + 5, 8, bpdu->vector.root);
	put(data + 13, 4, bpdu->vector.cost);
	put(data + 17, 8, bpdu->vector.bridge);
	put(data + 25, 2, bpdu->vector.port);
	put_ms(data + 27, bpdu->message_age_ms);
	put_ms(data + 29, bpdu->times.max_age_ms);
	put_ms(data + 31, bpdu->times.hello_ms);
	put_ms(data + 33, bpdu->times.forward_delay_ms);
}

void bpdu_encode_tcn(uint8_t data[BPDU_TCN_LEN])
{
	static const uint8_t tcn[BPDU_TCN_LEN] = {0, 0, 0, TYPE_TCN};

	memcpy(data, tcn, sizeof(tcn));
}

static void decode_config(const uint8_t *data, struct bpdu *bpdu)
{
	bpdu->topology_change = data[4] & FLAG_CHANGE;
	bpdu->topology_change_ack = data[4] & FLAG_CHANGE_ACK;
	bpdu->vector.root = get(data + 5, 8);
	bpdu->vector.cost = get(data + 13, 4);
	bpdu->vector.bridge = get(data + 17, 8);
	bpdu->vector.port = get(data + 25, 2);
	bpdu->message_age_ms = get_ms(data + 27);
	bpdu->times.max_age_ms = get_ms(data + 29);
	bpdu->times.hello_ms = get_ms(data + 31);
	bpdu->times.forward_delay_ms = get_ms(data + 33);
}

static uint64_t get(const uint8_t *data, int bytes)
{
	uint64_t value = 0;

	while (bytes--)
		value = value << 8 | *data++;
	return value;
}

/* 9.2.8: a timer value counts units of 1/256 s */
static uint32_t get_ms(const uint8_t *data)
{
	return ((uint32_t)get(data, 2) * 1000 + 255) / 256;
}

static void put(uint8_t *data, int bytes, uint64_t value)
{
	while (bytes--) {
		data[bytes] = value & 0xff;
		value >>= 8;
	}
}

static void put_ms(uint8_t *data, uint32_t ms)
{
	uint64_t value = (uint64_t)ms * 256 / 1000;

	put(data, 2, value > 0xffff ? 0xffff : value);
}
