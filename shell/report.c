#include "report.h"

#include "journal.h"

#include "text/escape.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEXT_MAX = 1024, WORD_SHOWN = 64, FIELDS_MAX = 25, PORT_MAX = 6 };

/* One line on stderr, in one write if it is taken whole. Upholds I6: nothing of the gate's goes to stdout, ever. */
static void tell(const struct session *s, const char *verdict, const char *reason)
{
	char line[TEXT_MAX];
	/* Whatever is cut, the id is there. */
	int n = snprintf(line, sizeof line, "sallyport: %s%.900s (id %s)\n", verdict, reason, s->id);
	size_t length = n < (int)sizeof line ? (size_t)n : sizeof line - 1;

	for (size_t done = 0; done < length;) {
		ssize_t written = write(STDERR_FILENO, line + done, length - done);
		if (written > 0)
			done += (size_t)written;
		else if (written == 0 || errno != EINTR)
			return; /* nobody is listening */
	}
}

struct line {
	struct field fields[FIELDS_MAX];
	size_t count;
};

static void add(struct line *l, const char *name, const char *text, size_t length)
{
	if (l->count + 1 < FIELDS_MAX && text && *text)
		l->fields[l->count++] = (struct field){name, text, length};
}

static void add_text(struct line *l, const char *name, const char *text)
{
	add(l, name, text, 0);
}

/*
 * Where the client is: the address, and the port that joins this line to sshd's own about the connection
 * (sallyport-audit-logs(8)); no port where it is not a number.
 */
static const char *client_place(char *out, size_t size, char port[PORT_MAX])
{
	const char *connection = getenv("SSH_CONNECTION");
	size_t length = connection ? strcspn(connection, " ") : 0, digits;

	port[0] = '\0';
	if (!connection)
		return "local";
	snprintf(out, size, "%.*s", (int)(length < size ? length : size - 1), connection);
	if (connection[length] == ' ' && (digits = strspn(connection + length + 1, "0123456789")) < PORT_MAX)
		snprintf(port, PORT_MAX, "%.*s", (int)digits, connection + length + 1);
	return out;
}

/* The words of argv with blanks between, cut to what the log would show. */
static void join(char *const *argv, char *out, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; argv[i] && used + 1 < size; i++) {
		int n = snprintf(out + used, size - used, "%s%s", i ? " " : "", argv[i]);
		used += n > 0 ? (size_t)n : 0;
	}
}

/* The bytes of the request that a denial is about; length 0 when it is about none. */
static const char *word_at_fault(const struct session *s, size_t *length)
{
	const struct decision *d = &s->decision;

	*length = 0;
	if (!s->call.command || d->verdict == GRANT || d->end <= d->offset || d->end > s->call.length)
		return NULL;
	*length = d->end - d->offset;
	return s->call.command + d->offset;
}

static const char *verdict_of(const struct decision *d)
{
	if (d->verdict == GRANT)
		return "allow";
	return d->denial == DENIAL_RC ? "rc-suppressed" : "deny";
}

/* Of the forced command, or of the name it was called by: they explain a denial that the policy alone does not. */
static const char *flags_of(const struct session *s)
{
	static const char *const flags[] = {"", "-r", "-t", "-r -t"};

	return flags[s->call.restricted + 2 * s->call.token];
}

/* Which key, as sshd tells it; of a certificate its identity, number and signer too. */
static void add_key(struct line *l, const struct session *s, char serial[24])
{
	add_text(l, "key", s->key.fingerprint);
	if (!s->key.certificate)
		return;
	snprintf(serial, 24, "%llu", (unsigned long long)s->key.serial);
	add_text(l, "cert", s->key.id);
	add_text(l, "serial", serial);
	add_text(l, "ca", s->key.ca);
}

/* What the head of a line is made of. */
struct head {
	char uid[16], address[64], port[PORT_MAX];
};

/* Whose session it is. A line of the log begins so, and audit logs believes no other. */
static void add_head(struct line *l, const struct session *s, const char *verdict, struct head *head)
{
	snprintf(head->uid, sizeof head->uid, "%u", s->who.uid);
	add_text(l, "verdict", verdict);
	add_text(l, "id", s->id);
	add_text(l, "user", s->who.user);
	add_text(l, "uid", head->uid);
	add_text(l, "from", client_place(head->address, sizeof head->address, head->port));
	add_text(l, "port", head->port);
}

/* Every line has the same head and tail; what is not known yet is left out. */
static bool write_line(const struct session *s, const char *verdict, const char *reason,
		       const char *detail)
{
	struct line l = {.count = 0};
	const struct decision *d = &s->decision;
	char serial[24], verbs[VERBS_TEXT_MAX], argv[2 * TEXT_MAX] = "", landlock[16];
	struct head head = {0};
	const char *word;
	size_t length;

	add_head(&l, s, verdict, &head);
	add_key(&l, s, serial);
	if (s->settings)
		add_text(&l, "profile", s->settings->profile);
	add_text(&l, "flags", flags_of(s));
	if (d->definition)
		add_text(&l, "rule", d->definition->name);
	if (d->verdict == GRANT) {
		add_text(&l, "command", d->program ? d->program : "(answered)");
		join(d->argv, argv, sizeof argv);
		add_text(&l, "argv", argv);
	}
	if (s->call.command)
		add(&l, "request", s->call.command, s->call.length);
	if (d->verdict == GRANT) {
		verb_text(d->verbs, verbs);
		add_text(&l, "verbs", verbs);
	}
	if (s->settings) {
		add_text(&l, "docroot", s->settings->docroot ? s->settings->docroot : "none");
		add_text(&l, "isolation", policy_isolation(s->settings));
		add_text(&l, "view", s->base);
		snprintf(landlock, sizeof landlock, "%d", s->landlock);
		add_text(&l, "landlock", landlock);
	}
	add_text(&l, "reason", reason);
	add_text(&l, "detail", detail);
	word = word_at_fault(s, &length);
	if (length > 0)
		add(&l, "word", word, length);
	return journal_write(l.fields, strcmp(verdict, "allow") != 0);
}

/* A session's own fault is a denial; the rest is ours, or the system's. */
static const char *word_of(enum exit_status status)
{
	return status == EXIT_REFUSED || status == EXIT_USAGE || status == EXIT_LATER ? "deny" : "error";
}

_Noreturn void report_refused(const struct session *s, enum exit_status status, const char *reason,
			      const char *detail)
{
	write_line(s, word_of(status), reason, detail);
	tell(s, "refused: ", reason);
	_exit(status);
}

void report_ended(const struct session *s, const char *reason)
{
	struct pollfd room = {.fd = STDERR_FILENO, .events = POLLOUT};

	write_line(s, "ended", reason, NULL);
	/* The client may have stopped reading: it gets its line if there is room for one. */
	if (poll(&room, 1, 0) == 1)
		tell(s, "ended: ", reason);
}

/* said may begin with any byte: it is no C string, and not to be left out. */
bool report_transfer(const struct session *s, const char *said, size_t length)
{
	struct line l = {.count = 0};
	struct head head = {0};

	add_head(&l, s, "transfer", &head);
	l.fields[l.count++] = (struct field){"said", said, length};
	return journal_write(l.fields, false);
}

void report_lost(const struct session *s, unsigned long lost)
{
	struct line l = {.count = 0};
	struct head head = {0};
	char number[24];

	snprintf(number, sizeof number, "%lu", lost);
	add_head(&l, s, "transfer", &head);
	add_text(&l, "lost", number);
	journal_write(l.fields, true);
}

_Noreturn void report_policy(const struct session *s, enum exit_status status,
			     const struct policy_fault *fault)
{
	char detail[2 * TEXT_MAX], reason[TEXT_MAX], word[TEXT_MAX / 2];

	escape_plain(fault->word, strlen(fault->word), word, sizeof word);
	snprintf(detail, sizeof detail, "%.512s:%u: '%s'%s%s%s%s", fault->file, fault->line, word,
		 fault->want ? "; right: " : "", fault->want ? fault->want : "",
		 *fault->nearest ? "; nearest: " : "", fault->nearest);
	snprintf(reason, sizeof reason, "%s%s", status == EXIT_CONFIGURATION ? "policy error: " : "",
		 fault->reason);
	write_line(s, status == EXIT_CONFIGURATION ? "error" : "deny", reason, detail);
	if (status == EXIT_CONFIGURATION)
		snprintf(reason, sizeof reason, "policy error: %s; the administrator's log says where",
			 fault->reason);
	tell(s, "refused: ", reason);
	_exit(status);
}

_Noreturn void report_sandbox(const struct session *s, const struct sandbox_fault *fault)
{
	char reason[TEXT_MAX], detail[TEXT_MAX];

	/* The place is for the log, in sshd's form where the words are sshd's. */
	bool placed = fault->place[0] != '\0';
	snprintf(reason, sizeof reason, "%s: %s%s%.512s%s", fault->step, fault->reason,
		 placed ? " \"" : "", fault->place, placed ? "\"" : "");
	snprintf(detail, sizeof detail, "%s%s%s", fault->error ? strerror(fault->error) : "",
		 fault->error && fault->want ? "; right: " : "", fault->want ? fault->want : "");
	write_line(s, "error", reason, detail);
	snprintf(reason, sizeof reason, "%s: %s%s%s", fault->step, fault->reason,
		 fault->want ? "; right: " : "", fault->want ? fault->want : "");
	tell(s, "refused: ", reason);
	_exit(fault->configuration ? EXIT_CONFIGURATION : EXIT_CONFINEMENT);
}

/* What a client is told of a denial: reason, the table's word on it, and its own word, escaped and cut (I8). */
static void tell_denial(const struct session *s, const char *detail)
{
	char reason[TEXT_MAX], shown[WORD_SHOWN];
	size_t length;
	const char *word = word_at_fault(s, &length);

	if (length > 0)
		escape_plain(word, length, shown, sizeof shown);
	snprintf(reason, sizeof reason, "%s%s%.700s%s%s%s%s", s->decision.reason, *detail ? " (" : "", detail,
		 *detail ? ")" : "", length ? ", at '" : "", length ? shown : "", length ? "'" : "");
	tell(s, "refused: ", reason);
}

bool report_verdict(const struct session *s)
{
	const struct decision *d = &s->decision;
	char detail[TEXT_MAX] = "", lacks[VERBS_TEXT_MAX];

	if (d->lacks) {
		verb_text(d->lacks, lacks);
		snprintf(detail, sizeof detail, "lacks %s", lacks);
	} else if (d->detail) {
		const char *why = d->denial == DENIAL_KEY ? s->key_unknown : NULL;

		snprintf(detail, sizeof detail, "%s%s%s", d->detail, why ? "; " : "", why ? why : "");
	}
	bool logged = write_line(s, verdict_of(d), d->reason, detail);
	if (d->verdict == GRANT || d->denial == DENIAL_RC)
		return logged;
	/* Which addresses or hours would be right is for the log alone. */
	bool secret = d->denial == DENIAL_SOURCE || d->denial == DENIAL_TIME;
	tell_denial(s, secret ? "" : detail);
	return logged;
}
