/* SPDX-License-Identifier: BSD-2-Clause */
/* kinds.h - the kinds of port, for the table in port.c: see kind.h. */
#ifndef PORTS_KINDS_H
#define PORTS_KINDS_H

#include "kind.h"

extern const struct port_kind kind_tap;	       /* tap.c */
extern const struct port_kind kind_nic_packet; /* nic_packet.c */
extern const struct port_kind kind_nic_pcap;   /* nic_pcap.c */
extern const struct port_kind kind_savefile;   /* savefile.c */
extern const struct port_kind kind_vmtap;      /* vmtap.c */
extern const struct port_kind kind_qemu;       /* qemu.c */
extern const struct port_kind kind_dgram;      /* dgram.c */
extern const struct port_kind kind_seq;	       /* seq.c */
extern const struct port_kind kind_vde;	       /* vde.c */
extern const struct port_kind kind_fd;	       /* fdport.c */
extern const struct port_kind kind_nat;	       /* nat.c */
extern const struct port_kind kind_host;       /* hostport.c */

/* Options of nic_packet.c, also for the kinds that build on it. */
#define NIC_PACKET_KEYS "mtu", "xdp", "once"

#endif
