/*
 * audit-host - what the host has beside sshd that goes past the gate: listeners, processes, files of /etc.
 */
#include "audit.h"

#include "capture.h"
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file that need not be there. False: it is not, or it was said that it could not be read. */
static bool read_optional(struct audit *a, const char *path, struct audit_text *text)
{
	if (audit_read(a, path, text))
		return true;
	if (errno != ENOENT && errno != ENOTDIR)
		audit_unseen(&a->found, path, "%s", strerror(errno));
	audit_text_free(text);
	return false;
}

/* ---- files of /etc ---- */

/* Whether sshd's PAM asks for a shell that is listed: then the gate has to be. */
static bool pam_wants_shells(struct audit *a)
{
	struct audit_text text;
	size_t at = 0;
	bool odd, wants = false;
	char *line;

	if (!read_optional(a, "/etc/pam.d/sshd", &text))
		return false;
	while ((line = audit_line(&text, &at, &odd)))
		wants |= *line != '#' && strstr(line, "pam_shells");
	audit_text_free(&text);
	return wants;
}

static void look_at_shells(struct audit *a)
{
	struct audit_text text;
	size_t at = 0, number = 0;
	bool odd;
	char *line;

	if (!read_optional(a, "/etc/shells", &text))
		return;
	while ((line = audit_line(&text, &at, &odd))) {
		const struct audit_evidence evidence = {.place = {text.shown, ++number}};

		line[strcspn(line, " \t#")] = '\0';
		if ((strcmp(line, SALLYPORT_SHELL) == 0 || strcmp(line, SALLYPORT_SHELL "-r") == 0) &&
		    !pam_wants_shells(a))
			audit_find(&a->found, AUDIT_SHELLS_LISTED, NULL, &evidence,
				   "the gate is listed as a shell for people");
	}
	audit_text_free(&text);
}

static void look_at_sshrc(struct audit *a)
{
	static const char sshrc[] = "/etc/ssh/sshrc";
	const struct audit_evidence evidence = {.place = {sshrc, 0}, .path = sshrc};
	int fd = audit_open(a, sshrc, O_PATH);
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0 && (st.st_uid != 0 || st.st_mode & (S_IWGRP | S_IWOTH)))
		audit_find(&a->found, AUDIT_SSHRC, NULL, &evidence, "others than root can write it");
	if (fd >= 0)
		close(fd);
}

/* Upstream's sshd has not read these files since 6.7; some distributions' are linked with the library that does.
 */
static bool reads_wrappers(struct audit *a)
{
	const char *binary = capture_find("sshd");
	struct audit_text text;
	bool reads = false;

	if (binary && read_optional(a, binary, &text)) {
		reads = memmem(text.text, text.length, "libwrap.so", 10) != NULL;
		audit_text_free(&text);
	}
	return reads;
}

static void look_at_wrappers(struct audit *a, const char *path)
{
	struct audit_text text;
	size_t at = 0, number = 0;
	bool odd;
	char *line;

	if (!read_optional(a, path, &text))
		return;
	while ((line = audit_line(&text, &at, &odd))) {
		const struct audit_evidence evidence = {.place = {text.shown, ++number}};

		line += strspn(line, " \t");
		if (strncmp(line, "sshd", 4) == 0 && strchr(" \t:,", line[4]) && line[4] && !reads_wrappers(a))
			audit_find(&a->found, AUDIT_TCP_WRAPPERS, NULL, &evidence, "%s", line);
	}
	audit_text_free(&text);
}

/* The first fields of a line, with blanks between; cut in place. False: there are fewer. */
static bool cut(char *line, char *field[], size_t count)
{
	size_t found = 0;
	char *word;

	while (found < count && (word = strsep(&line, " \t\n")))
		if (*word)
			field[found++] = word;
	return found == count;
}

/* moduli(5): the fifth field is the size, less one. */
static void look_at_moduli(struct audit *a)
{
	struct audit_text text;
	size_t at = 0, number = 0;
	bool odd;
	char *line, *field[5];

	if (!read_optional(a, "/etc/ssh/moduli", &text))
		return;
	while ((line = audit_line(&text, &at, &odd))) {
		number++;
		if (*line == '#' || !cut(line, field, 5))
			continue;
		unsigned long size = strtoul(field[4], NULL, 10);
		if (size >= 2047)
			continue;
		const struct audit_evidence evidence = {.place = {text.shown, number}};
		audit_find(&a->found, AUDIT_MODULI, NULL, &evidence, "primes of %lu bits", size + 1);
		break;
	}
	audit_text_free(&text);
}

/* ---- what runs ---- */

/* Whose uid it is: the restricted accounts alone are asked about. */
static struct audit_account *owner(const struct audit *a, unsigned uid)
{
	for (size_t i = 0; i < a->accounts; i++)
		if (a->account[i].uid == uid && uid != 0 && audit_restricted(&a->account[i]) &&
		    audit_wanted(a, &a->account[i]))
			return &a->account[i];
	return NULL;
}

/* proc(5): sl local_address rem_address st tx:rx tr:when retrnsmt uid; state 0A is LISTEN. */
static void look_at_sockets(struct audit *a, const char *path)
{
	FILE *file = fopen(path, "re");
	char line[512], *field[8];

	if (!file && errno != ENOENT)
		audit_unseen(&a->found, "who listens", "%s: %s", path, strerror(errno));
	while (file && fgets(line, sizeof line, file)) {
		if (!cut(line, field, 8) || strcmp(field[3], "0A") != 0)
			continue;
		struct audit_account *account = owner(a, (unsigned)strtoul(field[7], NULL, 10));
		const char *port = strrchr(field[1], ':');
		const struct audit_evidence evidence = {.place = {path, 0}};

		if (account)
			audit_find(&a->found, AUDIT_LISTENING, account, &evidence, "listens on TCP port %lu",
				   strtoul(port ? port + 1 : "0", NULL, 16));
	}
	if (file)
		fclose(file);
}

/* Programs that hold a way in, or out, open; an sshd that is not the session of a login. */
static bool is_tunnel(const struct process *process)
{
	static const char *const names[] = {"ssh",  "autossh", "screen", "nc",    "nc.openbsd", "nc.traditional",
					    "ncat", "netcat",  "socat",  "dtach", "chisel"};
	char command[256];

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(process->name, names[i]) == 0)
			return true;
	if (strcmp(process->name, "sshd") != 0)
		return strncmp(process->name, "tmux", 4) == 0; /* "tmux: server" */
	process_command(process->pid, command, sizeof command);
	return strncmp(command, "sshd: ", 6) != 0 || strstr(command, "[listener]");
}

static void look_at_process(void *context, const struct process *process)
{
	struct audit *a = context;
	struct audit_account *account = owner(a, process->uid);
	char path[32], pid[16];

	if (!account || !is_tunnel(process))
		return;
	snprintf(pid, sizeof pid, "%d", process->pid);
	snprintf(path, sizeof path, "/proc/%s", pid);
	const struct audit_evidence evidence = {.place = {path, 0}, .value = pid};
	audit_find(&a->found, AUDIT_TUNNEL_PROCESS, account, &evidence, "%s runs, as process %s", process->name, pid);
}

/* ---- accounts beside each other ---- */

static int by_uid(const void *x, const void *y)
{
	const struct audit_account *a = *(struct audit_account *const *)x, *b = *(struct audit_account *const *)y;

	return (a->uid > b->uid) - (a->uid < b->uid);
}

/* Accounts with one uid, first to last: the restricted ones against the first that is not. */
static void look_at_uid(struct audit *a, struct audit_account **first, size_t count)
{
	const struct audit_account *other = NULL;

	for (size_t i = 0; i < count && !other; i++)
		if (!audit_restricted(first[i]))
			other = first[i];
	for (size_t i = 0; other && i < count; i++) {
		const struct audit_evidence evidence = {.place = other->place, .value = other->name};

		if (audit_restricted(first[i]) && audit_wanted(a, first[i]))
			audit_find(&a->found, AUDIT_UID_SHARED, first[i], &evidence, "%s has its uid, %u", other->name,
				   other->uid);
	}
}

static void look_at_uids(struct audit *a)
{
	struct audit_account **sorted = reallocarray(NULL, a->accounts + 1, sizeof(struct audit_account *));
	size_t same;

	a->found.failed |= !sorted;
	for (size_t i = 0; sorted && i < a->accounts; i++)
		sorted[i] = &a->account[i];
	if (sorted && a->accounts)
		qsort(sorted, a->accounts, sizeof(struct audit_account *), by_uid);
	for (size_t i = 0; sorted && i < a->accounts; i += same) {
		for (same = 1; i + same < a->accounts && sorted[i + same]->uid == sorted[i]->uid;)
			same++;
		look_at_uid(a, &sorted[i], same);
	}
	free(sorted);
}

static void look_at_cron(struct audit *a)
{
	for (size_t i = 0; i < a->accounts; i++) {
		static const char *const directories[] = {"/var/spool/cron/crontabs", "/var/spool/cron"};
		struct audit_account *account = &a->account[i];
		char path[PATH_MAX];

		if (!audit_restricted(account) || !audit_wanted(a, account) || strchr(account->name, '/'))
			continue;
		for (size_t j = 0; j < sizeof directories / sizeof *directories; j++) {
			const struct audit_evidence evidence = {.place = {directories[j], 0}};
			snprintf(path, sizeof path, "%s/%s", directories[j], account->name);
			int fd = audit_open(a, path, O_RDONLY);
			struct stat st;

			if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
				audit_find(&a->found, AUDIT_CRON_JOBS, account, &evidence, "it has a crontab");
			if (fd >= 0)
				close(fd);
		}
	}
}

void audit_host(struct audit *a)
{
	look_at_shells(a);
	look_at_sshrc(a);
	look_at_wrappers(a, "/etc/hosts.allow");
	look_at_wrappers(a, "/etc/hosts.deny");
	look_at_moduli(a);
	look_at_uids(a);
	look_at_cron(a);
	if (a->root) {
		audit_unseen(&a->found, "who listens, and what runs", "nothing of an image runs");
		return;
	}
	look_at_sockets(a, "/proc/net/tcp");
	look_at_sockets(a, "/proc/net/tcp6");
	if (!process_each(look_at_process, a))
		audit_unseen(&a->found, "what runs", "/proc: %s", strerror(errno));
}
