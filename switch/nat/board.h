/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * board.h - where the leases of a network are kept, a line each (ports/lease.h):
 * in memory of the daemon's, which it shows and hands to the next qswitch-nat,
 * and in a file, if the operator named one.
 */
#ifndef SWITCH_NAT_BOARD_H
#define SWITCH_NAT_BOARD_H

#include <stdbool.h>
#include <stdint.h>

struct dhcp;
struct lease;

struct board {
	int memory; /* descriptors; -1: none */
	int file;
	uint32_t net, size; /* of the network, in addresses */
};

/**
 * board_open() - open the file of @path; "": none
 * @board: its other members are set
 * @err:   PORT_ERR bytes
 *
 * Return: false with a sentence in @err.
 */
bool board_open(struct board *board, const char *path, char *err);

/** board_restore() - let @dhcp take over all leases: memory first, then file */
void board_restore(const struct board *board, struct dhcp *dhcp);

/** board_write() - keep @lease */
void board_write(const struct board *board, const struct lease *lease);

#endif
