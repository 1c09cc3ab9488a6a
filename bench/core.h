/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BENCH_CORE_H
#define BENCH_CORE_H

/** core_main() - the subcommand `core`: the forwarding decision alone */
int core_main(int argc, char **argv);

#endif
