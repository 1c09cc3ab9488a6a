/* SPDX-License-Identifier: BSD-2-Clause */
/* whois.c - /proc is asked in threads beside the loop: see whois.h. */
#include "whois.h"

#include <net/if.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <bsd/string.h>

#include "holder.h"
#include "peer.h"

enum { LOW_PRIORITY = 19 };

/* A question is in the queue, or in the hands of a thread, or answered. */
struct whois {
	struct whois *next;
	pid_t pid;
	char tap[IFNAMSIZ]; /* "": the question is about @pid */
	bool is_taken;	    /* by a thread */
	bool is_dropped;    /* nobody wants the answer: the thread frees it */
	bool is_answered;
	struct whois_answer answer;
};

/* The lock is never held while a thread works: nobody waits long for it. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t asked = PTHREAD_COND_INITIALIZER;
static pthread_cond_t answered = PTHREAD_COND_INITIALIZER;
static struct whois *first, **last = &first;
static int threads, idle;

static struct whois *ask(const struct whois *question);
static void start_thread(void);
static void *work(void *unused);
static struct whois *take(void);
static void find(struct whois *question);

struct whois *whois_pid(pid_t pid)
{
	return ask(&(struct whois){.pid = pid});
}

struct whois *whois_tap(const char *name)
{
	struct whois question = {0};

	strlcpy(question.tap, name, sizeof(question.tap));
	return ask(&question);
}

bool whois_answer(struct whois *question, struct whois_answer *answer)
{
	return whois_wait(question, answer, 0);
}

bool whois_wait(struct whois *question, struct whois_answer *answer, int ms)
{
	struct timespec until;
	bool is_answered = false;
	int error = 0;

	if (!question)
		return false;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += ms / 1000;
	pthread_mutex_lock(&lock);
	while (ms && !question->is_answered && !error)
		error = pthread_cond_timedwait(&answered, &lock, &until);
	is_answered = question->is_answered;
	if (is_answered)
		*answer = question->answer;
	pthread_mutex_unlock(&lock);
	return is_answered;
}

void whois_free(struct whois *question)
{
	if (!question)
		return;
	pthread_mutex_lock(&lock);
	question->is_dropped = true;
	if (!question->is_taken) {
		struct whois **place = &first;

		while (*place != question)
			place = &(*place)->next;
		*place = question->next;
		if (last == &question->next)
			last = place;
	}
	if (!question->is_taken || question->is_answered)
		free(question);
	pthread_mutex_unlock(&lock);
}

static struct whois *ask(const struct whois *question)
{
	struct whois *new = malloc(sizeof(*new));

	if (!new)
		return NULL;
	*new = *question;
	pthread_mutex_lock(&lock);
	*last = new;
	last = &new->next;
	/* Threads that are not idle may be stuck for good. */
	if (!idle && threads < WHOIS_THREADS)
		start_thread();
	pthread_cond_signal(&asked);
	pthread_mutex_unlock(&lock);
	return new;
}

/* Without a thread the question stays unanswered. Signals are the loop's. */
static void start_thread(void)
{
	sigset_t all, before;
	pthread_t thread;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(&thread, NULL, work, NULL) == 0) {
		pthread_detach(thread);
		threads++;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void *work(void *unused)
{
	/* of this thread alone, on Linux */
	setpriority(PRIO_PROCESS, (id_t)gettid(), LOW_PRIORITY);
	for (;;) {
		struct whois *question = take();
		struct whois local = *question; /* what was asked stays */

		find(&local);
		pthread_mutex_lock(&lock);
		question->answer = local.answer;
		question->is_answered = true;
		if (question->is_dropped)
			free(question);
		pthread_cond_broadcast(&answered);
		pthread_mutex_unlock(&lock);
	}
	return unused;
}

/* Waits for the next question. */
static struct whois *take(void)
{
	pthread_mutex_lock(&lock);
	idle++;
	while (!first)
		pthread_cond_wait(&asked, &lock);
	idle--;
	struct whois *question = first;
	first = question->next;
	if (!first)
		last = &first;
	question->is_taken = true;
	pthread_mutex_unlock(&lock);
	return question;
}

static void find(struct whois *question)
{
	struct whois_answer *answer = &question->answer;
	struct holder holder = {.pid = question->pid};
	struct peer peer;

	if (*question->tap && !tap_holder(question->tap, &holder))
		return;
	answer->pid = holder.pid;
	strlcpy(answer->command, holder.command, sizeof(answer->command));
	peer_of_pid(holder.pid, &peer);
	strlcpy(answer->program, peer.program, sizeof(answer->program));
	strlcpy(answer->vm, peer.vm, sizeof(answer->vm));
}
