/*
 * sallyport audit - finds every account that is a hole: gathers what the files, sshd and sudo say, and has audit/
 * judge it. Changes nothing.
 */
#include "audit.h"

#include "cli.h"
#include "keys.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int usage(FILE *to)
{
	fprintf(to, "usage: sallyport audit [-f POLICY] [--root DIR] [--user NAME] [--severity LEAST]\n"
		    "\t\t[--well-known FILE] [--json | --fix-plan]\n"
		    "       sallyport audit logs …, sallyport audit sessions …: ask each for its own\n"
		    "See sallyport-audit(8).\n");
	return to == stdout ? CLI_ALLOW : CLI_USAGE;
}

static bool read_severity(const char *word, enum audit_severity *severity)
{
	for (int i = 0; i < AUDIT_SEVERITIES; i++)
		if (strlen(word) >= 3 && strncmp(word, audit_severities[i], strlen(word)) == 0) {
			*severity = (enum audit_severity)i;
			return true;
		}
	fprintf(stderr, "sallyport: %s is no severity: low, medium, high or critical\n", word);
	return false;
}

static bool read_root(const char *path, struct audit *a)
{
	size_t length;

	if (*path != '/') {
		fprintf(stderr, "sallyport: --root takes an absolute path\n");
		return false;
	}
	for (length = strlen(path); length > 0 && path[length - 1] == '/'; length--)
		;
	a->root = length ? strndup(path, length) : NULL;
	return !length || a->root;
}

static bool read_options(int argc, char *argv[], struct audit *a)
{
	static const struct option options[] = {
	    {"root", required_argument, NULL, 'R'},     {"user", required_argument, NULL, 'u'},
	    {"severity", required_argument, NULL, 's'}, {"json", no_argument, NULL, 'j'},
	    {"fix-plan", no_argument, NULL, 'p'},       {"well-known", required_argument, NULL, 'w'},
	    {NULL, 0, NULL, 0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "+f:", options, NULL)) != -1)
		switch (option) {
		case 'f':
			a->policy = keys_absolute(optarg);
			a->any_owner = true;
			break;
		case 'R':
			if (!read_root(optarg, a))
				return false;
			break;
		case 's':
			if (!read_severity(optarg, &a->least))
				return false;
			break;
		case 'u': a->user = optarg; break;
		case 'w': a->well_known = optarg; break;
		case 'j': a->json = true; break;
		case 'p': a->plan = true; break;
		default: return false;
		}
	return optind == argc && !(a->json && a->plan);
}

/* Each looks at what those before it have gathered. */
static void (*const steps[])(struct audit *audit) = {
    audit_accounts, audit_policy, audit_sshd, audit_keys, audit_layers, audit_sudo, audit_startup, audit_host,
};

bool audit_restricted(const struct audit_account *account)
{
	return account->gated || account->shell_is_gate || account->forced;
}

bool audit_wanted(const struct audit *a, const struct audit_account *account)
{
	return !a->user || strcmp(a->user, account->name) == 0;
}

bool audit_can_login(const struct audit_account *account)
{
	const char *slash = strrchr(account->shell, '/'), *base = slash ? slash + 1 : account->shell;

	return strcmp(base, "nologin") != 0 && strcmp(base, "false") != 0;
}

static void release(struct audit *a)
{
	for (size_t i = 0; i < a->accounts; i++) {
		free(a->account[i].groups);
		free(a->account[i].gids);
		free((char *)(size_t)a->account[i].start);
		free((char *)(size_t)a->account[i].docroot);
		free((char *)(size_t)a->account[i].sftp);
		free((char *)(size_t)a->account[i].docroot_place.file);
	}
	free(a->account);
	audit_text_free(&a->passwd);
	audit_text_free(&a->shadow);
	audit_text_free(&a->group);
	audit_text_free(&a->nss_passwd);
	audit_text_free(&a->nss_group);
	audit_sshd_free(a);
	audit_findings_free(&a->found);
	image_leave(&a->image);
	free((char *)(size_t)a->root);
}

/* What audit is followed by; without one of them it looks at the host. */
static const struct {
	const char *name;
	int (*main)(int argc, char *argv[]);
} commands[] = {{"logs", audit_logs_main}, {"sessions", audit_sessions_main}};

int audit_main(int argc, char *argv[])
{
	static struct audit a;
	int status;

	if (argc >= 2 && strcmp(argv[1], "--help") == 0)
		return usage(stdout);
	for (size_t i = 0; argc >= 2 && i < sizeof commands / sizeof *commands; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].main(argc - 1, argv + 1);
	a = (struct audit){.policy = SALLYPORT_POLICY, .now = time(NULL)};
	if (!read_options(argc, argv, &a))
		return usage(stderr);
	if (!image_enter(&a.image, a.root)) {
		fprintf(stderr, "sallyport: %s: %s\n", a.root ? a.root : "/", strerror(errno));
		return CLI_FAILURE;
	}
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		steps[i](&a);
	if (a.user && !audit_account(&a, a.user)) {
		fprintf(stderr, "sallyport: there is no account '%s'\n", a.user);
		status = CLI_FAILURE;
	} else {
		status = audit_report(&a);
	}
	release(&a);
	return status;
}
