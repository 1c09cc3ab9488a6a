/* SPDX-License-Identifier: BSD-2-Clause */
/* show.h - `qswitch-bench show`: tables and plots of a saved run. */
#ifndef BENCH_SHOW_H
#define BENCH_SHOW_H

/**
 * show_main() - run the subcommand `show`; argv[0] is its name
 *
 * Return: an exit status.
 */
int show_main(int argc, char **argv);

#endif
