/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_bpdu.c - decodes any bytes as a BPDU. A BPDU that is understood is
 * encoded and must then be understood in the same way. The seeds in bpdu/ were
 * recorded from the Linux bridge and Open vSwitch. */
#include <stdlib.h>
#include <string.h>

#include "stp/bpdu.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void same_again(const struct bpdu *bpdu, enum stp_verdict verdict);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum stp_verdict verdict;
	struct bpdu bpdu;

	verdict = bpdu_decode(data, size, &bpdu);
	if (verdict == STP_RX_CONFIG || verdict == STP_RX_AGED)
		same_again(&bpdu, verdict);
	else if (!stp_verdict_name(verdict))
		abort();
	return 0;
}

static void same_again(const struct bpdu *bpdu, enum stp_verdict verdict)
{
	uint8_t first[BPDU_CONFIG_LEN], second[BPDU_CONFIG_LEN];
	struct bpdu again;

	bpdu_encode_config(bpdu, first);
	if (bpdu_decode(first, sizeof(first), &again) != verdict)
		abort();
	if (vector_compare(&bpdu->vector, &again.vector) != 0)
		abort();
	bpdu_encode_config(&again, second);
	if (memcmp(first, second, sizeof(first)) != 0)
		abort();
}
