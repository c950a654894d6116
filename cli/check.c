/*
 * check - the dry run: question in, the gate's own decision out, and an exit status.
 */
#include "cli.h"
#include "dryrun.h"
#include "explain.h"

#include <getopt.h>
#include <stdio.h>

static bool usage(void)
{
	fprintf(stderr,
		"usage: sallyport check [-f POLICY] -C KEY=VALUE[,…] [-r] [-t] [--profile NAME] [--json] [COMMAND]\n"
		"       KEY is user, group, home, uid, addr, time, key or cert-id; user= must be there\n"
		"       COMMAND is one word: quote it; without it, a login that asks for no command\n");
	return false;
}

static bool read_options(int argc, char *argv[], struct question *q)
{
	static const struct option options[] = {
		{"profile", required_argument, NULL, 'p'},
		{"json", no_argument, NULL, 'j'},
		{NULL, 0, NULL, 0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "+f:C:rt", options, NULL)) != -1) {
		switch (option) {
		case 'f':
			q->candidate = true;
			q->policy = dryrun_policy(optarg);
			if (!q->policy)
				return false;
			break;
		case 'C': q->connection = optarg; break;
		case 'r': q->restricted = true; break;
		case 't': q->token = true; break;
		case 'p': q->profile = optarg; break;
		case 'j': q->json = true; break;
		default: return usage();
		}
	}
	if (!q->connection || argc - optind > 1)
		return usage();
	q->command = argv[optind]; /* NULL behind the last: an interactive login */
	return true;
}

static int status_of(const struct answer *answer)
{
	if (answer->verdict == POLICY_FAULTY)
		return CLI_POLICY;
	if (answer->verdict == POLICY_REFUSED || answer->decision.verdict != GRANT)
		return CLI_DENY;
	return answer->env ? CLI_ALLOW : CLI_FAILURE;
}

int check_main(int argc, char *argv[])
{
	struct question question = {.policy = SALLYPORT_POLICY};
	struct subject subject;
	struct answer answer;

	if (!read_options(argc, argv, &question) || !dryrun_subject(&question, &subject))
		return CLI_USAGE;
	dryrun_ask(&question, &subject, &answer);
	if (question.json)
		explain_json(&question, &subject, &answer);
	else
		explain_text(&question, &subject, &answer);
	int status = status_of(&answer);
	dryrun_free(&answer);
	dryrun_forget(&subject);
	return status;
}
