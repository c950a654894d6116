#include "roster.h"

#include "apply-who.h"

static bool visit_one(const struct side *side, const char *name, roster_visit *visit, void *context)
{
	struct account account;
	struct sitting sitting;
	struct policy_fault fault;
	const struct settings *settings = NULL;

	if (!account_find(name, &account))
		return false;
	if (account.present) {
		sitting_open(&sitting, side, name);
		fault = sitting.fault;
		account.facts.before_profile = true;
		if (sitting.asked)
			policy_settings(sitting.asked, &account.facts, &settings, &fault);
		visit(context, &account, settings, &fault);
		sitting_close(&sitting);
	}
	account_free(&account);
	return true;
}

bool roster_each(const struct side *side, roster_visit *visit, void *context)
{
	struct names names = {0};
	bool good = who_accounts(side, side, &names);

	for (size_t i = 0; good && i < names.count; i++)
		good = visit_one(side, names.name[i], visit, context);
	names_free(&names);
	return good;
}
