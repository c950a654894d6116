/*
 * outline - the sections of a file: their kinds and names, and room for their entries.
 */
#include "loader.h"

#include "fault.h"
#include "expectation.h"
#include "nearest.h"

#include <string.h>

static const struct {
	const char *name;
	enum section_kind kind;
	bool named;
} kinds[] = {
	{"defaults", SECTION_DEFAULTS, false}, {"group", SECTION_GROUP, true},
	{"user", SECTION_USER, true},          {"profile", SECTION_PROFILE, true},
	{"key", SECTION_KEY, true},            {"command", SECTION_COMMAND, true},
	{"test", SECTION_TEST, true},
};

#define KINDS_WANT                                                                                 \
	"[defaults], [group NAME], [user NAME], [profile NAME], [key NAME], [command NAME] or [test NAME]"

static bool classify(struct loader *l, const struct source_section *header, struct section *section)
{
	struct nearest near = {0};
	size_t length = header->length;
	const char *blank = memchr(header->name, ' ', length);
	size_t kind = blank ? (size_t)(blank - header->name) : length;
	const char *name = blank ? blank + 1 : header->name + length;
	char word[POLICY_NAME_MAX + 1];

	memcpy(word, header->name, length);
	word[length] = '\0';
	section->name = arena_copy(&l->policy->arena, name, length - (size_t)(name - header->name));
	if (!section->name)
		return fault_at(l->fault, header->line, NULL, "out of memory");
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (strlen(kinds[i].name) != kind || memcmp(kinds[i].name, header->name, kind) != 0)
			continue;
		section->kind = kinds[i].kind;
		if (kinds[i].named == (blank != NULL))
			return true;
		fault_at(l->fault, header->line, word,
			 blank ? "a name that does not belong here" : "the section's name is missing");
		return fault_want(l->fault, KINDS_WANT);
	}
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		nearest_offer(&near, header->name, kind, kinds[i].name);
	fault_at(l->fault, header->line, word, "not a kind of section");
	fault_nearest(l->fault, near.best);
	return fault_want(l->fault, KINDS_WANT);
}

static bool check_duplicate(struct loader *l, const struct section *section)
{
	for (size_t i = 0; i < l->policy->sections_count; i++) {
		const struct section *other = &l->policy->sections[i];

		if (other->kind == section->kind && strcmp(other->name, section->name) == 0)
			return fault_at(l->fault, section->line, section->name,
					"a section that was there before");
	}
	for (size_t i = 0; section->kind == SECTION_COMMAND && definition_builtin[i]; i++)
		if (strcmp(definition_builtin[i]->name, section->name) == 0)
			return fault_at(l->fault, section->line, section->name,
					"a built-in definition has this name");
	return true;
}

static struct command *make_command(struct policy *policy, const struct section *section)
{
	struct command *c = arena_alloc(&policy->arena, sizeof *c);

	if (!c)
		return NULL;
	c->programs[0].name = section->name;
	c->forms[0].program = section->name;
	c->definition = (struct definition){
		.name = section->name,
		.forms = c->forms,
		.programs = c->programs,
		.runs = RUNS_FORK,
		.tmp = true, /* nobody knows what it does */
		.file = section->file,
		.line = section->line,
	};
	return c;
}

bool outline_add(struct loader *l)
{
	struct policy *p = l->policy;
	size_t count = p->sections_count + l->source.sections_count, next = 0;

	if (count > POLICY_SECTIONS_MAX) {
		fault_at(l->fault, 0, NULL, "more than 4096 sections");
		return fault_want(l->fault, "accounts in files of their own: users/NAME.ini");
	}
	struct section *grown = arena_alloc(&p->arena, (count + 1) * sizeof *grown);

	if (!grown)
		return fault_at(l->fault, 0, NULL, "out of memory");
	if (p->sections_count)
		memcpy(grown, p->sections, p->sections_count * sizeof *grown);
	p->sections = grown;
	l->first = p->sections_count;
	for (size_t i = 0; i < l->source.sections_count; i++) {
		const struct source_section *header = &l->source.sections[i];
		struct section *section = &p->sections[p->sections_count];
		size_t from = next;

		*section = (struct section){.file = l->file, .line = header->line};
		if (!classify(l, header, section) || !check_duplicate(l, section))
			return false;
		while (next < l->source.entries_count && l->source.entries[next].section == i)
			next++;
		section->entries = arena_alloc(&p->arena, (next - from + 1) * sizeof *section->entries);
		if (section->kind == SECTION_COMMAND)
			section->command = make_command(p, section);
		if (section->kind == SECTION_TEST)
			section->test = expectation_make(p, section, l->source.sections_count);
		if (section->kind == SECTION_KEY)
			section->key = arena_alloc(&p->arena, sizeof *section->key);
		if (!section->entries || (section->kind == SECTION_COMMAND && !section->command) ||
		    (section->kind == SECTION_TEST && !section->test) ||
		    (section->kind == SECTION_KEY && !section->key))
			return fault_at(l->fault, 0, NULL, "out of memory");
		p->sections_count++;
	}
	return true;
}
