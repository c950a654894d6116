#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static struct audit_config_line *room(struct audit_config *c)
{
	if (c->count == c->room) {
		size_t wider = c->room ? 2 * c->room : 64;
		struct audit_config_line *grown = reallocarray(c->line, wider, sizeof *grown);

		c->failed |= !grown;
		if (!grown)
			return NULL;
		c->line = grown;
		c->room = wider;
	}
	return &c->line[c->count];
}

static char *value_of(const char *text)
{
	/* sshd_config(5): white space, or white space and one '=' */
	text += strspn(text, " \t\r");
	text += *text == '=';
	text += strspn(text, " \t\r");
	size_t length = strlen(text);

	while (length && strchr(" \t\r\f", text[length - 1]))
		length--;
	return strndup(text, length);
}

const struct audit_config_line *audit_config_add(struct audit_config *c, const char *file, size_t number,
						 const char *text)
{
	size_t indent = strspn(text, " \t\r\f"), length = strcspn(text + indent, " \t\r\f=");
	struct audit_config_line *line = room(c);

	if (!text[indent] || text[indent] == '#') {
		c->apart |= !text[indent];
		return NULL;
	}
	if (!line)
		return NULL;
	*line = (struct audit_config_line){.place = {file, number}, .indented = indent > 0, .apart = c->apart};
	c->apart = false;
	line->keyword = strndup(text + indent, length);
	line->value = value_of(text + indent + length);
	if (!line->keyword || !line->value) {
		free(line->keyword);
		free(line->value);
		c->failed = true;
		return NULL;
	}
	for (char *at = line->keyword; *at; at++)
		*at = (char)tolower((unsigned char)*at);
	if (strcmp(line->keyword, "match") == 0)
		c->block = ++c->blocks;
	line->block = c->block;
	c->count++;
	return line;
}

void audit_config_resume(struct audit_config *c, size_t block)
{
	c->block = block;
}

const struct audit_config_line *audit_config_find(const struct audit_config *c, const char *keyword,
						  const char *value)
{
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->line[i].keyword, keyword) == 0 &&
		    (!value || strcasecmp(c->line[i].value, value) == 0))
			return &c->line[i];
	return NULL;
}

void audit_config_free(struct audit_config *c)
{
	for (size_t i = 0; i < c->count; i++) {
		free(c->line[i].keyword);
		free(c->line[i].value);
	}
	free(c->line);
	*c = (struct audit_config){0};
}

const char *audit_answer_next(const char **at, const char *keyword, size_t *length)
{
	size_t word = strlen(keyword);

	while (*at && **at) {
		const char *line = *at, *end = strchrnul(line, '\n');

		*at = *end ? end + 1 : end;
		if ((size_t)(end - line) < word || memcmp(line, keyword, word) != 0 ||
		    (line[word] != ' ' && line + word != end))
			continue;
		line += word + (line + word != end);
		*length = (size_t)(end - line);
		return line;
	}
	return NULL;
}

bool audit_answer_is(const char *answer, const char *keyword, const char *value)
{
	size_t length;
	const char *found = audit_answer_next(&answer, keyword, &length);

	return found && length == strlen(value) && strncasecmp(found, value, length) == 0;
}
