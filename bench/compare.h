/* SPDX-License-Identifier: BSD-2-Clause */
/* compare.h - `qswitch-bench compare`: carries out a plan (plan.h) and fills
 * in the results (results.h).
 *
 *     for each repetition            A B C A B C A B C
 *       for each contender             set up, all probes, tear down
 *
 * so that a machine's drift affects all of them alike.
 */
#ifndef BENCH_COMPARE_H
#define BENCH_COMPARE_H

/**
 * compare_main() - run the subcommand; argv[0] is its name
 *
 * Return: an exit status.
 */
int compare_main(int argc, char **argv);

#endif
