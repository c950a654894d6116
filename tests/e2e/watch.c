/*
 * watch - tells when a program touches bytes of its command line or environment, among the system calls it makes.
 *
 *	watch MARK PROGRAM COMMAND…
 *
 * Runs the command. From the moment that it executes PROGRAM (a path), the processor watches the eight bytes behind each
 * occurrence of MARK in that process's arguments and environment, and stderr gets a line for each event:
 *
 *	begin N			it was executed; so many places are watched
 *	call NUMBER ARG1	a system call, as it is entered
 *	capset EFF PERM INH	one that was asked to leave these sets, in hexadecimal
 *	open PATH		open(2) and its kin
 *	touched			bytes were read or written since the call before
 *	forked			what follows is of the child: a parent that waits is let go
 *	exec			the program executes another, and is let go
 *
 * The debug registers of x86-64 do the watching (four places at most); on other machines it says so and ends with 77.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __x86_64__

enum { PLACES = 4, STACK_MOST = 1 << 20 };

static FILE *told;

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "watch: %s: %s\n", what, strerror(errno));
	exit(99);
}

static unsigned long peek(pid_t pid, unsigned long at)
{
	return (unsigned long)ptrace(PTRACE_PEEKDATA, pid, at, NULL);
}

static void peek_text(pid_t pid, unsigned long at, char *text, size_t size)
{
	for (size_t i = 0; i + sizeof(long) < size; i += sizeof(long)) {
		unsigned long word = peek(pid, at + i);
		memcpy(text + i, &word, sizeof word);
		text[i + sizeof word] = '\0';
		if (memchr(&word, '\0', sizeof word))
			return;
	}
}

static bool is_program(pid_t pid, const char *program)
{
	char link[64], path[4096];

	snprintf(link, sizeof link, "/proc/%d/exe", pid);
	ssize_t n = readlink(link, path, sizeof path - 1);
	if (n < 0)
		return false;
	path[n] = '\0';
	return strcmp(path, program) == 0;
}

/* Arguments and environment lie above the stack pointer that a fresh image begins with. */
static int watch_places(pid_t pid, const char *mark)
{
	static char stack[STACK_MOST];
	struct user_regs_struct r;
	char name[64];
	int fd, count = 0;
	unsigned long control = 0;

	if (ptrace(PTRACE_GETREGS, pid, NULL, &r) != 0)
		die("registers");
	snprintf(name, sizeof name, "/proc/%d/mem", pid);
	fd = open(name, O_RDONLY | O_CLOEXEC);
	ssize_t n = pread(fd, stack, sizeof stack, (off_t)r.rsp);
	/* the vector ends somewhere in the last page: what can be read is less than what was asked for */
	for (size_t size = sizeof stack; n < 0 && size > 4096; size -= 4096)
		n = pread(fd, stack, size, (off_t)r.rsp);
	close(fd);
	size_t length = strlen(mark);
	for (ssize_t i = 0; i + (ssize_t)length + 16 < n && count < PLACES; i++) {
		if (memcmp(stack + i, mark, length) != 0)
			continue;
		unsigned long at = (r.rsp + (unsigned long)i + length + 7) & ~7UL;
		if (ptrace(PTRACE_POKEUSER, pid, offsetof(struct user, u_debugreg[0]) + 8UL * (unsigned)count, at) != 0)
			die("a debug register");
		/* enabled; on reads and writes (3) of eight bytes (2) */
		control |= 1UL << (2 * count) | (3UL | 2UL << 2) << (16 + 4 * count);
		count++;
	}
	if (count && ptrace(PTRACE_POKEUSER, pid, offsetof(struct user, u_debugreg[7]), control) != 0)
		die("the control register");
	return count;
}

static void tell_call(pid_t pid)
{
	struct user_regs_struct r;
	char path[4096] = "";

	if (ptrace(PTRACE_GETREGS, pid, NULL, &r) != 0)
		return;
	switch (r.orig_rax) {
	case SYS_capset: {
		unsigned long low = peek(pid, r.rsi), middle = peek(pid, r.rsi + 8), high = peek(pid, r.rsi + 16);
		/* effective, permitted, inheritable of the low half, then of the high one */
		fprintf(told, "capset %lx %lx %lx\n", (low & 0xffffffff) | (middle >> 32) << 32,
			(low >> 32) | (high & 0xffffffff) << 32, (middle & 0xffffffff) | (high >> 32) << 32);
		return;
	}
	case SYS_open: peek_text(pid, r.rdi, path, sizeof path); break;
	case SYS_openat:
	case SYS_openat2: peek_text(pid, r.rsi, path, sizeof path); break;
	default: fprintf(told, "call %lld %lld\n", r.orig_rax, r.rdi); return;
	}
	fprintf(told, "open %s\n", path);
}

/* Whether the trap was a watched place's; clears what the processor noted. */
static bool was_touched(pid_t pid)
{
	size_t status = offsetof(struct user, u_debugreg[6]);
	long noted = ptrace(PTRACE_PEEKUSER, pid, status, NULL);

	ptrace(PTRACE_POKEUSER, pid, status, 0);
	return noted & 0xf;
}

/* Follows the program from its first instruction to its last, or to the next program. */
static void follow(pid_t pid, const char *mark)
{
	int status, signal = 0;
	bool entering = false, touched = false;

	fprintf(told, "begin %d\n", watch_places(pid, mark));
	for (;;) {
		if (ptrace(PTRACE_SYSCALL, pid, NULL, (long)signal) != 0 || waitpid(pid, &status, 0) < 0 ||
		    !WIFSTOPPED(status))
			break;
		signal = 0;
		if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXEC << 8)) {
			fprintf(told, "exec\n");
			break;
		}
		if (status >> 16 == PTRACE_EVENT_FORK || status >> 16 == PTRACE_EVENT_CLONE) {
			unsigned long child;
			ptrace(PTRACE_GETEVENTMSG, pid, NULL, &child);
			ptrace(PTRACE_DETACH, pid, NULL, NULL);
			fprintf(told, "forked\n");
			pid = (pid_t)child;
			waitpid(pid, &status, __WALL);
			watch_places(pid, mark);
			entering = false;
			continue;
		}
		if (WSTOPSIG(status) == (SIGTRAP | 0x80)) {
			entering = !entering;
			if (entering && touched)
				fprintf(told, "touched\n");
			if (entering) {
				touched = false;
				tell_call(pid);
			}
		} else if (WSTOPSIG(status) == SIGTRAP) {
			touched |= was_touched(pid);
		} else {
			signal = WSTOPSIG(status);
		}
	}
	if (WIFSTOPPED(status))
		ptrace(PTRACE_DETACH, pid, NULL, NULL);
}

int main(int argc, char *argv[])
{
	int status;

	if (argc < 4)
		return 64;
	told = stderr;
	pid_t pid = fork();
	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		execvp(argv[3], argv + 3);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) != pid ||
	    ptrace(PTRACE_SETOPTIONS, pid, NULL,
		   PTRACE_O_TRACEEXEC | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_EXITKILL) != 0)
		die("trace");
	do {
		ptrace(PTRACE_CONT, pid, NULL, NULL);
		if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
			die("the program was not executed");
	} while (status >> 8 != (SIGTRAP | PTRACE_EVENT_EXEC << 8) || !is_program(pid, argv[2]));
	follow(pid, argv[1]);
	while (waitpid(-1, &status, 0) > 0)
		;
	return 0;
}

#else

int main(void)
{
	fprintf(stderr, "watch: only on x86-64\n");
	return 77;
}

#endif
