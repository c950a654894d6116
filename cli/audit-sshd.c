/*
 * audit-sshd - which sshds listen here, by /proc.
 */
#include "audit-sshd.h"

#include "capture.h"
#include "grow.h"
#include "image-lend.h"
#include "process.h"

#include "audit/listener.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SSHD_CONFIG "/etc/ssh/sshd_config"

/* Whether a link of its directory is the same as our own. */
static bool shares(pid_t pid, const char *name)
{
	char theirs[PATH_MAX], ours[PATH_MAX];

	return process_link(pid, name, theirs) && process_link(getpid(), name, ours) && strcmp(theirs, ours) == 0;
}

/* The program of a process if it is called sshd, without what the kernel adds to a file that is gone. */
static char *binary_of(pid_t pid)
{
	char program[PATH_MAX];

	if (!process_link(pid, "exe", program))
		return NULL;
	char *gone = strstr(program, " (deleted)"), *slash = strrchr(program, '/');
	if (gone)
		*gone = '\0';
	return slash && strcmp(slash, "/sshd") == 0 ? strdup(program) : NULL;
}

static bool same_arguments(const struct audit_sshd *s, const struct audit_listener *l, const char *binary)
{
	bool same = strcmp(s->binary, binary) == 0 && s->arguments == l->arguments;

	for (size_t i = 0; same && i < s->arguments; i++)
		same = strcmp(s->argument[i], l->argument[i]) == 0;
	return same;
}

/* Two listeners that were started alike are one instance. */
static bool is_known(const struct audit *a, const struct audit_listener *l, const char *binary)
{
	for (size_t i = 0; i < a->sshds; i++)
		if (same_arguments(&a->sshd[i], l, binary))
			return true;
	return false;
}

/* Takes binary and cmdline over. NULL: no memory. */
static struct audit_sshd *add(struct audit *a, int pid, const struct audit_listener *l, char *binary, char *cmdline)
{
	struct audit_sshd *grown = grow(a->sshd, a->sshds, sizeof *grown);
	const char **argument = grown ? calloc(l->arguments + 1, sizeof *argument) : NULL;

	if (grown)
		a->sshd = grown;
	if (!argument) {
		a->found.failed = true;
		free(binary);
		free(cmdline);
		return NULL;
	}
	for (size_t i = 0; i < l->arguments; i++)
		argument[i] = l->argument[i];
	a->sshd[a->sshds++] = (struct audit_sshd){
	    .pid = pid,
	    .binary = binary,
	    .cmdline = cmdline,
	    .argument = argument,
	    .arguments = l->arguments,
	    .file = l->config ? l->config : SSHD_CONFIG,
	};
	return &a->sshd[a->sshds - 1];
}

static void look_at_process(void *context, const struct process *process)
{
	struct audit *a = context;
	struct audit_listener listener;
	char what[64];
	size_t length = 0;
	char *binary = binary_of(process->pid), *cmdline = binary ? process_arguments(process->pid, &length) : NULL;
	bool listens = cmdline && audit_listener_read(cmdline, length, &listener);

	snprintf(what, sizeof what, "sshd, process %d", process->pid);
	if (listens && !shares(process->pid, "ns/mnt"))
		audit_unseen(&a->found, what, "it lives among other mounts, a container's: run audit there");
	else if (listens && listener.config && *listener.config != '/')
		audit_unseen(&a->found, what, "its configuration is %s, relative to a directory it has left",
			     listener.config);
	else if (listens && !is_known(a, &listener, binary)) {
		struct audit_sshd *added = add(a, process->pid, &listener, binary, cmdline);

		if (added)
			added->started = process_started(process->pid);
		return;
	}
	free(cmdline);
	free(binary);
}

/* This host's sshd shall answer for an image. False: why has been said. */
static bool lend(struct audit *a, struct audit_listener *listener)
{
	static const char key[] = "HostKey=" IMAGE_LEND_KEY;
	char why[PATH_MAX + 128];

	if (!image_lend(&a->image, why, sizeof why)) {
		audit_unseen(&a->found, "what sshd does for each account",
			     "this host's sshd cannot answer for the image: %s", why);
		return false;
	}
	listener->argument[listener->arguments++] = "-o";
	listener->argument[listener->arguments++] = key;
	return true;
}

/* What would be started next. Of an image no program is run. */
static void add_default(struct audit *a)
{
	struct audit_listener listener = {0};
	bool mute = a->root && !lend(a, &listener);
	const char *binary = mute ? "" : capture_find("sshd");
	char *copy = binary ? strdup(binary) : NULL;

	if (!binary)
		audit_unseen(&a->found, "sshd", "none runs, and none is installed");
	else if (copy) {
		struct audit_sshd *added = add(a, 0, &listener, copy, NULL);

		if (added)
			added->mute = mute;
	}
	a->found.failed |= binary && !copy;
}

void audit_sshd_find(struct audit *a)
{
	if (!a->root && !process_each(look_at_process, a))
		audit_unseen(&a->found, "which sshds run", "/proc: %s", strerror(errno));
	if (a->sshds == 0)
		add_default(a);
}

static void release(struct audit_sshd *s)
{
	for (size_t i = 0; i < s->texts_count; i++)
		audit_text_free(&s->texts[i]);
	for (size_t i = 0; i < s->peers; i++) {
		free(s->peer[i].address);
		free(s->peer[i].host);
		free(s->peer[i].local_address);
		free(s->peer[i].local_port);
		free(s->peer[i].shown);
	}
	for (size_t i = 0; i < s->classes; i++)
		free(s->class[i].bits);
	for (size_t i = 0; i < s->answers_count; i++)
		free(s->answers[i]);
	audit_config_free(&s->config);
	audit_match_free(&s->match);
	free(s->texts);
	free(s->class);
	free(s->answers);
	free(s->argument);
	free(s->cmdline);
	free(s->binary);
}

void audit_sshd_free(struct audit *a)
{
	for (size_t i = 0; i < a->sshds; i++)
		release(&a->sshd[i]);
	free(a->sshd);
	a->sshd = NULL;
	a->sshds = 0;
}
