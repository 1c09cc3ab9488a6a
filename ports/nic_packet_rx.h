/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nic_packet_rx.h - how frames come in by an interface: a packet socket with a ring
 * (rxring.h), and something for frames that are too long for its slots.
 *
 *     an interface    the ring's socket queues them, and a recvmsg() copies
 *     a TAP           a second socket, with a ring of 64 KiB slots
 *
 * Behind a TAP is one machine, whose own thread copies into the second ring: it
 * has the bytes in its cache, and waits as long as that takes. In the first
 * ring a long frame leaves a mark where it stands in the order, one byte by a
 * filter. The kernel calls the second socket first, so that the frame is there
 * when its mark is. That ring is large and lives while the TAP has a carrier.
 *
 * A super-frame for which the kernel has no virtio_net_hdr (UFO, that old
 * guests send; SCTP) makes it lose hold of a slot: it waits there for ever and
 * drops what comes, and no poll says so. That frames were dropped while the
 * ring had room is the sign; it is looked for when the port sends again and
 * hears nothing, which costs nothing where traffic goes both ways. The ring is
 * then made anew.
 */
#ifndef PORTS_NIC_PACKET_RX_H
#define PORTS_NIC_PACKET_RX_H

#include "port.h"

struct nic_packet_rx;

/**
 * nic_packet_rx_new() - hear all of interface @ifindex, promiscuously
 * @tap: it is a TAP
 *
 * Return: NULL with errno set.
 * #syscalls socket setsockopt mmap bind
 */
struct nic_packet_rx *nic_packet_rx_new(int ifindex, bool tap);
void nic_packet_rx_free(struct nic_packet_rx *rx); /* NULL is fine */

/* The fd to wait on for reading. */
int nic_packet_rx_fd(const struct nic_packet_rx *rx);

/* nic_packet_rx_carrier() - the interface has one, or none. Return: 0 or -errno. */
int nic_packet_rx_carrier(struct nic_packet_rx *rx, bool carrier);

/* A port's receive() and release(). #syscalls recvmsg getsockopt */
int nic_packet_rx_batch(
    struct nic_packet_rx *rx, struct port *port, struct batch *batch);
void nic_packet_rx_release(struct nic_packet_rx *rx);

/**
 * nic_packet_rx_sent() - the port has sent a batch: is the ring in order?
 *
 * Return: 0, or -errno when it was not and cannot be made anew.
 * #syscalls getsockopt setsockopt munmap mmap
 */
int nic_packet_rx_sent(struct nic_packet_rx *rx, struct port *port);

/* Adds to rx_dropped what was lost. Return: times that a ring was made anew. */
unsigned nic_packet_rx_count(struct nic_packet_rx *rx, struct port *port);

#endif
