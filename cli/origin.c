#include "origin.h"

#include <string.h>

static bool is_setting(const struct policy_entry *entry, const char *setting)
{
	size_t length = strlen(entry->name);

	if (strncmp(entry->name, setting, length) != 0)
		return false;
	if (!entry->argument)
		return setting[length] == '\0';
	return setting[length] == ' ' && strcmp(setting + length + 1, entry->argument) == 0;
}

/* The last line of the section that says it. */
static bool find_in(const struct policy *policy, size_t index, const char *setting,
		    struct origin *origin)
{
	struct policy_section section;
	struct policy_entry entry;
	bool found = false;

	policy_section(policy, index, &section);
	for (size_t i = 0; policy_entry(policy, index, i, &entry); i++) {
		if (!is_setting(&entry, setting))
			continue;
		*origin = (struct origin){section.kind, section.name, section.file, entry.line, entry.value};
		found = true;
	}
	return found;
}

static bool is_member(const struct policy_account *account, const char *name)
{
	for (const char *const *group = account->groups; group && *group; group++)
		if (strcmp(*group, name) == 0)
			return true;
	return false;
}

static bool concerns(const struct policy_section *section, const struct policy_account *account)
{
	if (strcmp(section->kind, "group") == 0)
		return is_member(account, section->name);
	return strcmp(section->kind, "user") != 0 || strcmp(section->name, account->user) == 0;
}

bool origin_find(const struct policy *policy, const struct policy_account *account,
		 const char *setting, struct origin *origin)
{
	static const char *const order[] = {"defaults", "group", "user"};
	struct policy_section section;
	bool found = false;

	for (size_t k = 0; k < sizeof order / sizeof *order; k++)
		for (size_t i = 0; policy_section(policy, i, &section); i++)
			if (strcmp(section.kind, order[k]) == 0 && concerns(&section, account))
				found |= find_in(policy, i, setting, origin);
	return found;
}

bool origin_find_in(const struct policy *policy, const char *kind, const char *name,
		    const char *setting, struct origin *origin)
{
	struct policy_section section;

	for (size_t i = 0; policy_section(policy, i, &section); i++)
		if (strcmp(section.kind, kind) == 0 && strcmp(section.name, name) == 0)
			return find_in(policy, i, setting, origin);
	return false;
}
