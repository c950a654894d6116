#include "roster.h"

#include "apply-who.h"

void roster_one(const struct side *side, struct account *account, roster_visit *visit, void *context)
{
	struct sitting sitting;
	const struct settings *settings = NULL;

	sitting_open(&sitting, side, account->facts.user);
	account->facts.before_profile = true;
	if (sitting.asked)
		policy_settings(sitting.asked, &account->facts, &settings, &sitting.fault);
	visit(context, account, settings, &sitting);
	sitting_close(&sitting);
}

bool roster_each(const struct side *side, roster_visit *visit, void *context)
{
	struct names names = {0};
	struct account account;
	bool good = who_accounts(side, side, &names);

	account_hold();
	for (size_t i = 0; good && i < names.count; i++) {
		good = account_find(names.name[i], &account);
		if (good && account.present)
			roster_one(side, &account, visit, context);
		if (good)
			account_free(&account);
	}
	account_release();
	names_free(&names);
	return good;
}
