#include "process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STATUS_MAX = 8192, ARGUMENTS_MAX = 64 << 10 };

static ssize_t read_file(const char *pid, const char *name, char *out, size_t size)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%.20s/%s", pid, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, out, size - 1) : -1;
	if (fd >= 0)
		close(fd);
	out[n > 0 ? n : 0] = '\0';
	return n;
}

/* The number behind "\nFIELD:\t" in /proc/PID/status; 0: there is none. */
static unsigned long long field(const char *status, const char *name, int base)
{
	const char *at = strstr(status, name);

	return at ? strtoull(at + strlen(name), NULL, base) : 0;
}

static bool is_powerless(const char *status)
{
	static const char *const sets[] = {"\nCapInh:\t", "\nCapPrm:\t", "\nCapEff:\t", "\nCapAmb:\t"};

	for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
		if (!strstr(status, sets[i]) || field(status, sets[i], 16) != 0)
			return false;
	return true;
}

bool process_read(const char *pid, struct process *p)
{
	char status[STATUS_MAX], *end;

	*p = (struct process){.pid = (pid_t)strtol(pid, &end, 10)};
	if (p->pid <= 0 || *end || read_file(pid, "status", status, sizeof status) <= 0 || !strstr(status, "\nUid:\t"))
		return false;
	p->parent = (pid_t)field(status, "\nPPid:\t", 10);
	p->uid = (uid_t)field(status, "\nUid:\t", 10);
	p->filtered = field(status, "\nSeccomp:\t", 10) == 2;
	p->bound = field(status, "\nNoNewPrivs:\t", 10) == 1;
	p->powerless = is_powerless(status);
	if (read_file(pid, "comm", p->name, sizeof p->name) > 0)
		p->name[strcspn(p->name, "\n")] = '\0';
	return true;
}

/* proc(5): field 22 of stat, in ticks since the host was started; the name before may hold anything. */
time_t process_started(pid_t pid)
{
	char number[16], stat[1024];
	struct timespec real, boot;

	snprintf(number, sizeof number, "%d", pid);
	const char *at = read_file(number, "stat", stat, sizeof stat) > 0 ? strrchr(stat, ')') : NULL;

	for (int blanks = 20; at && blanks > 0; blanks--)
		at = strchr(at + 1, ' ');
	if (!at || clock_gettime(CLOCK_REALTIME, &real) != 0 || clock_gettime(CLOCK_BOOTTIME, &boot) != 0)
		return 0;
	/* not second by second: three of them cut off would be two seconds too early */
	return (time_t)((real.tv_sec - boot.tv_sec) + (real.tv_nsec - boot.tv_nsec) / 1e9 +
			strtod(at, NULL) / (double)sysconf(_SC_CLK_TCK));
}

bool process_link(pid_t pid, const char *name, char out[PATH_MAX])
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
	ssize_t length = readlink(path, out, PATH_MAX - 1);
	out[length > 0 ? length : 0] = '\0';
	return length > 0;
}

char *process_arguments(pid_t pid, size_t *length)
{
	char number[16], *text = malloc(ARGUMENTS_MAX);
	ssize_t n = -1;

	snprintf(number, sizeof number, "%d", pid);
	if (text)
		n = read_file(number, "cmdline", text, ARGUMENTS_MAX);
	if (n <= 0) {
		free(text);
		return NULL;
	}
	*length = (size_t)n;
	return text;
}

void process_command(pid_t pid, char *out, size_t size)
{
	char number[16];

	snprintf(number, sizeof number, "%d", pid);
	ssize_t length = read_file(number, "cmdline", out, size);
	while (length > 0 && (out[length - 1] == '\0' || out[length - 1] == ' '))
		out[--length] = '\0';
	for (ssize_t i = 0; i < length; i++)
		out[i] = (char)(out[i] ? out[i] : ' ');
}

bool process_each(void (*work)(void *context, const struct process *process), void *context)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	struct process process;

	if (!proc)
		return false;
	while ((entry = readdir(proc)))
		if (process_read(entry->d_name, &process))
			work(context, &process);
	closedir(proc);
	return true;
}
