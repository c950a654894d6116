/*
 * audit-answer - what an sshd would do: asked once for each class of accounts and each place a client may come
 * from.
 */
#include "audit-sshd.h"

#include "capture.h"
#include "grow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where nothing but "anywhere" matches: an address of documentation (RFC 5737), whose name is not looked up. */
static const struct audit_peer anywhere = {.address = "203.0.113.77",
					   .host = "203.0.113.77",
					   .local_address = "127.0.0.1",
					   .local_port = "22",
					   .shown = ""};

/* ---- peers ---- */

static bool add_peer(struct audit *a, struct audit_sshd *s, struct audit_peer like, const char *what)
{
	struct audit_peer *p = &s->peer[s->peers];

	if (s->peers == AUDIT_PEERS_MAX)
		return false;
	*p = (struct audit_peer){strdup(like.address), strdup(like.host), strdup(like.local_address),
				 strdup(like.local_port), NULL};
	if (asprintf(&p->shown, "%s%s", *what ? ", a client " : "", what) < 0)
		p->shown = NULL;
	s->peers++;
	if (p->address && p->host && p->local_address && p->local_port && p->shown)
		return true;
	a->found.failed = true;
	return true;
}

/* One for each pattern, and one for each two: from here, to there. */
static bool add_from(struct audit *a, struct audit_sshd *s, struct audit_peer like, const char *to)
{
	static const enum audit_criterion criteria[] = {AUDIT_BY_ADDRESS, AUDIT_BY_HOST};
	bool all = add_peer(a, s, like, to);

	for (size_t i = 0; i < sizeof criteria / sizeof *criteria; i++)
		for (size_t j = 0; j < s->match.by[criteria[i]].count; j++) {
			char example[256], what[600];
			struct audit_peer peer = like;

			if (!audit_match_example(criteria[i], s->match.by[criteria[i]].pattern[j], example,
						 sizeof example))
				continue;
			if (criteria[i] == AUDIT_BY_ADDRESS)
				peer.address = example;
			else
				peer.host = example;
			snprintf(what, sizeof what, "from %s%s%s", example, *to ? " " : "", to);
			all = add_peer(a, s, peer, what) && all;
		}
	return all;
}

static void make_peers(struct audit *a, struct audit_sshd *s)
{
	static const enum audit_criterion criteria[] = {AUDIT_BY_LOCAL_ADDRESS, AUDIT_BY_LOCAL_PORT};
	bool all = add_from(a, s, anywhere, "");

	for (size_t i = 0; i < sizeof criteria / sizeof *criteria; i++)
		for (size_t j = 0; j < s->match.by[criteria[i]].count; j++) {
			char example[256], what[300];
			struct audit_peer peer = anywhere;

			if (!audit_match_example(criteria[i], s->match.by[criteria[i]].pattern[j], example,
						 sizeof example))
				continue;
			if (criteria[i] == AUDIT_BY_LOCAL_ADDRESS)
				peer.local_address = example;
			else
				peer.local_port = example;
			snprintf(what, sizeof what, "at %s", example);
			all = add_from(a, s, peer, what) && all;
		}
	if (!all)
		audit_unseen(&a->found, s->file,
			     "its Match lines name more than %d places that clients come from", AUDIT_PEERS_MAX);
	if (s->match.other_peers)
		audit_unseen(&a->found, s->file, "a Match line has a criterion that is not asked about");
}

/* ---- asking ---- */

/* Keeps a text once. Takes it over. */
static const char *keep(struct audit *a, struct audit_sshd *s, char *text)
{
	for (size_t i = 0; i < s->answers_count; i++)
		if (strcmp(s->answers[i], text) == 0) {
			free(text);
			return s->answers[i];
		}
	char **grown = grow(s->answers, s->answers_count, sizeof *grown);

	if (!grown) {
		a->found.failed = true;
		free(text);
		return NULL;
	}
	s->answers = grown;
	return s->answers[s->answers_count++] = text;
}

/* "FILE line 7: …" or "FILE: line 7: …", as servconf.c writes it. */
static struct audit_place place_of(const struct audit_sshd *s, const char *message)
{
	const char *at = strstr(message, " line ");
	struct audit_place place = {s->file, 0};

	place.line = at ? strtoul(at + strlen(" line "), NULL, 10) : 0;
	if (!place.line)
		return place;
	for (size_t i = 0; i < s->texts_count; i++)
		if (strncmp(s->texts[i].shown, message, strlen(s->texts[i].shown)) == 0)
			place.file = s->texts[i].shown;
	return place;
}

/* The line of what it says that names a line of a file; else the first. Cuts errors. */
static const char *reason_of(const struct audit_sshd *s, char *errors, struct audit_place *place)
{
	const char *reason = NULL;
	char *line;

	while ((line = strsep(&errors, "\r\n"))) {
		*place = place_of(s, line);
		if (place->line)
			return line;
		reason = reason ? reason : *line ? line : NULL;
	}
	return reason ? reason : "no answer";
}

/* errors is what it says; NULL: it could not be run. */
static void refused(struct audit *a, struct audit_sshd *s, char *errors)
{
	struct audit_evidence evidence = {.place = {s->file, 0}, .path = s->file};
	const char *reason = errors ? reason_of(s, errors, &evidence.place) : "it could not be run";

	/* Only root may read host keys; and systemd makes /run/sshd when it starts sshd. */
	if (errors && (evidence.place.line || geteuid() == 0) &&
	    !strstr(reason, "privilege separation directory"))
		audit_find(&a->found, AUDIT_CONFIG_REFUSED, NULL, &evidence, "sshd refuses its configuration: %s",
			   reason);
	audit_unseen(&a->found, "what sshd does for each account", "%s -T -f %s: %s", s->binary, s->file, reason);
	s->mute = true;
}

static const char *ask(struct audit *a, struct audit_sshd *s, const char *user, const struct audit_peer *peer)
{
	const char **argv = calloc(s->arguments + 6, sizeof *argv);
	char *who = NULL, *out = NULL, *errors = NULL;
	size_t count = 0;
	const char *answer = NULL;

	if (asprintf(&who, "user=%s,host=%s,addr=%s,laddr=%s,lport=%s", user, peer->host, peer->address,
		     peer->local_address, peer->local_port) < 0)
		who = NULL;
	a->found.failed |= !argv || !who;
	if (argv && who) {
		argv[count++] = s->binary;
		argv[count++] = "-T";
		for (size_t i = 0; i < s->arguments; i++)
			argv[count++] = s->argument[i];
		argv[count++] = "-C";
		argv[count++] = who;
		if (capture_errors(argv, &out, &errors) == 0) {
			answer = keep(a, s, out);
		} else {
			refused(a, s, errors);
			free(out);
		}
	}
	free(errors);
	free(who);
	free(argv);
	return answer;
}

/* FNV-1a. */
static unsigned long long hash(const char *bytes, size_t length)
{
	unsigned long long state = 0xcbf29ce484222325;

	for (size_t i = 0; i < length; i++)
		state = (state ^ (unsigned char)bytes[i]) * 0x100000001b3;
	return state;
}

static struct audit_class *add_class(struct audit *a, struct audit_sshd *s, char *bits, size_t length)
{
	struct audit_class *grown = grow(s->class, s->classes, sizeof *grown);

	a->found.failed |= !grown;
	if (!grown)
		return NULL;
	s->class = grown;
	s->class[s->classes] = (struct audit_class){.bits = bits, .length = length, .hash = hash(bits, length)};
	return &s->class[s->classes++];
}

/* The one with these bits; or a new one, asked about. Takes bits over. */
static struct audit_class *class_of(struct audit *a, struct audit_sshd *s, char *bits, size_t length,
				    const char *user)
{
	unsigned long long wanted = hash(bits, length);

	for (size_t i = 0; i < s->classes; i++) {
		struct audit_class *class = &s->class[i];

		if (class->hash == wanted && class->length == length && memcmp(class->bits, bits, length) == 0) {
			free(bits);
			return class;
		}
	}
	struct audit_class *class = add_class(a, s, bits, length);
	if (!class)
		free(bits);
	for (size_t i = 0; class && i < s->peers && !s->mute; i++)
		class->answer[i] = ask(a, s, user, &s->peer[i]);
	return class;
}

const struct audit_class *audit_class(struct audit *a, struct audit_sshd *s, const struct audit_account *account)
{
	size_t length = audit_match_bits(&s->match), more = s->match.each ? strlen(account->name) : 0;
	char *bits = malloc(length + more + 1);

	if (s->peers == 0)
		make_peers(a, s);
	a->found.failed |= !bits;
	/* A comma or a blank in a name would be another question to sshd. */
	if (bits && strpbrk(account->name, ", \t="))
		audit_unseen(&a->found, "what sshd does for an account", "sshd -C cannot be asked about '%s'",
			     account->name);
	else if (bits && !s->mute) {
		audit_match_class(&s->match, account, bits);
		memcpy(bits + length, account->name, more);
		const struct audit_class *class = class_of(a, s, bits, length + more, account->name);
		return s->mute ? NULL : class;
	}
	free(bits);
	return NULL;
}

const char *audit_answer_global(struct audit *a, struct audit_sshd *s)
{
	/* No account has this name: useradd refuses it. */
	const struct audit_account nobody = {.name = "+sallyport-audit"};
	const struct audit_class *class = audit_class(a, s, &nobody);

	return class ? class->answer[0] : NULL;
}
