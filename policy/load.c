/*
 * load - files to a model: lint, inih, sections, and every setter once, so that a fault anywhere is found.
 */
#include "policy.h"

#include "expectation.h"
#include "fault.h"
#include "loader.h"
#include "setter.h"
#include "template.h"

#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Appends value to the entry before, as the next piece of a list: "commands.2". */
static bool continue_list(struct loader *l, struct section *section, const char *name,
			  const char *value, unsigned line)
{
	const char *dot = strrchr(name, '.');
	struct entry *last = section->entries_count ? &section->entries[section->entries_count - 1]
						    : NULL;
	size_t base = (size_t)(dot - name);
	char number[16];

	/* Spelled as we would: "commands.02" and "commands.+2" are not guessed at. */
	snprintf(number, sizeof number, "%u", last ? last->pieces + 1 : 0);
	if (!last || strlen(last->setting->name) != base || last->argument ||
	    memcmp(last->setting->name, name, base) != 0 || !last->setting->list ||
	    strcmp(dot + 1, number) != 0) {
		fault_at(l->fault, line, name, "no list goes on here");
		return fault_want(l->fault, "name, then name.2, name.3 and so on right below it, for lists only");
	}
	size_t old = strlen(last->value), more = strlen(value);
	char *joined = arena_alloc(&l->policy->arena, old + more + 2);
	if (!joined)
		return fault_at(l->fault, 0, NULL, "out of memory");
	if (old + more + 1 > POLICY_VALUE_MAX)
		return fault_at(l->fault, line, name, "a value longer than 4095 bytes");
	memcpy(joined, last->value, old);
	joined[old] = last->setting->list;
	memcpy(joined + old + 1, value, more);
	last->value = joined;
	last->pieces++;
	return true;
}

static bool resolve_name(struct loader *l, const struct section *section, struct entry *entry,
			 const char *name)
{
	const char *nearest, *blank = strchr(name, ' ');
	const struct setting_name wanted = {
		name, blank ? (size_t)(blank - name) : strlen(name), blank != NULL, section->kind};

	entry->setting = setting_find(&wanted, &nearest);
	if (!entry->setting) {
		fault_at(l->fault, entry->line, name, "not a setting");
		return fault_nearest(l->fault, nearest);
	}
	if (!(entry->setting->kinds & section->kind))
		return fault_at(l->fault, entry->line, name, "a setting that does not belong in this section");
	if (entry->setting->argument != (blank != NULL)) {
		fault_at(l->fault, entry->line, name,
			 blank ? "a setting that takes no name" : "a setting that takes a name");
		return fault_want(l->fault, entry->setting->want);
	}
	if (blank)
		entry->argument = arena_copy(&l->policy->arena, blank + 1, strlen(blank + 1));
	if (blank && !entry->argument)
		return fault_at(l->fault, 0, NULL, "out of memory");
	for (size_t i = 0; i < section->entries_count; i++) {
		const struct entry *other = &section->entries[i];
		bool same = other->setting == entry->setting &&
			    (!blank || strcmp(other->argument, entry->argument) == 0);
		if (same && !entry->setting->many)
			return fault_at(l->fault, entry->line, name, "a setting given twice in one section");
	}
	return true;
}

static bool add_entry(struct loader *l, const char *name, const char *value)
{
	const struct source_entry *place = &l->source.entries[l->next++];
	struct section *section = &l->policy->sections[l->first + place->section];
	struct entry entry = {.line = place->line, .pieces = 1};

	if (strchr(name, '.') && !strchr(name, ' '))
		return continue_list(l, section, name, value, place->line);
	if (!resolve_name(l, section, &entry, name))
		return false;
	entry.value = arena_copy(&l->policy->arena, value, strlen(value));
	if (!entry.value)
		return fault_at(l->fault, 0, NULL, "out of memory");
	section->entries[section->entries_count++] = entry;
	return true;
}

/*
 * inih's handler. Returning 0 does not stop inih 55, so the first fault is kept here. Section names come from the
 * linter; inih would cut long ones.
 */
static int on_entry(void *user, const char *section, const char *name, const char *value)
{
	struct loader *l = user;

	(void)section;
	if (l->failed)
		return 0;
	if (l->next >= l->source.entries_count)
		l->failed = true;
	else
		l->failed = !add_entry(l, name, value);
	return !l->failed;
}

static bool parse(struct loader *l)
{
	l->fault->reason = NULL;
	int rc = ini_parse_string(l->source.text, on_entry, l);

	if (l->failed && l->fault->reason)
		return false;
	if (rc != 0 || l->failed || l->next != l->source.entries_count)
		return fault_at(l->fault, rc > 0 ? (unsigned)rc : 0, NULL,
				"the parser and the linter disagree about this file");
	return true;
}

static bool try_setters(struct loader *l, const struct section *section)
{
	struct settings scratch;

	setting_defaults(&scratch);
	for (size_t i = 0; i < section->entries_count; i++) {
		const struct entry *entry = &section->entries[i];
		struct command *c = section->command;
		struct setter setter = {
			.policy = l->policy,
			.settings = &scratch,
			.definition = c ? &c->definition : NULL,
			.form = c ? &c->forms[0] : NULL,
			.program = c ? &c->programs[0] : NULL,
			.expectation = section->test,
			.name = entry->setting->name,
			.file = section->file,
			.line = entry->line,
			.key = section->key,
			.argument = entry->argument,
			.value = entry->value,
			.first = setting_is_first(section->entries, i),
		};
		const char *reason = entry->setting->set(&setter);

		if (reason) {
			fault_at(l->fault, entry->line, setter.word ? setter.word : entry->value, reason);
			fault_nearest(l->fault, setter.near.best);
			return fault_want(l->fault, entry->setting->want);
		}
	}
	return true;
}

static bool finish_command(struct loader *l, const struct section *section)
{
	struct command *c = section->command;
	const char *reason = NULL;

	if (!c->programs[0].path)
		reason = "a [command] without program";
	else if (!c->forms[0].template)
		reason = "a [command] without template";
	else
		reason = template_check(c->forms[0].template, c->definition.argv);
	if (reason)
		return fault_at(l->fault, section->line, section->name, reason);
	c->forms[0].most = c->forms[0].needs;
	return true;
}

static const char *finish_key(const struct key_rule *key)
{
	if (!key->fingerprints && !key->cert_id)
		return "a [key] without fingerprint or cert-id";
	return key->fingerprints && key->cert_id ? "a [key] with both fingerprint and cert-id" : NULL;
}

/* Commands first: other sections name them, wherever they stand. */
static bool check_sections(struct loader *l)
{
	for (int commands = 1; commands >= 0; commands--)
		for (size_t i = l->first; i < l->policy->sections_count; i++) {
			const struct section *section = &l->policy->sections[i];
			bool is_command = section->kind == SECTION_COMMAND;

			if (is_command != (commands == 1))
				continue;
			if (!try_setters(l, section))
				return false;
			if (is_command && !finish_command(l, section))
				return false;
			const char *reason = section->test  ? expectation_finish(l->policy, section->test)
					     : section->key ? finish_key(section->key)
							    : NULL;
			if (reason)
				return fault_at(l->fault, section->line, section->name, reason);
		}
	return true;
}

/* A file under users/ holds one section, [user NAME], and nothing else. */
static bool check_user_file(struct loader *l, const char *user)
{
	const struct section *section = &l->policy->sections[l->first];

	if (l->policy->sections_count == l->first + 1 && section->kind == SECTION_USER &&
	    strcmp(section->name, user) == 0)
		return true;
	fault_at(l->fault, section->line, NULL, "a file under users/ that holds more or else than its [user]");
	return fault_want(l->fault, "one section, [user NAME], NAME as in the file's name");
}

static bool check_tests_file(struct loader *l)
{
	for (size_t i = 0; i < l->policy->sections_count; i++)
		if (l->policy->sections[i].kind != SECTION_TEST)
			return fault_at(l->fault, l->policy->sections[i].line, l->policy->sections[i].name,
					"a file of tests that holds more than [test] sections");
	return true;
}

/* What a tool would write stands for a file that is not written yet. */
static enum source_read open_source(const struct policy_source *from, const char *path, const char *user,
				    struct loader *l)
{
	const char *text = user ? from->own_text : from->text;
	size_t checked = user && !from->text ? (size_t)(strrchr(from->file, '/') - from->file) : 0;

	if (!text)
		return source_open(path, checked, from, &l->source, l->fault);
	return source_take(text, &l->source, l->fault) ? SOURCE_READ : SOURCE_FAULT;
}

/* user is NULL for the main file. */
static bool load_file(struct policy *policy, const struct policy_source *from, const char *path,
		      const char *user, struct policy_fault *fault)
{
	struct loader l = {.policy = policy, .fault = fault};
	bool good = false;

	snprintf(fault->file, sizeof fault->file, "%s", path);
	l.file = arena_copy(&policy->arena, path, strlen(path));
	switch (open_source(from, path, user, &l)) {
	case SOURCE_FAULT: return false;
	case SOURCE_ABSENT:
		if (user)
			return true;
		fault_at(fault, 0, NULL, "the policy is missing");
		return fault_want(fault, "write one; sallyport.ini(5) has an example");
	case SOURCE_READ: break;
	}
	if (!l.file)
		fault_at(fault, 0, NULL, "out of memory");
	else
		good = source_lint(&l.source, fault) && outline_add(&l) && parse(&l) &&
		       check_sections(&l) && (!user || check_user_file(&l, user)) &&
		       (!from->tests_only || check_tests_file(&l));
	source_free(&l.source);
	return good;
}

/* users/NAME.ini beside the policy, if the name is fit to be a file's. */
static bool user_path(const char *file, const char *user, char path[POLICY_PATH_MAX])
{
	int directory = (int)(strrchr(file, '/') - file);

	if (!user || user[0] == '.' || user[0] == '\0' || strchr(user, '/'))
		return false;
	return snprintf(path, POLICY_PATH_MAX, "%.*s/users/%s.ini", directory, file, user) <
	       POLICY_PATH_MAX;
}

bool policy_load(const struct policy_source *source, struct policy **policy,
		 struct policy_fault *fault)
{
	char path[POLICY_PATH_MAX];
	struct policy *p = calloc(1, sizeof *p);

	*fault = (struct policy_fault){0};
	if (!p)
		return fault_at(fault, 0, NULL, "out of memory");
	if (load_file(p, source, source->file, NULL, fault) &&
	    (source->tests_only || !user_path(source->file, source->user, path) ||
	     load_file(p, source, path, source->user, fault))) {
		*policy = p;
		return true;
	}
	policy_free(p);
	return false;
}

void policy_free(struct policy *policy)
{
	if (!policy)
		return;
	arena_free(&policy->arena);
	free(policy);
}
