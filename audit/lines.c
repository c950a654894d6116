#include "lines.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Keywords whose first value holds and where a lost line opens something. */
static const char *const weighty[] = {
    "allowtcpforwarding",
    "allowstreamlocalforwarding",
    "allowagentforwarding",
    "disableforwarding",
    "x11forwarding",
    "permittunnel",
    "gatewayports",
    "permitrootlogin",
    "passwordauthentication",
    "kbdinteractiveauthentication",
    "permitemptypasswords",
    "permituserenvironment",
    "permituserrc",
    "permittty",
    "forcecommand",
    "chrootdirectory",
    "authorizedkeysfile",
    "authenticationmethods",
    "hostbasedauthentication",
    "pubkeyauthentication",
    "strictmodes",
    "exposeauthinfo",
    "revokedkeys",
    "trustedusercakeys",
    "loglevel",
    "maxauthtries",
    "permitopen",
    "permitlisten",
};

static bool is_weighty(const char *keyword)
{
	for (size_t i = 0; i < sizeof weighty / sizeof *weighty; i++)
		if (strcmp(weighty[i], keyword) == 0)
			return true;
	return false;
}

static void find(const struct audit_session *s, enum audit_id id, const struct audit_config_line *line,
		 const char *more)
{
	const struct audit_evidence evidence = {.place = line->place, .path = s->file};

	audit_find(s->found, id, NULL, &evidence, "%s %s%s", line->keyword, line->value, more);
}

/* An earlier line of the same block with another value. */
static void judge_shadow(const struct audit_session *s, size_t index)
{
	const struct audit_config_line *line = &s->config->line[index];
	char more[512];

	for (size_t i = 0; i < index; i++) {
		const struct audit_config_line *first = &s->config->line[i];

		if (first->block != line->block || strcmp(first->keyword, line->keyword) != 0)
			continue;
		if (strcasecmp(first->value, line->value) == 0)
			return;
		snprintf(more, sizeof more, ", and %s:%zu has %.100s: the first one holds", first->place.file,
			 first->place.line, first->value);
		find(s, AUDIT_VALUE_SHADOWED, line, more);
		return;
	}
}

/*
 * A line that looks as if it were for everybody and stands behind a Match: not indented where the block's others are,
 * or set apart from them by a blank line. What is in force for everybody is sshd's word.
 */
static void judge_stray(const struct audit_session *s, size_t index)
{
	const struct audit_config_line *line = &s->config->line[index];
	size_t before = 0, indented = 0;

	for (size_t i = 0; i < index; i++)
		if (s->config->line[i].block == line->block && strcmp(s->config->line[i].keyword, "match") != 0) {
			before++;
			indented += s->config->line[i].indented;
		}
	if (!line->block || line->indented || !before || (!indented && !line->apart) || !s->answer)
		return;
	/* Nobody means these two for everybody. */
	if (strcmp(line->keyword, "forcecommand") == 0 || strcmp(line->keyword, "chrootdirectory") == 0)
		return;
	if (!audit_answer_is(s->answer, line->keyword, line->value))
		find(s, AUDIT_LINE_AFTER_MATCH, line,
		     " stands in a Match block: it holds for whom that matches, and nobody else");
}

/* A list that begins with an exception and has nothing else. */
static bool only_exceptions(const char *list, size_t length)
{
	for (const char *item = list, *end = list + length; item; item++) {
		if (item == end || *item != '!')
			return false;
		item = memchr(item, ',', (size_t)(end - item));
		if (!item)
			return true;
	}
	return false;
}

/* `Match Address !192.0.2.1`: a list of exceptions to nothing. */
static void judge_match(const struct audit_session *s, const struct audit_config_line *line)
{
	static const char blanks[] = " \t=";
	size_t length;

	for (const char *at = line->value; *at; at += strspn(at, blanks)) {
		length = strcspn(at, blanks);
		if (only_exceptions(at, length))
			find(s, AUDIT_MATCH_NEVER, line, ": a list of exceptions alone fits nobody");
		at += length;
	}
}

/* Words that stand for what is broken and that sshd no longer takes of itself. */
static void judge_algorithms(const struct audit_session *s, const struct audit_config_line *line)
{
	static const char *const weak[] = {"ssh-dss", "arcfour", "hmac-md5",    "3des",    "blowfish",
					   "cast128", "-cbc",    "group1-sha1", "ssh-rsa*"};
	static const char *const keywords[] = {"ciphers",
					       "macs",
					       "kexalgorithms",
					       "hostkeyalgorithms",
					       "pubkeyacceptedalgorithms",
					       "pubkeyacceptedkeytypes",
					       "hostbasedacceptedalgorithms",
					       "casignaturealgorithms"};

	for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
		for (size_t j = 0; strcmp(line->keyword, keywords[i]) == 0 && j < sizeof weak / sizeof *weak; j++)
			if (*line->value != '-' && strstr(line->value, weak[j])) {
				find(s, AUDIT_ALGORITHM_WEAK, line, "");
				return;
			}
}

void audit_judge_lines(const struct audit_session *s)
{
	for (size_t i = 0; i < s->config->count; i++) {
		const struct audit_config_line *line = &s->config->line[i];

		if (is_weighty(line->keyword)) {
			judge_shadow(s, i);
			judge_stray(s, i);
		}
		if (strcmp(line->keyword, "match") == 0)
			judge_match(s, line);
		if (strcmp(line->keyword, "protocol") == 0 ||
		    strcmp(line->keyword, "useprivilegeseparation") == 0 ||
		    strcmp(line->keyword, "uselogin") == 0)
			find(s, AUDIT_KEYWORD_OLD, line, "");
		judge_algorithms(s, line);
	}
}

void audit_judge_option(const struct audit_session *s, const char *option)
{
	char keyword[64];
	size_t length = strcspn(option, " =");
	const struct audit_config_line *line;

	if (length >= sizeof keyword)
		return;
	for (size_t i = 0; i < length; i++)
		keyword[i] = (char)tolower((unsigned char)option[i]);
	keyword[length] = '\0';
	line = audit_config_find(s->config, keyword, NULL);
	option += length;
	option += strspn(option, " =");
	if (line && strcasecmp(line->value, option) != 0)
		find(s, AUDIT_OPTION_BEATS_FILE, line, ", and sshd was started with another value");
}

void audit_judge_allow(const struct audit_session *s,
		       bool (*known)(void *context, const char *pattern, bool group), void *context)
{
	for (size_t i = 0; i < s->config->count; i++) {
		const struct audit_config_line *line = &s->config->line[i];
		bool group =
		    strcmp(line->keyword, "allowgroups") == 0 || strcmp(line->keyword, "denygroups") == 0;
		char copy[1024], *rest = copy, *word;

		if (!group && strcmp(line->keyword, "allowusers") != 0 && strcmp(line->keyword, "denyusers") != 0)
			continue;
		snprintf(copy, sizeof copy, "%s", line->value);
		while ((word = strsep(&rest, " \t"))) {
			const struct audit_evidence evidence = {
			    .place = line->place, .path = s->file, .value = word};

			word += *word == '!';
			if (!group && strchr(word, '@'))
				*strchr(word, '@') = '\0';
			if (*word && strspn(word, "0123456789") == strlen(word))
				audit_find(s->found, AUDIT_ALLOW_NUMBER, NULL, &evidence, "%s %s", line->keyword,
					   word);
			else if (*word && !known(context, word, group))
				audit_find(s->found, AUDIT_ALLOW_NOBODY, NULL, &evidence, "%s %s", line->keyword,
					   word);
		}
	}
}
