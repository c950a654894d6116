/*
 * audit-keys - the files of keys of each account, where sshd says that they are, and every line of
 * them.
 */
#include "audit-keys.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The files of one account, as they are gone through. */
struct looker {
	struct line_facts facts;
	struct judge_facts judge;
	const struct key_rules *rules;
	size_t lines, open; /* that sshd takes; that can do more than call the gate */
	bool unseen,
	    loose; /* a file that could not be read; one that somebody but root can change */
};

/* ---- lines ---- */

static void look_at_line(struct looker *l, struct keyline *line, const struct keystream *stream)
{
	struct audit *a = l->facts.about.audit;
	judge_set found;
	size_t offset;

	l->facts.about.line = stream->number;
	if (keyline_fault(stream->text, stream->length, &offset)) {
		memset(line, 0, offsetof(struct keyline, blob));
		line_find(&l->facts, line, JUDGE_BIT(JUDGE_FAULT));
		return;
	}
	keyline_read(stream->text, stream->length, line);
	if (line->kind == KEYLINE_BLANK || line->kind == KEYLINE_COMMENT)
		return;
	l->judge.well_known = holders_well_known(a, line);
	found = judge_line(line, &l->judge);
	if (stream->number == 1 && stream->length >= 3 &&
	    memcmp(stream->text, "\xef\xbb\xbf", 3) == 0)
		found |= JUDGE_BIT(JUDGE_BOM);
	line_find(&l->facts, line, found);
	if (line->kind == KEYLINE_KEY || line->kind == KEYLINE_FOREIGN) {
		l->lines++;
		l->open += !line_holds(&l->facts, line, l->judge.wanted);
		holders_add(&l->facts.about, line);
		revocation_ask(&l->facts.about, line);
	}
}

static void look_at_lines(struct looker *l, int fd)
{
	static struct keystream stream;

	keystream_begin(&stream, fd);
	while (keystream_next(&stream))
		look_at_line(l, keys_line(), &stream);
	if (!stream.reason)
		return;
	audit_unseen(&l->facts.about.audit->found, l->facts.about.file, "%s: %s", stream.reason,
		     strerror(errno));
	l->unseen = true;
}

/* ---- files ---- */

static void look_at_file(struct looker *l, const char *path, size_t index)
{
	struct audit *a = l->facts.about.audit;
	struct way way;
	int fd;

	l->facts.about.file = path;
	if (!place_look(a, l->facts.about.account, path, &way)) {
		audit_unseen(&a->found, path, "%s", strerror(errno));
		l->unseen = true;
		return;
	}
	l->loose |= !l->facts.served && (way.own.length > 0 || way.others.length > 0);
	place_find_keys(&l->facts, l->rules, &way, index > 0);
	if (way.absent)
		return;
	fd = image_open_file(&a->image, path);
	if (fd < 0) {
		audit_unseen(&a->found, path, "%s",
			     errno == EINVAL ? "not a regular file" : strerror(errno));
		l->unseen = true;
		return;
	}
	look_at_lines(l, fd);
	close(fd);
}

struct policy_account keys_facts(const struct audit_account *account)
{
	return (struct policy_account){.user = account->name, .uid = account->uid, .home = account->home};
}

bool keys_path(const char *pattern, const struct audit_account *account, char out[PATH_MAX])
{
	const struct policy_account facts = keys_facts(account);

	return *pattern && sshd_tokens_file(pattern, &facts, out);
}

/* Words with a blank between, as sshd -T prints AuthorizedKeysFile. Cuts them in place. */
static void look_at_files(struct looker *l, char *words)
{
	char *word, path[PATH_MAX];
	size_t index = 0;

	while ((word = strsep(&words, " "))) {
		if (!*word)
			continue;
		if (keys_path(word, l->facts.about.account, path)) {
			look_at_file(l, path, index++);
			l->facts.about.file = NULL;
			continue;
		}
		audit_unseen(&l->facts.about.audit->found, "files of keys", "%s is no path with %%u %%h %%U %%%%",
			     word);
		l->unseen = true;
	}
}

/* The patterns that `keys serve` was given; sshd's own where it was given none. */
static void look_at_served(struct looker *l)
{
	char words[RULES_VALUE_MAX] = "", command[RULES_VALUE_MAX], *rest = command, *word;

	stpcpy(command, l->rules->command);
	while ((word = strsep(&rest, " ")))
		if (strcmp(word, "--file") == 0 && (word = strsep(&rest, " ")))
			strcat(strcat(words, " "), word);
	l->facts.served = true;
	look_at_files(l,
		      *words ? words : strcpy(words, ".ssh/authorized_keys .ssh/authorized_keys2"));
	l->facts.served = false;
}

static enum audit_keys result(const struct looker *l)
{
	/* A certificate is as good as a key, and what it forces is for its authority to say. */
	if (l->rules->authorities[0] && !l->rules->principals_served)
		return AUDIT_KEYS_OPEN;
	if (l->open > 0 || l->loose)
		return AUDIT_KEYS_OPEN;
	if (l->unseen)
		return AUDIT_KEYS_UNSEEN;
	return l->lines || l->rules->served ? AUDIT_KEYS_ENFORCED : AUDIT_KEYS_NONE;
}

unsigned keys_opens(const struct audit_account *account, const struct key_rules *rules)
{
	/* As a login shell the gate is what every command is given to, that of ~/.ssh/rc among
	 * them. */
	return rules->opens & ~(unsigned)(account->shell_is_gate ? OPENS_COMMAND | OPENS_RC : 0);
}

enum audit_keys keys_look_at(struct audit *a, struct audit_account *account,
			     const struct key_rules *rules)
{
	static const struct wanted wanted = {.gate = SALLYPORT_SHELL};
	struct looker l = {
	    .facts = {.about = {.audit = a, .account = account},
		      .opens = keys_opens(account, rules)},
	    .judge = {.wanted = &wanted, .now = a->now},
	    .rules = rules,
	};
	char words[RULES_VALUE_MAX];

	if (!rules->keys)
		return AUDIT_KEYS_NONE;
	revocation_choose(a, rules);
	l.judge.shell_is_gate = !(l.facts.opens & OPENS_COMMAND);
	if (rules->files[0])
		look_at_files(&l, strcpy(words, rules->files));
	if (rules->served)
		look_at_served(&l);
	else if (rules->command[0]) {
		audit_unseen(&a->found, rules->command,
			     "which keys this AuthorizedKeysCommand hands out");
		l.unseen = true;
	}
	return result(&l);
}
