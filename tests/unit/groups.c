/*
 * Goal: each group of each profile is tested: a filter made without it answers a call of the table in calls.c otherwise
 * than the table says (I5). A new group without such a call fails here. Whether a real client needs what a group
 * admits is for tests/e2e/syscalls.bats to say.
 */
#include "test.h"

#include "calls.h"
#include "sandbox/answer.h"
#include "sandbox/filters-make.h"

#include <sys/syscall.h>

enum { LONGEST = 4096 };

/* The first call that is answered otherwise than the table says; NULL: none is. */
static const char *find_other(unsigned profile, const struct group *without)
{
	static struct sock_filter program[LONGEST];
	scmp_filter_ctx ctx = filters_make(profile, without);
	const struct filter filter = {.length = (unsigned short)filters_make_program(ctx, program, LONGEST),
				      .program = program};

	seccomp_release(ctx);
	for (const struct call_row *row = profile == SANDBOX_WAIT ? calls_parent : calls_rows; row->name; row++) {
		const struct seccomp_data call = calls_data(row);

		if (calls_outcome(answer_by(&filter, &call)) != row->want[profile == SANDBOX_WAIT ? 0 : profile])
			return row->name;
	}
	return NULL;
}

/* What the table says of a call by its name alone. False: it depends on arguments. */
static bool said_of(unsigned profile, const char *name, enum outcome *said)
{
	static const enum outcome outcomes[] = {
		[ANSWER_ALLOW] = YES, [ANSWER_EPERM] = PERM, [ANSWER_KILL] = KILL};

	const struct group *group = syscall_group(name, profile);

	if (!group) {
		*said = profile == SANDBOX_WAIT ? KILL : NOSYS;
		return true;
	}
	*said = outcomes[group->answer];
	for (const char *const *call = group->calls; call && *call; call++)
		if (strcmp(*call, name) == 0)
			return true;
	return false;
}

static bool is_answered(unsigned profile, int number, enum outcome said)
{
	const struct call_row row = {.number = number};
	const struct seccomp_data call = calls_data(&row);
	enum outcome got = calls_outcome(answer_of((enum sandbox_profile)profile, &call));

	if (got != said)
		print_message("# profile %u, call %#x: %d, not %d\n", profile, (unsigned)number, got, said);
	return got == said;
}

/*
 * Goal: each number that there is, or will be, has the answer of its call's group, whatever libseccomp made of the rules
 * before and behind it. Without a group it is not there; with the bit of x32 it kills.
 */
static void test_numbers(void **state)
{
	enum { MANY = 2048, FCHMODAT2 = 452, X32 = 0x40000000 };
	int failures = 0;

	(void)state;
	for (unsigned profile = 0; profile < SANDBOX_PROFILES; profile++)
		for (int number = 0; number < MANY; number++) {
			const char *name = number == FCHMODAT2 ? "fchmodat2" : answer_name(number);
			bool once = number == SYS_execve && filters_make_marked(profile);
			enum outcome said;

			if (said_of(profile, name, &said) && !is_answered(profile, number, once ? KILL : said))
				failures++;
#ifdef __x86_64__
			if (!is_answered(profile, number | X32, KILL))
				failures++;
#endif
		}
	assert_int_equal(failures, 0);
}

static void test_whole(void **state)
{
	(void)state;
	for (unsigned profile = 0; profile < SANDBOX_PROFILES; profile++)
		assert_null(find_other(profile, NULL));
}

static void test_without(void **state)
{
	int unnoticed = 0, removed = 0;

	(void)state;
	for (const struct group *g = syscall_groups; g->name; g++)
		for (unsigned profile = 0; profile < SANDBOX_PROFILES; profile++) {
			if (!(g->profiles & 1u << profile))
				continue;
			removed++;
			if (find_other(profile, g))
				continue;
			print_message("# profile %u without %s: no call of calls.c is answered otherwise\n", profile,
				      g->name);
			unnoticed++;
		}
	print_message("# %d groups taken out of a profile\n", removed);
	assert_int_equal(unnoticed, 0);
}

/* Goal: an instruction that libseccomp does not write kills, whatever the kernel would make of it. */
static void test_foreign(void **state)
{
	static const unsigned short codes[] = {
		BPF_LD | BPF_IMM, BPF_LD | BPF_W | BPF_LEN, BPF_LD | BPF_MEM, BPF_LDX | BPF_IMM, BPF_ST,
		BPF_ALU | BPF_OR | BPF_K, BPF_JMP | BPF_JEQ | BPF_X, BPF_RET | BPF_A, BPF_MISC | BPF_TAX,
	};
	const struct seccomp_data call = {0};

	(void)state;
	for (size_t i = 0; i < ROWS(codes); i++) {
		const struct sock_filter program[] = {{.code = codes[i]}, BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
		const struct filter filter = {.length = ROWS(program), .program = program};

		assert_int_equal(answer_by(&filter, &call), SECCOMP_RET_KILL_PROCESS);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_whole), cmocka_unit_test(test_without),
					   cmocka_unit_test(test_foreign), cmocka_unit_test(test_numbers)};

	return cmocka_run_group_tests_name("groups", tests, NULL, NULL);
}
