/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * process.h - what the process sets up for itself before anything is opened.
 */
#ifndef SWITCH_PROCESS_H
#define SWITCH_PROCESS_H

#include <signal.h>
#include <stdbool.h>

/**
 * process_ignore_signals() - those that would end us for what a peer or a disk
 * does: SIGPIPE, and SIGXFSZ of a file size limit; write() says it instead
 */
void process_ignore_signals(void);

/** process_ignores() - is @signum ignored, as nohup(1) leaves SIGHUP? */
bool process_ignores(int signum);

/**
 * process_raise_files() - let this process open as many files as it may
 *
 * Raises the soft limit of open files to the hard one.
 *
 * Return: the limit in force.
 */
unsigned long process_raise_files(void);

#endif
