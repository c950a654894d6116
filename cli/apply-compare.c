#include "apply-compare.h"

#include "apply-who.h"
#include "describe.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

struct comparer {
	struct comparison *c;
	FILE *loses, *gains, *changes, *idles;
	struct names accounts, profiles;
	int64_t now;
};

/* An account before and after, under one profile or none. */
struct pair_of_views {
	struct settings store[2];
	struct view before, after;
	char title[2 * POLICY_NAME_MAX + 32];
};

static char *value_text(size_t i, const struct settings *settings)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	if (!to)
		return NULL;
	describe_value(i, settings, to);
	fclose(to);
	return text;
}

/* One line if setting i differs. */
static void print_setting(FILE *to, size_t i, const struct pair_of_views *p)
{
	char *before = value_text(i, p->before.settings), *after = value_text(i, p->after.settings);

	if (before && after && strcmp(before, after) != 0) {
		if (describe_is_secret(i))
			fprintf(to, "  %s  %s: (changed)\n", p->title, describe_name(i));
		else
			fprintf(to, "  %s  %s: %s -> %s\n", p->title, describe_name(i), before, after);
	}
	free(before);
	free(after);
}

static char *settings_text(const struct pair_of_views *p)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	if (!to)
		return NULL;
	for (size_t i = 0; describe_name(i); i++)
		print_setting(to, i, p);
	fclose(to);
	return text;
}

static void compare_views(struct comparer *r, const struct pair_of_views *p)
{
	if (p->before.works && !p->after.works) {
		r->c->lost++;
		fprintf(r->loses, "  %s  %s\n", p->title, p->after.reason);
	} else if (!p->before.works && p->after.works) {
		r->c->gained++;
		fprintf(r->gains, "  %s\n", p->title);
	} else if (!p->after.works && p->after.settings && r->c->idle++ < IDLES_SHOWN) {
		fprintf(r->idles, "  %s  %s\n", p->title, p->after.reason);
	}
	if (!p->before.settings || !p->after.settings)
		return;
	char *text = settings_text(p);
	if (text && *text) {
		r->c->changed++;
		fputs(text, r->changes);
	}
	free(text);
}

/* A profile that shows what the account shows without it is not told again. */
static bool tells_more(const struct pair_of_views *base, const struct pair_of_views *p)
{
	if (base->before.works != p->before.works || base->after.works != p->after.works)
		return true;
	if (!p->before.settings || !p->after.settings)
		return false;
	for (size_t i = 0; base->before.settings && base->after.settings && describe_name(i); i++) {
		const struct settings *all[] = {base->before.settings, base->after.settings,
						p->before.settings, p->after.settings};
		char *text[4];
		bool same = true;

		for (size_t k = 0; k < 4; k++)
			text[k] = value_text(i, all[k]);
		for (size_t k = 0; k < 2; k++)
			same = same && text[k] && text[k + 2] && strcmp(text[k], text[k + 2]) == 0;
		bool moved = text[2] && text[3] && strcmp(text[2], text[3]) != 0;
		for (size_t k = 0; k < 4; k++)
			free(text[k]);
		if (moved && !same)
			return true;
	}
	return !base->before.settings || !base->after.settings;
}

static void look(struct comparer *r, struct sitting sittings[2], const struct policy_account *facts,
		 struct pair_of_views *p)
{
	side_view(&sittings[0], facts, r->now, &p->store[0], &p->before);
	side_view(&sittings[1], facts, r->now, &p->store[1], &p->after);
	snprintf(p->title, sizeof p->title, "%.48s%s%.48s%s", facts->user,
		 facts->profile ? " (profile " : "", facts->profile ? facts->profile : "",
		 facts->profile ? ")" : "");
}

static bool compare_account(struct comparer *r, const struct side *before, const struct side *after,
			    const char *user)
{
	static struct pair_of_views base, under;
	struct sitting sittings[2];
	struct account account;

	if (!account_find(user, &account))
		return false;
	sitting_open(&sittings[0], before, user);
	sitting_open(&sittings[1], after, user);
	look(r, sittings, &account.facts, &base);
	compare_views(r, &base);
	for (size_t i = 0; i < r->profiles.count; i++) {
		account.facts.profile = r->profiles.name[i];
		look(r, sittings, &account.facts, &under);
		if (tells_more(&base, &under))
			compare_views(r, &under);
	}
	sitting_close(&sittings[0]);
	sitting_close(&sittings[1]);
	account_free(&account);
	return true;
}

static bool compare_all(struct comparer *r, const struct side *before, const struct side *after)
{
	if (!r->loses || !r->gains || !r->changes || !r->idles || !who_accounts(before, after, &r->accounts) ||
	    !who_profiles(before, after, &r->profiles))
		return false;
	r->c->accounts = r->accounts.count;
	bool good = true;
	account_hold();
	for (size_t i = 0; good && i < r->accounts.count; i++)
		good = compare_account(r, before, after, r->accounts.name[i]);
	account_release();
	return good;
}

static bool finish(FILE *file)
{
	return file && fclose(file) == 0;
}

bool compare_sides(const struct side *before, const struct side *after, struct comparison *c)
{
	size_t size[4];

	*c = (struct comparison){0};
	struct comparer r = {
		.c = c,
		.loses = open_memstream(&c->loses, &size[0]),
		.gains = open_memstream(&c->gains, &size[1]),
		.changes = open_memstream(&c->changes, &size[2]),
		.idles = open_memstream(&c->idles, &size[3]),
		.now = time(NULL),
	};
	bool good = compare_all(&r, before, after);

	good = finish(r.loses) && good;
	good = finish(r.gains) && good;
	good = finish(r.changes) && good;
	good = finish(r.idles) && good;
	names_free(&r.accounts);
	names_free(&r.profiles);
	if (!good)
		compare_free(c);
	return good;
}

void compare_free(struct comparison *c)
{
	free(c->loses);
	free(c->gains);
	free(c->changes);
	free(c->idles);
	*c = (struct comparison){0};
}
