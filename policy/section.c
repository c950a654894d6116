/*
 * section - a model as its files say it, section by section. Read-only; what it shows lives as long
 * as the policy.
 */
#include "policy.h"

#include "model.h"

static const struct {
	enum section_kind kind;
	const char *name;
} kinds[] = {
	{SECTION_DEFAULTS, "defaults"}, {SECTION_GROUP, "group"},     {SECTION_USER, "user"},
	{SECTION_PROFILE, "profile"},   {SECTION_COMMAND, "command"}, {SECTION_TEST, "test"},
	{SECTION_KEY, "key"},
};

static const char *kind_name(enum section_kind kind)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i].kind == kind)
			return kinds[i].name;
	return "";
}

bool policy_section(const struct policy *policy, size_t index, struct policy_section *view)
{
	if (index >= policy->sections_count)
		return false;
	const struct section *section = &policy->sections[index];
	*view = (struct policy_section){
		.kind = kind_name(section->kind),
		.name = section->name,
		.file = section->file,
		.line = section->line,
		.entries = section->entries_count,
		.definition = section->command ? &section->command->definition : NULL,
	};
	return true;
}

bool policy_entry(const struct policy *policy, size_t section, size_t index,
		  struct policy_entry *view)
{
	if (section >= policy->sections_count || index >= policy->sections[section].entries_count)
		return false;
	const struct entry *entry = &policy->sections[section].entries[index];
	*view =
	    (struct policy_entry){entry->setting->name, entry->argument, entry->value, entry->line};
	return true;
}

const struct expectation *policy_tests(const struct policy *policy, size_t *count)
{
	*count = policy->tests_count;
	return policy->tests;
}

bool policy_names_groups(const struct policy *policy)
{
	for (size_t i = 0; i < policy->sections_count; i++)
		if (policy->sections[i].kind == SECTION_GROUP)
			return true;
	return false;
}
