/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * whois.h - asks /proc about other processes, beside the loop.
 *
 * To find who holds a TAP is to look at every descriptor of every process, and
 * one user can hold a great many; to read /proc/PID/cmdline is to read the
 * memory of that process, which may lie in a file system that does not answer.
 * So threads of low priority do it, WHOIS_THREADS at most, and whoever asked
 * looks later whether there is an answer. Processes that make all threads wait
 * keep others from being named, and nothing else.
 *
 * From one thread, that of the loop.
 */
#ifndef PORTS_WHOIS_H
#define PORTS_WHOIS_H

#include <stdbool.h>
#include <sys/types.h>

enum { WHOIS_THREADS = 4 };

struct whois_answer {
	pid_t pid;	  /* 0: nobody was found */
	char command[32]; /* /proc/PID/comm */
	char program[32]; /* as in struct peer */
	char vm[64];
};

struct whois;

/**
 * whois_pid() - ask what the process @pid is
 *
 * Return: a question to be freed with whois_free(); NULL when out of memory.
 */
struct whois *whois_pid(pid_t pid);

/** whois_tap() - ask who has the TAP @name open. Return: as whois_pid(). */
struct whois *whois_tap(const char *name);

/**
 * whois_answer() - has @question been answered? Never waits
 * @question: NULL has no answer
 * @answer:   written whole if so
 */
bool whois_answer(struct whois *question, struct whois_answer *answer);

/** whois_wait() - the same, waiting for it up to @ms: before the loop runs */
bool whois_wait(struct whois *question, struct whois_answer *answer, int ms);

/** whois_free() - forget @question, answered or not; NULL is fine */
void whois_free(struct whois *question);

#endif
