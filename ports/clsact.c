/* SPDX-License-Identifier: BSD-2-Clause */
/* clsact.c - BPF programs as filters of a clsact qdisc: see clsact.h. */
#include "clsact.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <libmnl/libmnl.h>

enum {
	PRIORITY = 7, /* before most filters of others */
	REPLY_MAX = 32768,
	FILTERS_MAX = 16, /* of switches, on one side of a device */
};

#define NAME_ONLY "qswitchd, process %d"
#define NAME_MADE "qswitchd, process %d, made clsact"

struct message {
	struct nlmsghdr *head;
	struct tcmsg *tc;
	_Alignas(NLMSG_ALIGNTO) char bytes[512];
};

/* The filters on one side of a device, as a dump shows them. */
struct found {
	int n; /* of switches, and to be removed */
	struct tcmsg filters[FILTERS_MAX];
	int others; /* all the rest */
	bool made;  /* one of the first kind says that its qdisc was made */
};

static void begin(struct message *m, uint16_t type, uint16_t flags);
static int make_qdisc(int ifindex);
static uint32_t side(bool egress);
static bool remove_filters(int ifindex, bool egress, int *others);
static int on_filter(const struct nlmsghdr *nlh, void *arg);
static const char *name_of(const struct nlmsghdr *nlh);
static void remove_filter(const struct tcmsg *filter);
static void remove_qdisc(int ifindex);
static int transact(struct message *m, mnl_cb_t cb, void *arg);
static bool has_ended(int pid);

int clsact_attach(const struct clsact_program *program)
{
	struct message m;
	char name[64];
	int result = make_qdisc(program->ifindex);

	if (result < 0 && result != -EEXIST)
		return result;
	snprintf(name, sizeof(name), result == 0 ? NAME_MADE : NAME_ONLY,
	    (int)getpid());
	begin(&m, RTM_NEWTFILTER, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
	m.tc->tcm_ifindex = program->ifindex;
	m.tc->tcm_parent = side(program->egress);
	m.tc->tcm_info = TC_H_MAKE(PRIORITY << 16, htons(ETH_P_ALL));
	mnl_attr_put_strz(m.head, TCA_KIND, "bpf");
	struct nlattr *options = mnl_attr_nest_start(m.head, TCA_OPTIONS);
	mnl_attr_put_u32(m.head, TCA_BPF_FD, (uint32_t)program->fd);
	mnl_attr_put_strz(m.head, TCA_BPF_NAME, name);
	mnl_attr_put_u32(m.head, TCA_BPF_FLAGS, TCA_BPF_FLAG_ACT_DIRECT);
	mnl_attr_nest_end(m.head, options);
	return transact(&m, NULL, NULL);
}

void clsact_sweep(int ifindex)
{
	int others = 0;
	bool made = remove_filters(ifindex, false, &others);

	made |= remove_filters(ifindex, true, &others);
	if (made && !others)
		remove_qdisc(ifindex);
}

static void begin(struct message *m, uint16_t type, uint16_t flags)
{
	m->head = mnl_nlmsg_put_header(m->bytes);
	m->head->nlmsg_type = type;
	m->head->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	m->head->nlmsg_seq = (uint32_t)time(NULL);
	m->tc = mnl_nlmsg_put_extra_header(m->head, sizeof(*m->tc));
	m->tc->tcm_family = AF_UNSPEC;
}

static int make_qdisc(int ifindex)
{
	struct message m;

	begin(&m, RTM_NEWQDISC, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
	m.tc->tcm_ifindex = ifindex;
	m.tc->tcm_handle = TC_H_MAKE(TC_H_CLSACT, 0);
	m.tc->tcm_parent = TC_H_CLSACT;
	mnl_attr_put_strz(m.head, TCA_KIND, "clsact");
	return transact(&m, NULL, NULL);
}

static uint32_t side(bool egress)
{
	return TC_H_MAKE(
	    TC_H_CLSACT, egress ? TC_H_MIN_EGRESS : TC_H_MIN_INGRESS);
}

/* Return: did a switch make the qdisc? */
static bool remove_filters(int ifindex, bool egress, int *others)
{
	struct found found = {0};
	struct message m;

	begin(&m, RTM_GETTFILTER, NLM_F_DUMP);
	m.tc->tcm_ifindex = ifindex;
	m.tc->tcm_parent = side(egress);
	if (transact(&m, on_filter, &found) < 0)
		return false; /* there is no such qdisc */
	for (int i = 0; i < found.n; i++)
		remove_filter(&found.filters[i]);
	*others += found.others;
	return found.made;
}

static int on_filter(const struct nlmsghdr *nlh, void *arg)
{
	const struct tcmsg *tc = mnl_nlmsg_get_payload(nlh);
	const char *name = name_of(nlh);
	struct found *found = arg;
	int pid;

	if (!tc->tcm_handle)
		return MNL_CB_OK; /* the head of a priority, not a filter */
	if (found->n == FILTERS_MAX || !name ||
	    sscanf(name, NAME_ONLY, &pid) != 1 || !has_ended(pid)) {
		found->others++;
		return MNL_CB_OK;
	}
	found->made |= strstr(name, "made clsact") != NULL;
	found->filters[found->n++] = *tc;
	return MNL_CB_OK;
}

/* The name of a BPF filter; NULL: it has none. */
static const char *name_of(const struct nlmsghdr *nlh)
{
	const struct nlattr *attr, *option;

	mnl_attr_for_each(attr, nlh, sizeof(struct tcmsg))
	{
		if (mnl_attr_get_type(attr) != TCA_OPTIONS)
			continue;
		mnl_attr_for_each_nested(option,
		    attr) if (mnl_attr_get_type(option) == TCA_BPF_NAME &&
			      mnl_attr_validate(option, MNL_TYPE_NUL_STRING) >=
				  0) return mnl_attr_get_str(option);
	}
	return NULL;
}

static void remove_filter(const struct tcmsg *filter)
{
	struct message m;

	begin(&m, RTM_DELTFILTER, NLM_F_ACK);
	*m.tc = *filter;
	mnl_attr_put_strz(m.head, TCA_KIND, "bpf");
	transact(&m, NULL, NULL);
}

static void remove_qdisc(int ifindex)
{
	struct message m;

	begin(&m, RTM_DELQDISC, NLM_F_ACK);
	m.tc->tcm_ifindex = ifindex;
	m.tc->tcm_handle = TC_H_MAKE(TC_H_CLSACT, 0);
	m.tc->tcm_parent = TC_H_CLSACT;
	transact(&m, NULL, NULL);
}

/* Return: 0 or -errno. */
static int transact(struct message *m, mnl_cb_t cb, void *arg)
{
	_Alignas(NLMSG_ALIGNTO) char reply[REPLY_MAX];
	struct mnl_socket *nl = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	int result = -1;

	if (!nl)
		return -errno;
	if (mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) == 0 &&
	    mnl_socket_sendto(nl, m->head, m->head->nlmsg_len) >= 0) {
		do {
			ssize_t n =
			    mnl_socket_recvfrom(nl, reply, sizeof(reply));

			result = n < 0
				     ? -1
				     : mnl_cb_run(reply, (size_t)n,
					   m->head->nlmsg_seq,
					   mnl_socket_get_portid(nl), cb, arg);
		} while (result > MNL_CB_STOP);
	}
	int error = errno;
	mnl_socket_close(nl);
	return result < 0 ? -error : 0;
}

/* Also of our own process: what it attached before, it does not want now. */
static bool has_ended(int pid)
{
	return pid == getpid() || (kill(pid, 0) < 0 && errno == ESRCH);
}
