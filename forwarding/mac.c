/* SPDX-License-Identifier: BSD-2-Clause */
/* mac.c - MAC addresses to and from text. */
#include "mac.h"

#include <stdio.h>
#include <string.h>

static int hex_digit(char c);

bool mac_parse(const char *text, uint8_t mac[ETH_ADDR])
{
	const char separator = strchr(text, '-') ? '-' : ':';

	for (int i = 0; i < ETH_ADDR; i++, text += 3) {
		int high = hex_digit(text[0]);
		int low = high < 0 ? -1 : hex_digit(text[1]);

		if (low < 0 || text[2] != (i < ETH_ADDR - 1 ? separator : '\0'))
			return false;
		mac[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

char *mac_format(const uint8_t mac[ETH_ADDR], char text[MAC_TEXT])
{
	snprintf(text, MAC_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0],
	    mac[1], mac[2], mac[3], mac[4], mac[5]);
	return text;
}

/* The value of a hexadecimal digit, or -1. */
static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at =
	    c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;

	return at ? (int)(at - digits) : -1;
}
