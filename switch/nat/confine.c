/* SPDX-License-Identifier: BSD-2-Clause */
/* confine.c - capabilities and user of qswitch-nat: see confine.h. */
#include "confine.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NOBODY = 65534, CAPABILITIES = 64 };

static bool drop_user(void);
static bool drop_capabilities(void);

bool confine_privileges(void)
{
	for (unsigned long cap = 0; cap < CAPABILITIES; cap++)
		prctl(PR_CAPBSET_DROP, cap, 0, 0, 0); /* if we may */
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	return drop_user() && drop_capabilities() &&
	       prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

/* EINVAL: the user namespace has no such user. */
static bool drop_user(void)
{
	if (geteuid() != 0)
		return true;
	if (setgroups(0, NULL) < 0 && errno != EPERM)
		return false;
	if (setresgid(NOBODY, NOBODY, NOBODY) < 0 && errno != EINVAL &&
	    errno != EPERM)
		return false;
	return setresuid(NOBODY, NOBODY, NOBODY) == 0 || errno == EINVAL ||
	       errno == EPERM;
}

static bool drop_capabilities(void)
{
	struct __user_cap_header_struct head = {
	    .version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[2] = {{0}};

	return syscall(SYS_capset, &head, none) == 0;
}
