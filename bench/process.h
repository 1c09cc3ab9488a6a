/* SPDX-License-Identifier: BSD-2-Clause */
/* process.h - programs run in a network namespace: daemons, which stay, and
 * filters, which run to their end. A daemon writes to a log file; when it
 * dies, the last line of the log is the reason that is reported. */
#ifndef BENCH_PROCESS_H
#define BENCH_PROCESS_H

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct process {
	pid_t pid; /* 0: not running */
	char name[32];
	char log[112]; /* standard output and error */
	int input;     /* write end of standard input, kept open */
	int status;    /* as of waitpid(), once it has ended */
};

/**
 * process_start() - start a daemon
 * @dir:  where to put the log file, NAME.log
 * @ns:   network namespace, negative to stay
 * @name: for messages and for the log file
 * @argv: NULL terminated, argv[0] is searched in PATH
 * @cpus: the processors it may use, NULL for all
 *
 * A missing program is not an error yet: process_ready() finds it dead.
 *
 * Return: 0 or -errno; process_stop() is right in both cases.
 */
int process_start(struct process *process, const char *dir, int ns,
    const char *name, const char *const argv[], const cpu_set_t *cpus);

/**
 * process_ready() - wait until the log holds @text
 * @why: after a failure the last line of the log, with how it ended; untouched
 *       otherwise
 *
 * Return: 0; -ECHILD when the process died, -ETIMEDOUT when @text did not
 * appear within @timeout_ms.
 */
int process_ready(struct process *process, const char *text, int timeout_ms,
    char *why, size_t size);

/** process_alive() - false once it has ended; fills process->status */
bool process_alive(struct process *process);

/** process_epitaph() - how it ended and its last words, in one line of @text */
void process_epitaph(const struct process *process, char *text, size_t size);

/** process_stop() - SIGTERM, then SIGKILL after 2 s; harmless if not running */
void process_stop(struct process *process);

/**
 * process_filter() - run a program to its end
 * @ns:     network namespace, negative to stay
 * @input:  given on standard input, NULL for none
 * @output: gets standard output and error, cut to @size, always terminated
 *
 * Return: exit status, 128 + signal, or -errno.
 */
int process_filter(int ns, const char *const argv[], const char *input,
    char *output, size_t size);

/**
 * process_filter_on() - process_filter() without input, on processors @cpus
 *
 * Return: the same.
 */
int process_filter_on(int ns, const char *const argv[], const cpu_set_t *cpus,
    char *output, size_t size);

/**
 * process_split() - append the words of @text to @argv, and a NULL
 * @text: is cut into words; @argv points into it
 * @at:   where to append
 * @max:  size of @argv; words that do not fit are dropped
 *
 * Return: the number of words in @argv.
 */
int process_split(char *text, const char *argv[], int at, int max);

#endif
