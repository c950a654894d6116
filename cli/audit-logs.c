/*
 * audit logs - who used which guarded account, what was refused, and who tried what: from auth.log, secure, or a
 * journal. Changes nothing.
 */
#include "audit-logs.h"

#include "cli.h"
#include "explain.h"
#include "keys.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where daemons put what sshd and the gate say: Debian, Red Hat, and the others. */
static char *const places[] = {"/var/log/auth.log", "/var/log/secure", "/var/log/authlog", "/var/log/messages"};

static int usage(FILE *to)
{
	fprintf(to, "usage: sallyport audit logs [-f POLICY] [--user NAME] [--since TIME] [--until TIME] "
			"[--year YEAR]\n"
			"\t\t[--json] [FILE...]\n"
			"       FILE may be compressed; - is standard input: journalctl -o export | sallyport "
			"audit logs -\n"
			"See sallyport-audit-logs(8).\n");
	return to == stdout ? CLI_ALLOW : CLI_USAGE;
}

static bool read_time(const char *text, int64_t *seconds, bool *has)
{
	*has = logs_read_time(text, seconds);
	if (!*has)
		fprintf(stderr,
			"sallyport: %s is no time: 2026-11-21, \"2026-11-21 16:35:42\", 202611211635 (UTC), "
			"36h, 7d\n",
			text);
	return *has;
}

static bool read_year(const char *text, int *year)
{
	*year = strspn(text, "0123456789") == 4 && !text[4] ? (int)strtol(text, NULL, 10) : 0;
	if (*year < 1970)
		fprintf(stderr, "sallyport: %s is no year\n", text);
	return *year >= 1970;
}

static bool read_options(int argc, char *argv[], struct logs *l)
{
	static const struct option options[] = {
		{"user", required_argument, NULL, 'u'},  {"since", required_argument, NULL, 's'},
		{"until", required_argument, NULL, 'e'}, {"year", required_argument, NULL, 'y'},
		{"json", no_argument, NULL, 'j'},        {NULL, 0, NULL, 0},
	};
	bool good = true;
	int option;

	while (good && (option = getopt_long(argc, argv, "f:", options, NULL)) != -1)
		switch (option) {
		case 'f':
			l->policy = keys_absolute(optarg);
			l->any_owner = true;
			break;
		case 'u': l->user = optarg; break;
		case 's': good = read_time(optarg, &l->since, &l->has_since); break;
		case 'e': good = read_time(optarg, &l->until, &l->has_until); break;
		case 'y': good = read_year(optarg, &l->year); break;
		case 'j': l->json = true; break;
		default:
			usage(stderr);
			good = false;
			break;
		}
	return good;
}

/* Without a name: the first of the usual places that is there. */
static char *const *usual(void)
{
	static char *found[2];

	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (access(places[i], F_OK) == 0) {
			found[0] = places[i];
			return found;
		}
	return NULL;
}

static bool begin(struct logs *l)
{
	char fault[SIDE_FAULT_MAX];
	bool good = true;

	l->has_policy = side_open(&l->side, l->policy, l->any_owner);
	if (!l->has_policy && l->any_owner)
		explain_fault_aside(&l->side.fault);
	else if (!l->has_policy) {
		side_fault(&l->side.fault, fault);
		logs_fault(l, false, "%s", fault);
	}
	account_hold();
	l->join = logjoin_new();
	l->runs = logruns_new();
	for (int i = 0; i < TABLES; i++)
		good = logrows_begin(&l->table[i], LOGS_ROWS) && good;
	return good && l->join && l->runs;
}

static void end(struct logs *l)
{
	logjoin_free(l->join);
	logruns_free(l->runs);
	for (int i = 0; i < TABLES; i++)
		logrows_free(&l->table[i]);
	logs_accounts_free(l);
	side_close(&l->side);
	account_release();
}

static bool has_findings(const struct logs *l)
{
	const struct logrows *found = &l->table[TABLE_FOUND];

	for (size_t i = 0; i < found->count; i++)
		for (int id = 0; id < LOGS_IDS; id++)
			if (logs_kinds[id].severity > LOGS_LOW &&
				strcmp(found->row[i].field[FOUND_ID], logs_kinds[id].id) == 0)
				return true;
	return false;
}

static int report(struct logs *l)
{
	for (int i = 0; i < TABLES; i++) {
		if (l->table[i].failed) {
			fprintf(stderr, "sallyport: no memory\n");
			return CLI_FAILURE;
		}
		logrows_sort(&l->table[i]);
	}
	if (l->json)
		logs_json(l);
	else
		logs_text(l);
	if (l->incomplete)
		return CLI_FAILURE;
	return has_findings(l) ? CLI_FOUND : CLI_ALLOW;
}

int audit_logs_main(int argc, char *argv[])
{
	static struct logs l;
	int status = CLI_FAILURE;

	if (argc >= 2 && strcmp(argv[1], "--help") == 0)
		return usage(stdout);
	l.policy = SALLYPORT_POLICY;
	if (!read_options(argc, argv, &l))
		return CLI_USAGE;
	char *const *files = optind < argc ? argv + optind : usual();
	if (!files) {
		fprintf(
			stderr,
			"sallyport: none of /var/log/auth.log, secure, authlog, messages is here; with a journal:\n"
			"  journalctl -o export | sallyport audit logs -\n");
		return CLI_FAILURE;
	}
	if (!begin(&l)) {
		fprintf(stderr, "sallyport: no memory\n");
	} else if (!l.has_policy && l.any_owner) {
		status = CLI_POLICY;
	} else {
		logs_read(&l, files);
		logs_finish(&l);
		status = report(&l);
	}
	end(&l);
	return status;
}
