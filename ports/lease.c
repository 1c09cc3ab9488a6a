/* SPDX-License-Identifier: BSD-2-Clause */
/* lease.c - a lease as a line of fixed length: see lease.h. Pure. */
#include "lease.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "forwarding/mac.h"

void lease_write(const struct lease *lease, char line[LEASE_LINE])
{
	char mac[MAC_TEXT], ip[INET_ADDRSTRLEN];
	struct in_addr address = {htonl(lease->ip)};
	char text[LEASE_LINE];

	inet_ntop(AF_INET, &address, ip, sizeof(ip));
	int len = snprintf(text, sizeof(text), "%s %s %" PRIu64 " %s",
	    mac_format(lease->mac, mac), ip, lease->until_s,
	    *lease->name ? lease->name : "-");
	memset(line, ' ', LEASE_LINE);
	memcpy(line, text, (size_t)len < LEASE_LINE ? (size_t)len : 0);
	line[LEASE_LINE - 1] = '\n';
}

bool lease_read(const char line[LEASE_LINE], struct lease *lease)
{
	char text[LEASE_LINE], mac[MAC_TEXT], ip[INET_ADDRSTRLEN];
	char name[LEASE_NAME];
	struct in_addr address;

	memcpy(text, line, sizeof(text));
	if (text[LEASE_LINE - 1] != '\n')
		return false;
	text[LEASE_LINE - 1] = '\0';
	*lease = (struct lease){0};
	if (sscanf(text, "%17s %15s %" SCNu64 " %63s", mac, ip, &lease->until_s,
		name) != 4 ||
	    !mac_parse(mac, lease->mac) ||
	    inet_pton(AF_INET, ip, &address) != 1)
		return false;
	lease->ip = ntohl(address.s_addr);
	if (strcmp(name, "-") != 0)
		lease_name(lease->name, name, strlen(name));
	return true;
}

void lease_name(char name[LEASE_NAME], const void *text, size_t len)
{
	const unsigned char *from = text;
	size_t n = 0;

	while (n < len && n < LEASE_NAME - 1 &&
	       (isalnum(from[n]) || (n && (from[n] == '-' || from[n] == '.'))))
		n++;
	memcpy(name, text, n);
	name[n] = '\0';
}
