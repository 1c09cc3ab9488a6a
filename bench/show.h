/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BENCH_SHOW_H
#define BENCH_SHOW_H

/** show_main() - the subcommand `show` */
int show_main(int argc, char **argv);

#endif
