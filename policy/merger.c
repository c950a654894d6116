#include "merger.h"

#include "fault.h"
#include "paths.h"
#include "setter.h"

#include "text/pathname.h"

#include <stdio.h>
#include <string.h>

enum policy_verdict merger_faulty(struct merger *m, const struct section *section,
				  const char *reason, const char *want)
{
	if (section)
		snprintf(m->fault->file, sizeof m->fault->file, "%s", section->file);
	fault_at(m->fault, section ? section->line : 0, m->account->user, reason);
	fault_want(m->fault, want);
	return POLICY_FAULTY;
}

enum policy_verdict merger_refused(struct merger *m, const char *word, const char *reason,
				   const char *want)
{
	fault_at(m->fault, 0, word, reason);
	fault_want(m->fault, want);
	return POLICY_REFUSED;
}

void merger_apply(struct merger *m, const struct section *section, struct settings *settings)
{
	for (size_t i = 0; i < section->entries_count; i++) {
		const struct entry *entry = &section->entries[i];
		struct setter setter = {
			.policy = m->policy,
			.settings = settings,
			.name = entry->setting->name,
			.file = section->file,
			.line = entry->line,
			.argument = entry->argument,
			.value = entry->value,
			.first = setting_is_first(section->entries, i),
		};
		/* Tried alone when loading; what several sections add up to may still be too many. */
		const char *reason = entry->setting->set(&setter);
		if (reason)
			m->reason = reason;
	}
}

/* Appends to out[POLICY_PATH_MAX]; false when it is full. */
static bool append(char *out, size_t *used, const char *bytes, size_t length)
{
	if (*used + length >= POLICY_PATH_MAX)
		return false;
	memcpy(out + *used, bytes, length);
	*used += length;
	out[*used] = '\0';
	return true;
}

/* Fills in %u %h %U %%. A name service may have any name: neither it nor a home leads up, or is nothing. */
const char *merger_expand(struct merger *m, const char *raw)
{
	char out[POLICY_PATH_MAX], uid[16];
	size_t used = 0, run;
	bool fits = true;

	out[0] = '\0';
	snprintf(uid, sizeof uid, "%u", m->account->uid);
	for (const char *at = raw; *at && fits; at += run) {
		const char *piece = at;

		run = strcspn(at, "%");
		size_t length = run;
		if (run == 0) {
			piece = at[1] == 'u'   ? m->account->user
				: at[1] == 'h' ? m->account->home
				: at[1] == 'U' ? uid
					       : "%";
			length = strlen(piece);
			run = 2;
		}
		fits = length > 0 && append(out, &used, piece, length);
	}
	if (!fits || out[0] != '/' || pathname_has_part(out, ".."))
		return NULL;
	while (used > 1 && out[used - 1] == '/')
		used--;
	return arena_copy(&m->policy->arena, out, used);
}

void merger_modes(struct settings *settings)
{
	settings->restricted |= settings->token == TOKEN_MARKER;
	if (settings->restricted)
		paths_mask(settings, VERBS_ALL & ~VERB_LIST);
}
