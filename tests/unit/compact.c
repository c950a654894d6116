/*
 * Goal: a compacted filter answers as the one that it was made of, and is shorter; what decides nothing is left out; a
 * difference between two is found; and what is not of the known form is left alone.
 */
#include "test.h"

#include "sandbox/compact.h"

#include <linux/seccomp.h>

enum { NATIVE = 0xc000003e, ALLOW = (int)SECCOMP_RET_ALLOW, EPERM_ = SECCOMP_RET_ERRNO | 1, NOSYS = SECCOMP_RET_ERRNO | 38 };

#define LOAD(at)        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, at)
#define EQUAL(k, t, f)  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, k, t, f)
#define LEAST(k, t, f)  BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, k, t, f)
#define AND(k)          BPF_STMT(BPF_ALU | BPF_AND | BPF_K, k)
#define AHEAD(k)        BPF_STMT(BPF_JMP | BPF_JA, k)
#define ANSWER(k)       BPF_STMT(BPF_RET | BPF_K, (unsigned)(k))

/* Numbers 0 to 9 allowed one by one, 10 by its second argument, 11 refused, x32 and others killed, the rest ENOSYS. */
static const struct sock_filter plain[] = {
	LOAD(4), EQUAL(NATIVE, 0, 29), LOAD(0), LEAST(0x40000000, 27, 0),
	EQUAL(0, 24, 0), EQUAL(1, 23, 0), EQUAL(2, 22, 0), EQUAL(3, 21, 0), EQUAL(4, 20, 0), EQUAL(5, 19, 0),
	EQUAL(6, 18, 0), EQUAL(7, 17, 0), EQUAL(8, 16, 0), EQUAL(9, 15, 0),
	EQUAL(10, 0, 5), LOAD(28), EQUAL(0, 0, 9), LOAD(24), AND(0xf0), EQUAL(0x30, 9, 6),
	EQUAL(11, 7, 0), EQUAL(12, 6, 0), EQUAL(13, 5, 0), EQUAL(14, 4, 0), EQUAL(15, 3, 0), EQUAL(16, 2, 0),
	ANSWER(NOSYS), ANSWER(NOSYS), ANSWER(EPERM_), ANSWER(ALLOW), ANSWER(NOSYS),
	ANSWER(SECCOMP_RET_KILL_PROCESS),
};

static struct sock_filter made[COMPACT_MOST];

static void test_makes_the_same_in_less(void **state)
{
	(void)state;
	size_t count = compact(plain, ROWS(plain), made);

	assert_true(count > 0);
	assert_true(count < ROWS(plain));
	assert_true(compact_agrees(plain, ROWS(plain), made, count));
}

/* How often a program loads the upper half of its second argument. */
static unsigned upper_loads(const struct sock_filter *code, size_t count)
{
	unsigned found = 0;

	for (size_t i = 0; i < count; i++)
		found += code[i].code == (BPF_LD | BPF_W | BPF_ABS) && code[i].k == 28;
	return found;
}

/*
 * The upper half of an argument of 32 bits is loaded, masked with nothing and found to be nothing: all three go, and so
 * does a jump. Not where the half counts, nor where what is behind needs what was loaded.
 */
static void test_leaves_out_what_decides_nothing(void **state)
{
	(void)state;
	const struct sock_filter half[] = {
		LOAD(4), EQUAL(NATIVE, 0, 13), LOAD(0), EQUAL(7, 0, 1), AHEAD(1), ANSWER(NOSYS),
		LOAD(28), AND(0), EQUAL(0, 0, 3), LOAD(24), EQUAL(3, 1, 0), AHEAD(0), ANSWER(NOSYS), ANSWER(ALLOW),
		ANSWER(NOSYS), ANSWER(SECCOMP_RET_KILL_PROCESS),
	};
	struct sock_filter whole[ROWS(half)], needed[ROWS(half)];

	memcpy(whole, half, sizeof half);
	whole[7].k = 1;
	memcpy(needed, half, sizeof half);
	needed[9] = (struct sock_filter)AND(8);

	size_t count = compact(half, ROWS(half), made);
	assert_true(count > 0);
	assert_true(compact_agrees(half, ROWS(half), made, count));
	assert_int_equal(upper_loads(made, count), 0);
	count = compact(whole, ROWS(whole), made);
	assert_true(compact_agrees(whole, ROWS(whole), made, count));
	assert_int_equal(upper_loads(made, count), 1);
	count = compact(needed, ROWS(needed), made);
	assert_true(compact_agrees(needed, ROWS(needed), made, count));
	assert_int_equal(upper_loads(made, count), 1);
}

/* Whatever single instruction of it is another, it is seen: the proof can fail. */
static void test_finds_any_difference(void **state)
{
	(void)state;
	size_t count = compact(plain, ROWS(plain), made);

	for (size_t i = 0; i < count; i++) {
		struct sock_filter kept = made[i];

		if (made[i].code == (BPF_RET | BPF_K))
			made[i].k ^= 0x00010000;
		else if (BPF_CLASS(made[i].code) == BPF_JMP)
			made[i].k++;
		else
			made[i].k ^= 4; /* another word, or another mask */
		assert_false(compact_agrees(plain, ROWS(plain), made, count));
		made[i] = kept;
	}
	assert_true(compact_agrees(plain, ROWS(plain), made, count));
}

/* What two arguments decide together is compared for both together. */
static void test_finds_a_difference_of_two_arguments(void **state)
{
	(void)state;
	const struct sock_filter both[] = {
		LOAD(4), EQUAL(NATIVE, 0, 8), LOAD(0), EQUAL(7, 0, 5), LOAD(24), EQUAL(1, 0, 3), LOAD(32),
		EQUAL(26, 0, 1), ANSWER(ALLOW), ANSWER(NOSYS), ANSWER(SECCOMP_RET_KILL_PROCESS),
	};
	size_t count = compact(both, ROWS(both), made);

	assert_true(count > 0);
	assert_true(compact_agrees(both, ROWS(both), made, count));
	for (size_t i = 0; i < count; i++) {
		if (made[i].code != (BPF_JMP | BPF_JEQ | BPF_K) || made[i].k != 26)
			continue;
		made[i].k = 27;
		assert_false(compact_agrees(both, ROWS(both), made, count));
		return;
	}
	fail_msg("nothing compares with 26");
}

static void test_leaves_alone_what_it_does_not_know(void **state)
{
	(void)state;
	const struct sock_filter number_first[] = {LOAD(0), EQUAL(1, 0, 1), ANSWER(ALLOW), ANSWER(NOSYS)};
	const struct sock_filter bits[] = {
		LOAD(4), EQUAL(NATIVE, 0, 3), LOAD(0), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 1, 0, 1), ANSWER(ALLOW),
		ANSWER(NOSYS),
	};
	/* an argument, and the number again behind it */
	const struct sock_filter again[] = {
		LOAD(4), EQUAL(NATIVE, 0, 5), LOAD(0), EQUAL(7, 0, 3), LOAD(16), EQUAL(1, 0, 1), LOAD(0), ANSWER(ALLOW),
	};
	const struct sock_filter one_answer[] = {LOAD(4), EQUAL(NATIVE, 0, 1), ANSWER(ALLOW), ANSWER(NOSYS)};

	assert_int_equal(compact(number_first, ROWS(number_first), made), 0);
	assert_int_equal(compact(bits, ROWS(bits), made), 0);
	assert_int_equal(compact(again, ROWS(again), made), 0);
	assert_int_equal(compact(one_answer, ROWS(one_answer), made), 0);
	assert_int_equal(compact(plain, 1, made), 0);
	assert_int_equal(compact(plain, 0, made), 0);
	/* cut short: it runs off the end */
	assert_int_equal(compact(plain, ROWS(plain) - 4, made), 0);
}

/* Five hundred numbers that differ from their neighbours: a jump does not reach over them. */
static void test_leaves_alone_what_is_too_long(void **state)
{
	(void)state;
	static struct sock_filter wide[2 * 500 + 4] = {LOAD(4), EQUAL(NATIVE, 1, 0), ANSWER(0), LOAD(0)};
	size_t at = 4;

	for (unsigned i = 0; i < 499; i++) {
		wide[at++] = (struct sock_filter)EQUAL(2 * i, 0, 1);
		wide[at++] = (struct sock_filter)ANSWER(SECCOMP_RET_ERRNO | (i % 7 + 1));
	}
	wide[at++] = (struct sock_filter)ANSWER(NOSYS);
	assert_int_equal(compact(wide, at, made), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_makes_the_same_in_less),
		cmocka_unit_test(test_leaves_out_what_decides_nothing),
		cmocka_unit_test(test_finds_any_difference),
		cmocka_unit_test(test_finds_a_difference_of_two_arguments),
		cmocka_unit_test(test_leaves_alone_what_it_does_not_know),
		cmocka_unit_test(test_leaves_alone_what_is_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
