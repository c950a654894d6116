#include "policy.h"

#include "text/list.h"

#include <fnmatch.h>
#include <string.h>

enum {
	VARIABLES_MAX = 128,
	CLIENT_MAX = 64, /* the client's end here; more are dropped, so that the others have room */
	VALUE_MAX = 128,
};

struct builder {
	struct decision *d;
	char **env;
	size_t count;
	bool failed;
};

/* Sets NAME=value, in place of an earlier value of the same name. */
static void put(struct builder *b, const char *name, size_t name_length, const char *value)
{
	size_t value_length = strlen(value), i = 0;
	char *text = arena_alloc(&b->d->arena, name_length + value_length + 2);

	if (!text) {
		b->failed = true;
		return;
	}
	memcpy(text, name, name_length);
	text[name_length] = '=';
	memcpy(text + name_length + 1, value, value_length);
	while (i < b->count && strncmp(b->env[i], text, name_length + 1) != 0)
		i++;
	if (i == VARIABLES_MAX) {
		b->failed = true;
		return;
	}
	b->env[i] = text;
	b->count += i == b->count;
}

static void put_text(struct builder *b, const char *text)
{
	const char *equals = strchr(text, '=');

	put(b, text, (size_t)(equals - text), equals + 1);
}

/* The definition's own; without a name the host's is left out. */
static void put_own(struct builder *b, const struct settings *settings, const char *text)
{
	const char *equals = strchr(text, '=');

	if (strcmp(equals, "=%h") != 0)
		put_text(b, text);
	else if (settings->host)
		put(b, text, (size_t)(equals - text), settings->host);
}

/* A value that is a locale's name, a number or an address: nothing that a program could read as code. */
static bool is_harmless(const char *value)
{
	size_t length = strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789_.@:-");

	return value[length] == '\0' && length > 0 && length <= VALUE_MAX;
}

/* Whether a blank-separated list has the name; a '*' at a word's end stands for any rest. */
static bool lists(const char *names, const char *name, size_t length)
{
	const char *item;
	size_t n;

	while (item = list_next(&names, &n), n > 0) {
		bool prefix = item[n - 1] == '*';
		if (prefix ? length >= n - 1 && memcmp(item, name, n - 1) == 0
			   : n == length && memcmp(item, name, n) == 0)
			return true;
	}
	return false;
}

/* The definition's own variables: "NAME=pattern", in fnmatch(3) form. */
static bool definition_passes(const struct definition *definition, const char *variable)
{
	for (const char *const *p = definition->pass_env; p && *p; p++)
		if (fnmatch(*p, variable, FNM_NOESCAPE) == 0)
			return true;
	return false;
}

/* SSH_CONNECTION and SSH_CLIENT, as sshd writes them: addresses and ports. */
static bool is_connection(const char *variable)
{
	const char *value = strchr(variable, '=') + 1;

	return (strncmp(variable, "SSH_CONNECTION=", 15) == 0 ||
		strncmp(variable, "SSH_CLIENT=", 11) == 0) &&
	       value[strspn(value, "0123456789abcdefABCDEF.:%/ ")] == '\0' && strlen(value) < VALUE_MAX;
}

/* The marker is set last, and only by token: neither a client nor `env` may plant it. */
static bool is_marker(const struct settings *settings, const char *name, size_t length)
{
	return strlen(settings->token_env) == length &&
	       memcmp(settings->token_env, name, length) == 0;
}

static void pass_client(struct builder *b, const struct settings *settings, char *const *client)
{
	for (; client && *client && b->count < CLIENT_MAX; client++) {
		const char *equals = strchr(*client, '=');
		size_t length = equals ? (size_t)(equals - *client) : 0;

		if (length == 0)
			continue;
		if (is_marker(settings, *client, length))
			continue;
		bool listed = lists(settings->pass_env, *client, length) && is_harmless(equals + 1);
		if (listed || is_connection(*client) ||
		    definition_passes(b->d->definition, *client))
			put(b, *client, length, equals + 1);
	}
}

char **policy_environ(const struct settings *settings, struct decision *decision,
		      char *const *client)
{
	struct builder b = {.d = decision};

	b.env = arena_alloc(&decision->arena, (VARIABLES_MAX + 1) * sizeof *b.env);
	if (!b.env)
		return NULL;
	/* The client's first: whatever pass-env lets through, what follows has the last word. */
	pass_client(&b, settings, client);
	put_text(&b, "PATH=/usr/bin:/bin");
	/* Empty in the view; in the other isolations a name that only root could give to something. */
	put_text(&b, settings->isolation == ISOLATION_NAMESPACE ? "HOME=/home" : "HOME=/nonexistent");
	put_text(&b, "SHELL=/usr/sbin/nologin");
	put(&b, "USER", 4, settings->user);
	put(&b, "LOGNAME", 7, settings->user);
	for (size_t i = 0; i < settings->env_count; i++) {
		const struct pair *variable = &settings->env[i];

		if (!is_marker(settings, variable->name, strlen(variable->name)))
			put(&b, variable->name, strlen(variable->name), variable->value);
	}
	for (const char *const *e = decision->definition->env; e && *e; e++)
		put_own(&b, settings, *e);
	if (settings->token == TOKEN_MARKER)
		put(&b, settings->token_env, strlen(settings->token_env), settings->token_value);
	return b.failed ? NULL : b.env;
}
