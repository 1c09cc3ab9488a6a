/* SPDX-License-Identifier: BSD-2-Clause */
/* core.h - `qswitch-bench core`: the forwarding decision alone. */
#ifndef BENCH_CORE_H
#define BENCH_CORE_H

/**
 * core_main() - run the subcommand `core`; argv[0] is its name
 *
 * Return: an exit status.
 */
int core_main(int argc, char **argv);

#endif
