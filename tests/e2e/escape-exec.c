/*
 * escape: to run a program that was not granted. What is executed says `escaped NAME` itself.
 */
#include "escape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

extern char **environ;

enum { PAGE = 4096 };

/* argv for what runs: the upload, which is this program. */
#define SAY(name, flag, row) ((char *[]){(char *)(name), (char *)(flag), (char *)(row), NULL})

/* ---- exec ---- */

static int exec_upload(void)
{
	return CALL(execve, docroot("uploaded"), SAY("x", "--escaped", "exec-upload"), environ);
}

/* By itself, or by a loader that may be started: it runs whatever it can read. */
static int exec_shell(void)
{
	char *argv[] = {(char *)given("loader"), (char *)"/bin/sh", (char *)"-c", (char *)"echo escaped exec-shell", NULL};

	CALL(execve, "/bin/sh", argv + 1, environ);
	return CALL(execve, given("loader"), argv, environ);
}

static int exec_loader(void)
{
	char *argv[] = {(char *)given("loader"), (char *)docroot("uploaded-dynamic"), (char *)"--escaped",
			(char *)"exec-loader", NULL};

	return CALL(execve, given("loader"), argv, environ);
}

static int at(int fd, char *argv[]) { return CALL(execveat, fd, "", argv, environ, AT_EMPTY_PATH); }

/* #!/bin/sh */
static int exec_script(void)
{
	return CALL(execveat, AT_FDCWD, docroot("script"), SAY("script", NULL, NULL), environ, 0);
}

static int exec_setuid(void)
{
	return at(open(given("setuid-file"), O_PATH), SAY("x", "--escaped-as-root", "exec-setuid"));
}

/* A program in memory alone: no mount flag and no path can be held against it. */
static int exec_memory(void)
{
	char bytes[PAGE * 4];
	int from = open(docroot("uploaded"), O_RDONLY), to = (int)syscall(SYS_memfd_create, "x", 0);
	ssize_t n;

	if (from < 0 || to < 0)
		return -1;
	while ((n = read(from, bytes, sizeof bytes)) > 0)
		if (write(to, bytes, (size_t)n) != n)
			return -1;
	return at(to, SAY("x", "--escaped", "exec-memfd"));
}

static int memory_file(void) { return CALL(memfd_create, "x", 0); }

static int secret_memory_file(void)
{
	enum { MEMFD_SECRET = 447 };

	return (int)syscall(MEMFD_SECRET, 0) < 0 ? -1 : 0;
}

/* ---- mapped, as a loader would ---- */

static int mapped(int fd, int protection, int flags)
{
	return syscall(SYS_mmap, NULL, PAGE, protection, flags, fd, 0) == -1 ? -1 : 0;
}

static int map_upload(void) { return mapped(open(docroot("uploaded"), O_RDONLY), PROT_READ | PROT_EXEC, MAP_PRIVATE); }

static int map_own_temporary(void)
{
	char path[] = "/tmp/escape-XXXXXX";
	int fd = mkstemp(path);

	unlink(path);
	return fd < 0 || ftruncate(fd, PAGE) != 0 ? -1 : mapped(fd, PROT_READ | PROT_EXEC, MAP_PRIVATE);
}

static int map_writable(void) { return mapped(-1, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS); }

static int protect_upload(void)
{
	void *page = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, open(docroot("uploaded"), O_RDONLY), 0);

	return page == MAP_FAILED ? -1 : CALL(mprotect, page, PAGE, PROT_READ | PROT_EXEC);
}

static void *written_page(void)
{
	void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page != MAP_FAILED)
		memset(page, 0xc3, PAGE);
	return page;
}

static int protect_written(void)
{
	void *page = written_page();

	return page == MAP_FAILED ? -1 : CALL(mprotect, page, PAGE, PROT_READ | PROT_EXEC);
}

/* A page that is code, written through the file that a process's memory is: no protection of pages counts there. */
static int write_own_code(void)
{
	void *page = mmap(NULL, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return page == MAP_FAILED ? -1
				  : CALL(pwrite64, open("/proc/self/mem", O_RDWR), "\xc3", 1UL, (long)(uintptr_t)page);
}

static int protect_by_key(void)
{
	void *page = written_page();

	return page == MAP_FAILED ? -1 : CALL(pkey_mprotect, page, PAGE, PROT_READ | PROT_EXEC, -1);
}

const struct attempt escape_exec[] = {
	{"exec-upload", "execve", ACCOUNT, exec_upload},
	{"exec-shell", "execve", ACCOUNT, exec_shell},
	{"exec-loader", "execve", ACCOUNT, exec_loader},
	{"exec-script", "execveat", ACCOUNT, exec_script},
	{"exec-setuid", "execveat", ACCOUNT, exec_setuid},
	{"exec-memfd", "execveat", ACCOUNT, exec_memory},
	{"memfd", "memfd_create", ACCOUNT, memory_file},
	{"memfd-secret", "memfd_secret", ACCOUNT, secret_memory_file},
	{"map-upload", "mmap", ACCOUNT, map_upload},
	{"map-temporary", "mmap", ACCOUNT, map_own_temporary},
	{"map-writable", "mmap", ACCOUNT, map_writable},
	{"protect-upload", "mprotect", ACCOUNT, protect_upload},
	{"protect-written", "mprotect", ACCOUNT, protect_written},
	{"write-own-code", "pwrite64", ACCOUNT, write_own_code},
	{"protect-by-key", "pkey_mprotect", ACCOUNT, protect_by_key},
	{0},
};
