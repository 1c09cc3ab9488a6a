/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * recorder.h - the flight recorder: what happened to the last N frames.
 *
 * Always on and of fixed size: a ring of small records, one written per frame
 * after the decision. `why` reads it backwards. Frames are numbered from 1 in
 * the order in which the bridge saw them. An entry of the filtering database
 * names the frame that taught it; its record is here for as long as the ring
 * reaches back.
 */
#ifndef FORWARDING_RECORDER_H
#define FORWARDING_RECORDER_H

#include <stdint.h>

#include "bridge.h"

enum {
	RECORDER_DEFAULT = 4096,
	RECORDER_MAX = 1048576,
	RECORD_PORTS = 4, /* egress ports that a record names */
};

struct record {
	uint64_t frame; /* number, from 1; 0: nothing recorded yet */
	uint64_t time_ms;
	uint8_t dst[ETH_ADDR];
	uint8_t src[ETH_ADDR];
	uint32_t len; /* outer tag counted */
	uint16_t type;
	uint16_t tpid, tci;
	uint16_t vid;
	uint16_t in_port;
	uint16_t egress_count;	       /* ports it was queued to */
	uint16_t egress[RECORD_PORTS]; /* the first of them, 0-filled */
	uint16_t fact_port;   /* port in the entry that was used, 0: none */
	uint16_t moved_from;  /* source learned: port it was on before */
	uint32_t fact_age_s;  /* age of that entry */
	uint64_t fact_taught; /* frame that taught it, 0: static */
	uint8_t verdict;      /* enum verdict */
	uint8_t learned;      /* enum fdb_learned */
};

struct recorder;

/**
 * recorder_new() - a recorder without records
 * @size: records, 1..RECORDER_MAX; 0 gives a recorder that keeps nothing
 *
 * Return: NULL when out of memory or @size is out of range.
 */
struct recorder *recorder_new(uint32_t size);

/** recorder_free() - NULL is fine */
void recorder_free(struct recorder *rec);

/** recorder_note() - record what @out says about each frame of @batch */
void recorder_note(struct recorder *rec, const struct batch *batch,
    const struct egress *out, uint64_t now_ms);

/** recorder_amend() - change the verdict on frame number @frame, if recorded */
void recorder_amend(struct recorder *rec, uint64_t frame, enum verdict verdict);

/**
 * recorder_find() - the record of frame number @frame
 *
 * Return: NULL if it is no longer or not yet there. Valid until the next
 * recorder_note().
 */
const struct record *recorder_find(const struct recorder *rec, uint64_t frame);

/** recorder_newest() - number of the newest frame recorded, 0: none */
uint64_t recorder_newest(const struct recorder *rec);

#endif
