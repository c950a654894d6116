/*
 * sshd-config - the Match blocks that go with the policy: so that sshd hands these accounts to the gate and opens
 * nothing beside it.
 */
#include "cli.h"
#include "dryrun.h"
#include "explain.h"
#include "sshd-block.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

struct config_options {
	const char *policy, *user, *group;
	struct sshd_block block;
	bool any_owner;
};

static int usage(void)
{
	fprintf(stderr, "usage: sallyport sshd-config [-f POLICY] [--keys-file PATTERN] [--user U | --group G]\n");
	return CLI_USAGE;
}

static bool read_options(int argc, char *argv[], struct config_options *o)
{
	static const struct option options[] = {
		{"user", required_argument, NULL, 'u'},
		{"group", required_argument, NULL, 'g'},
		{"keys-file", required_argument, NULL, 'k'},
		{NULL, 0, NULL, 0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "+f:", options, NULL)) != -1)
		switch (option) {
		case 'f':
			o->policy = dryrun_policy(optarg);
			o->any_owner = true;
			if (!o->policy)
				return false;
			break;
		case 'u': o->user = optarg; break;
		case 'g': o->group = optarg; break;
		case 'k': o->block.keys_file = optarg; break;
		default: return false;
		}
	if (o->block.keys_file && *o->block.keys_file != '/') {
		fprintf(stderr, "sallyport: --keys-file: an absolute path, perhaps with %%u %%h %%U\n");
		return false;
	}
	return argc == optind && !(o->user && o->group);
}

static bool print_block(const struct config_options *o, const char *kind, const char *name,
			const struct settings *settings)
{
	struct sshd_block block = o->block;

	block.kind = kind;
	block.name = name;
	block.profiles = sshd_block_profiles(settings);
	if (sshd_block_print(&block, stdout))
		return true;
	fprintf(stderr, "sallyport: '%s' cannot stand in a Match line\n", name);
	return false;
}

/*
 * The settings that an account of this name, or any member of this group, would have. Where the policy refuses it,
 * refused says why; NULL: the policy's own words do.
 */
static const struct settings *settings_of(struct policy *policy, struct account *account, const char *whose,
					  const char *refused, int *status)
{
	struct policy_fault fault;
	const struct settings *settings = NULL;

	account->facts.before_profile = true;
	switch (policy_settings(policy, &account->facts, &settings, &fault)) {
	case POLICY_SETTINGS: return settings;
	case POLICY_REFUSED: *status = CLI_DENY; break;
	case POLICY_FAULTY: *status = CLI_POLICY; break;
	}
	fprintf(stderr, "sallyport: %s: %s\n", whose, *status == CLI_DENY && refused ? refused : fault.reason);
	return NULL;
}

static int print_user(const struct config_options *o, struct policy *policy, const char *name)
{
	struct account account;
	int status = CLI_ALLOW;

	if (!account_find(name, &account))
		return CLI_FAILURE;
	const struct settings *settings = settings_of(policy, &account, name, NULL, &status);
	if (settings && !print_block(o, "User", name, settings))
		status = CLI_POLICY;
	account_free(&account);
	return status;
}

static int print_group(const struct config_options *o, struct policy *policy, const char *name)
{
	const char *const groups[] = {name, NULL};
	struct account account = {.facts = {.user = "nobody", .home = "/nonexistent", .uid = 65534, .groups = groups}};
	int status = CLI_ALLOW;
	const struct settings *settings =
		settings_of(policy, &account, name, "the policy has no [group] section for it", &status);

	if (settings && !print_block(o, "Group", name, settings))
		status = CLI_POLICY;
	return status;
}

/* Users first: of two blocks that match, sshd takes each keyword from the first. */
static int print_all(const struct config_options *o, struct policy *policy)
{
	static const char *const kinds[] = {"user", "group"};
	struct policy_section section;
	int status = CLI_ALLOW, one;

	for (int kind = 0; kind < 2; kind++)
		for (size_t i = 0; policy_section(policy, i, &section); i++) {
			if (strcmp(section.kind, kinds[kind]) != 0)
				continue;
			one = kind == 0 ? print_user(o, policy, section.name) : print_group(o, policy, section.name);
			status = one > status ? one : status;
		}
	return status;
}

int sshd_config_main(int argc, char *argv[])
{
	struct config_options o = {.policy = SALLYPORT_POLICY};
	struct policy_fault fault;
	struct policy *policy;
	int status;

	if (!read_options(argc, argv, &o))
		return usage();
	const struct policy_source source = {.file = o.policy, .user = o.user, .any_owner = o.any_owner};
	if (!policy_load(&source, &policy, &fault)) {
		explain_fault_aside(&fault);
		return CLI_POLICY;
	}
	puts("# sallyport sshd-config; put it behind everything else, and ask sshd -t. PermitUserEnvironment and\n"
	     "# AcceptEnv of the part above hold here too: the one no, the other LANG LC_* and no more.");
	if (o.user)
		status = print_user(&o, policy, o.user);
	else if (o.group)
		status = print_group(&o, policy, o.group);
	else
		status = print_all(&o, policy);
	policy_free(policy);
	return status;
}
