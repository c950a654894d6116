#include "filters-make.h"

#include "filters.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void filters_make_die(const char *what, const char *name, int rc)
{
	fprintf(stderr, "filters-gen: %s: %s: %s\n", what, name, strerror(-rc));
	exit(1);
}

static uint32_t action_of(enum answer answer)
{
	switch (answer) {
	case ANSWER_ALLOW: return SCMP_ACT_ALLOW;
	case ANSWER_EPERM: return SCMP_ACT_ERRNO(EPERM);
	case ANSWER_KILL: return SCMP_ACT_KILL_PROCESS;
	}
	abort();
}

/* Newer than libseccomp 2.5.4: the numbers are the same on every architecture. */
static int resolve(const char *call)
{
	if (strcmp(call, "fchmodat2") == 0)
		return 452;
	return seccomp_syscall_resolve_name(call);
}

static int add_argument_rule(scmp_filter_ctx ctx, uint32_t action, const struct argument_rule *r)
{
	struct scmp_arg_cmp conditions[1 + CONDITIONS_MORE] = {
		SCMP_CMP64(r->argument, SCMP_CMP_MASKED_EQ, r->mask, r->value)};
	unsigned count = 1;

	for (; count <= CONDITIONS_MORE && r->also[count - 1].mask; count++)
		conditions[count] = SCMP_CMP64(r->also[count - 1].argument, SCMP_CMP_MASKED_EQ,
					       r->also[count - 1].mask, r->also[count - 1].value);
	return seccomp_rule_add_exact_array(ctx, action, resolve(r->call), count, conditions);
}

static void add_group(scmp_filter_ctx ctx, const struct group *group)
{
	uint32_t action = action_of(group->answer);

	for (const char *const *call = group->calls; call && *call; call++) {
		int number = resolve(*call);
		if (number == __NR_SCMP_ERROR)
			continue; /* unknown to this libseccomp: ENOSYS, the closed side */
		if (number < 0)
			continue; /* not on this architecture */
		int rc = seccomp_rule_add_exact(ctx, action, number, 0);
		if (rc != 0)
			filters_make_die("rule", *call, rc);
	}
	for (const struct argument_rule *r = group->arguments; r && r->call; r++) {
		int rc = resolve(r->call) < 0 ? 0 : add_argument_rule(ctx, action, r);
		if (rc != 0)
			filters_make_die("argument rule", r->call, rc);
	}
}

/* Exec happens once: any pointer but the one that the gate passes kills. */
static void add_exec_once(scmp_filter_ctx ctx)
{
	int execve = resolve("execve");
	int rc = seccomp_rule_add_exact(ctx, SCMP_ACT_ALLOW, execve, 1,
					SCMP_CMP64(0, SCMP_CMP_EQ, FILTERS_EXEC_MARK));

	if (rc == 0)
		rc = seccomp_rule_add_exact(ctx, SCMP_ACT_KILL_PROCESS, execve, 1,
					    SCMP_CMP64(0, SCMP_CMP_NE, FILTERS_EXEC_MARK));
	if (rc != 0)
		filters_make_die("rule", "execve", rc);
}

/* Every profile but the gate's own, which executes nothing, and that of programs that start others. */
bool filters_make_marked(unsigned profile)
{
	return profile != SANDBOX_SPAWN && profile != SANDBOX_WAIT;
}

scmp_filter_ctx filters_make(unsigned profile, const struct group *without)
{
	/* A gate that does anything but wait is not ours any more. */
	scmp_filter_ctx ctx =
		seccomp_init(profile == SANDBOX_WAIT ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_ERRNO(ENOSYS));
	int rc;

	if (!ctx)
		filters_make_die("init", "context", -ENOMEM);
	if ((rc = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS)) != 0 ||
	    (rc = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2)) != 0)
		filters_make_die("attribute", "badarch or optimize", rc);
	for (const struct group *g = syscall_groups; g->name; g++)
		if (g->profiles & 1u << profile && g != without)
			add_group(ctx, g);
	if (filters_make_marked(profile))
		add_exec_once(ctx);
	return ctx;
}

/* Everything but truncate(2) is somebody else's to judge. */
scmp_filter_ctx filters_make_no_truncate(void)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	int rc = ctx ? seccomp_rule_add_exact(ctx, SCMP_ACT_ERRNO(EPERM), resolve("truncate"), 0)
		     : -ENOMEM;

	if (rc != 0 || (rc = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS)) != 0)
		filters_make_die("filter", "truncate", rc);
	return ctx;
}

/* No descriptor is negative; AT_FDCWD is, in whichever way its upper half was filled. */
scmp_filter_ctx filters_make_one_by_one(void)
{
	const uint64_t sign = 1U << 31;
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	int rc = ctx ? seccomp_rule_add_exact(ctx, SCMP_ACT_ERRNO(EPERM), resolve("unlinkat"), 1,
					      SCMP_CMP64(0, SCMP_CMP_MASKED_EQ, sign, 0))
		     : -ENOMEM;

	if (rc != 0 || (rc = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS)) != 0)
		filters_make_die("filter", "unlinkat", rc);
	return ctx;
}

size_t filters_make_program(scmp_filter_ctx ctx, struct sock_filter *program, size_t room)
{
	FILE *file = tmpfile();
	int rc;

	if (!file || (rc = seccomp_export_bpf(ctx, fileno(file))) != 0)
		filters_make_die("export", "filter", file ? rc : -errno);
	rewind(file);
	size_t length = fread(program, sizeof *program, room, file);
	fclose(file);
	return length;
}
