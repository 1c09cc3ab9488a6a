/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nic_packet_rx.h - receive from an interface: a packet socket with a ring
 * (rxring.h), and another way for frames that are too long for its slots.
 *
 *     an interface    the ring's socket queues them, and recvmsg() copies them
 *     a TAP           a second socket, with a ring of 64 KiB slots
 *
 * Behind a TAP is one machine. Its own thread copies into the second ring,
 * with the bytes still in its cache, and nobody else waits for that. In the
 * first ring a long frame leaves a mark that keeps its place in the order: a
 * filter cuts it to one byte. The kernel calls the second socket first, so the
 * frame is there when its mark is. The second ring is large and lives only
 * while the TAP has a carrier.
 *
 * For some super-frames the kernel has no virtio_net_hdr (UFO from old guests;
 * SCTP). Such a frame makes the kernel lose hold of a slot: it waits at that
 * slot for ever and drops what comes, and no poll reports it. The sign is that
 * frames were dropped while the ring had room. It is looked for when the port
 * sends again and has received nothing meanwhile, which costs nothing where
 * traffic goes both ways. The ring is then made again.
 */
#ifndef PORTS_NIC_PACKET_RX_H
#define PORTS_NIC_PACKET_RX_H

#include "port.h"

struct nic_packet_rx;

/**
 * nic_packet_rx_new() - receive all frames of interface @ifindex, promiscuously
 * @tap: the interface is a TAP
 *
 * Return: NULL with errno set.
 * #syscalls socket setsockopt mmap bind
 */
struct nic_packet_rx *nic_packet_rx_new(int ifindex, bool tap);

/** nic_packet_rx_free() - close the sockets; NULL is fine. No frame may be
 * borrowed */
void nic_packet_rx_free(struct nic_packet_rx *rx);

/** nic_packet_rx_fd() - the fd to wait on for reading; not the caller's */
int nic_packet_rx_fd(const struct nic_packet_rx *rx);

/** nic_packet_rx_carrier() - the interface has a carrier, or none. Return: 0 or
 * -errno */
int nic_packet_rx_carrier(struct nic_packet_rx *rx, bool carrier);

/**
 * nic_packet_rx_batch() - a kind's receive(): see struct port_kind
 *
 * #syscalls recvmsg getsockopt
 */
int nic_packet_rx_batch(
    struct nic_packet_rx *rx, struct port *port, struct batch *batch);

/** nic_packet_rx_release() - a kind's release(): give the slots back */
void nic_packet_rx_release(struct nic_packet_rx *rx);

/**
 * nic_packet_rx_sent() - the port has sent a batch: is the ring in order?
 *
 * Return: 0, or -errno when it was not and cannot be made again.
 * #syscalls getsockopt setsockopt munmap mmap
 */
int nic_packet_rx_sent(struct nic_packet_rx *rx, struct port *port);

/** nic_packet_rx_count() - add the frames that the kernel lost to rx_dropped.
 * Return: how often a ring was made again */
unsigned nic_packet_rx_count(struct nic_packet_rx *rx, struct port *port);

#endif
