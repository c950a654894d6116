/*
 * fault-cut - a call that reads or writes less than it was asked to: it is really made, with a smaller count.
 */
#define _GNU_SOURCE
#include "fault.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>

static const struct {
	long number;
	int argument; /* bytes, or pieces of a vector */
	bool vector;
} cuttable[] = {
	{SYS_read, 2, false},       {SYS_write, 2, false},     {SYS_pread64, 2, false},   {SYS_sendto, 2, false},
	{SYS_readlink, 2, false},   {SYS_readlinkat, 3, false}, {SYS_getdents64, 2, false}, {SYS_getrandom, 1, false},
	{SYS_readv, 2, true},       {SYS_writev, 2, true},
};

/* What is put back: the gate's code relies on it that a call leaves registers and memory as they were. */
static struct {
	uint64_t at;
	long old;
	int argument;
	uint64_t count;
} patched;

static int find(long number)
{
	for (size_t i = 0; i < sizeof cuttable / sizeof *cuttable; i++)
		if (cuttable[i].number == number)
			return (int)i;
	return -1;
}

int cut_argument(long number)
{
	int i = find(number);

	return i < 0 ? -1 : cuttable[i].argument;
}

static uint64_t less(enum fault_kind kind, uint64_t count)
{
	return kind == FAULT_BYTE || count < 2 ? 1 : count / 2;
}

static bool set_argument(pid_t pid, int argument, uint64_t value)
{
	static const size_t registers[ARGUMENTS] = {
		offsetof(struct user_regs_struct, rdi), offsetof(struct user_regs_struct, rsi),
		offsetof(struct user_regs_struct, rdx), offsetof(struct user_regs_struct, r10),
		offsetof(struct user_regs_struct, r8),  offsetof(struct user_regs_struct, r9),
	};

	return ptrace(PTRACE_POKEUSER, pid, registers[argument], value) == 0;
}

/* The first piece that holds anything, cut; those behind it do not count any more. */
static bool cut_vector(pid_t pid, const struct fault *fault, const uint64_t argument[ARGUMENTS])
{
	for (uint64_t i = 0; i < argument[2]; i++) {
		uint64_t at = argument[1] + i * sizeof(struct iovec) + offsetof(struct iovec, iov_len);
		errno = 0;
		long length = ptrace(PTRACE_PEEKDATA, pid, at, NULL);

		if (errno != 0)
			return false;
		if (length <= 0)
			continue;
		patched.at = at;
		patched.old = length;
		return ptrace(PTRACE_POKEDATA, pid, at, less(fault->kind, (uint64_t)length)) == 0 &&
		       set_argument(pid, 2, i + 1);
	}
	return false;
}

bool cut_enter(pid_t pid, const struct fault *fault, const uint64_t argument[ARGUMENTS])
{
	int i = find(fault->at.number);
	uint64_t count = i < 0 ? 0 : argument[cuttable[i].argument];

	patched.at = 0;
	patched.argument = -1;
	if (count == 0)
		return false;
	patched.argument = cuttable[i].argument;
	patched.count = count;
	if (cuttable[i].vector)
		return cut_vector(pid, fault, argument);
	return set_argument(pid, cuttable[i].argument, less(fault->kind, count));
}

void cut_leave(pid_t pid)
{
	if (patched.at)
		ptrace(PTRACE_POKEDATA, pid, patched.at, patched.old);
	if (patched.argument >= 0)
		set_argument(pid, patched.argument, patched.count);
}
