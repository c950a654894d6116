/*
 * filters-gen - runs at build time: the groups of syscalls.c become filters by libseccomp, printed as C. With --names:
 * the names of system calls, for the tool.
 */
#include "compact.h"
#include "filters.h"
#include "syscalls.h"

#include <errno.h>
#include <seccomp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Noreturn void die(const char *what, const char *name, int rc)
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
			die("rule", *call, rc);
	}
	for (const struct argument_rule *r = group->arguments; r && r->call; r++) {
		int rc = seccomp_rule_add_exact(ctx, action, resolve(r->call), 1,
						SCMP_CMP64(r->argument, SCMP_CMP_MASKED_EQ, r->mask,
							   r->value));
		if (rc != 0)
			die("argument rule", r->call, rc);
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
		die("rule", "execve", rc);
}

/* Every profile but the gate's own, which executes nothing, and that of programs that start others. */
static bool execs_once(unsigned profile)
{
	return profile != SANDBOX_SPAWN && profile != SANDBOX_WAIT;
}

static scmp_filter_ctx make(unsigned profile)
{
	/* A gate that does anything but wait is not ours any more. */
	scmp_filter_ctx ctx =
		seccomp_init(profile == SANDBOX_WAIT ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_ERRNO(ENOSYS));
	int rc;

	if (!ctx)
		die("init", "context", -ENOMEM);
	if ((rc = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS)) != 0 ||
	    (rc = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2)) != 0)
		die("attribute", "badarch or optimize", rc);
	for (const struct group *g = syscall_groups; g->name; g++)
		if (g->profiles & 1u << profile)
			add_group(ctx, g);
	if (execs_once(profile))
		add_exec_once(ctx);
	return ctx;
}

/* Everything but truncate(2) is somebody else's to judge. */
static scmp_filter_ctx make_no_truncate(void)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	int rc = ctx ? seccomp_rule_add_exact(ctx, SCMP_ACT_ERRNO(EPERM), resolve("truncate"), 0)
		     : -ENOMEM;

	if (rc != 0 || (rc = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS)) != 0)
		die("filter", "truncate", rc);
	return ctx;
}

/* libseccomp's program, compacted. */
static size_t export(scmp_filter_ctx ctx, struct sock_filter program[COMPACT_MOST])
{
	static struct sock_filter whole[COMPACT_MOST];
	FILE *file = tmpfile();
	int rc;

	if (!file || (rc = seccomp_export_bpf(ctx, fileno(file))) != 0)
		die("export", "filter", file ? rc : -errno);
	rewind(file);
	size_t length = fread(whole, sizeof *whole, COMPACT_MOST, file);
	fclose(file);
	size_t count = compact(whole, length, program);
	if (count > 0 && !compact_agrees(whole, length, program, count))
		die("compact", "the two filters differ", -EINVAL);
	if (count > 0 && count < length)
		return count;
	memcpy(program, whole, length * sizeof *whole);
	return length;
}

/* Prints the program, and where it compares with a half of the mark. */
static void print(scmp_filter_ctx ctx, unsigned profile)
{
	static struct sock_filter program[COMPACT_MOST];
	unsigned short marks[FILTERS_MARKS], count = 0;
	size_t length = export(ctx, program);

	printf("static const struct sock_filter program%u[] = {\n", profile);
	for (size_t i = 0; i < length; i++) {
		uint32_t k = program[i].k;

		printf("\t{0x%02x, %u, %u, 0x%08x},\n", program[i].code, program[i].jt, program[i].jf, k);
		if (k != (uint32_t)FILTERS_EXEC_MARK && k != (uint32_t)(FILTERS_EXEC_MARK >> 32))
			continue;
		if (count == FILTERS_MARKS)
			die("filter", "more marks than expected", -E2BIG);
		marks[count++] = (unsigned short)i;
	}
	printf("};\n");
	bool marked = profile < SANDBOX_PROFILES && execs_once(profile);
	if ((count > 0) != marked || count == 1)
		die("filter", "the exec mark is not where it should be", -EINVAL);
	printf("#define FILTER%u {%zu, program%u, %u, {", profile, length, profile, count);
	for (unsigned i = 0; i < count; i++)
		printf("%u,", marks[i]);
	printf("0}}\n");
}

static int print_names(void)
{
	enum { MORE_THAN_THERE_ARE = 600 };
	int last = 0;

	printf("/* Generated by sandbox/filters-gen.c; do not edit. */\n#include \"sandbox/filters.h\"\n"
	       "const char *const call_names[] = {\n");
	for (int number = 0; number < MORE_THAN_THERE_ARE; number++) {
		char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);

		if (name) {
			printf("\t[%d] = \"%s\",\n", number, name);
			last = number;
		}
		free(name);
	}
	printf("};\nconst int call_names_count = %d;\n", last + 1);
	return ferror(stdout) || fflush(stdout) ? 1 : 0;
}

int main(int argc, char *argv[])
{
	if (argc == 2 && strcmp(argv[1], "--names") == 0)
		return print_names();
	printf("/* Generated by sandbox/filters-gen.c; do not edit. */\n#include \"sandbox/filters.h\"\n");
	for (unsigned profile = 0; profile < SANDBOX_PROFILES; profile++) {
		scmp_filter_ctx ctx = make(profile);

		print(ctx, profile);
		seccomp_release(ctx);
	}
	scmp_filter_ctx ctx = make_no_truncate();
	print(ctx, SANDBOX_PROFILES);
	seccomp_release(ctx);
	printf("const struct filter filter_no_truncate = FILTER%u;\n", SANDBOX_PROFILES);
	printf("const struct filter filters[SANDBOX_PROFILES] = {FILTER0, FILTER1, FILTER2, FILTER3, FILTER4};\n");
	return ferror(stdout) || fflush(stdout) ? 1 : 0;
}
