/* SPDX-License-Identifier: BSD-2-Clause */
/* process.h - programs run in a namespace: daemons that stay, filters that
 * end. Daemons write to a log file in the cell; what they said is the reason
 * that is reported when they die. */
#ifndef BENCH_PROCESS_H
#define BENCH_PROCESS_H

#include "testbed.h"

#include <sched.h>
#include <stdbool.h>
#include <sys/types.h>

enum { PROCESS_ARGS_MAX = 48 };

struct process {
	pid_t pid; /* 0: not running */
	char name[32];
	char log[112]; /* standard output and error */
	int input;     /* write end of standard input, kept open */
	int status;    /* as of waitpid(), once it has ended */
};

/**
 * process_start() - start a daemon
 * @name: for messages and for the log file
 * @argv: NULL terminated, argv[0] is searched in PATH
 * @cpus: the processors it may use, NULL for all
 *
 * Return: 0 or -errno. That the program is missing shows in process_ready().
 */
int process_start(struct process *process, struct testbed *testbed, int ns,
    const char *name, const char *const argv[], const cpu_set_t *cpus);

/**
 * process_ready() - wait until the log holds @text
 *
 * Return: 0; -ECHILD when the process died, -ETIMEDOUT when it did not say
 * so within @timeout_ms. testbed->why holds the last line it wrote.
 */
int process_ready(struct process *process, struct testbed *testbed,
    const char *text, int timeout_ms);

/** process_alive() - false once it has ended; fills process->status */
bool process_alive(struct process *process);

/** process_epitaph() - one line on how and with which words it ended */
void process_epitaph(const struct process *process, char *text, size_t size);

/** process_stop() - SIGTERM, then SIGKILL after 2 s; fine if not running */
void process_stop(struct process *process);

/**
 * process_filter() - run a program to its end
 * @ns:     network namespace, negative to stay
 * @input:  given on standard input, NULL for none
 * @output: gets standard output and error, always terminated
 *
 * Return: exit status, 128 + signal, or -errno.
 */
int process_filter(int ns, const char *const argv[], const char *input,
    char *output, size_t size);

/** process_filter_on() - the same, without input, on some processors */
int process_filter_on(int ns, const char *const argv[], const cpu_set_t *cpus,
    char *output, size_t size);

/** process_split() - append the words of @text to @argv; returns their number
 */
int process_split(char *text, const char *argv[], int at, int max);

#endif
