#include "learn-line.h"

#include "text/logfmt.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/*
 * ssh shows no more than 900 bytes of a command (ssh.c, ssh_session2_setup) in a line of no more
 * than 1,024 with CR, LF and NUL (log.c, do_log). What comes near either may be cut.
 */
enum { SSH_COMMAND_MAX = 900, SSH_LINE_MAX = 1016, PID_DIGITS = 10, HOST_MAX = 255 };

static enum learn_line reject(struct observation *seen, const char *reason)
{
	seen->reason = reason;
	return LEARN_REJECTED;
}

static bool starts(const char *line, size_t length, const char *prefix)
{
	return length >= strlen(prefix) && memcmp(line, prefix, strlen(prefix)) == 0;
}

/* ---- ssh -v ---- */

static int octal(const char *at)
{
	if (at[0] < '0' || at[0] > '3' || at[1] < '0' || at[1] > '7' || at[2] < '0' || at[2] > '7')
		return -1;
	return (at[0] - '0') * 64 + (at[1] - '0') * 8 + at[2] - '0';
}

/* Undoes vis(3) as ssh's log uses it. */
static bool undo_vis(const char *in, size_t length, struct observation *seen)
{
	for (size_t i = 0; i < length; i++) {
		char c = in[i];

		if (c == '\\' && i + 1 < length && in[i + 1] == '\\') {
			i++;
		} else if (c == '\\') {
			int byte = length - i > 3 ? octal(in + i + 1) : -1;

			if (byte < 0)
				return false;
			c = (char)byte;
			i += 3;
		}
		seen->command[seen->length++] = c;
	}
	return true;
}

static enum learn_line read_sent(const char *line, size_t length, struct observation *seen)
{
	static const char command[] = "debug1: Sending command: ";
	static const char subsystem[] = "debug1: Sending subsystem: sftp";

	if (length > 0 && line[length - 1] == '\r') /* ssh ends its lines so */
		length--;
	if (length == sizeof subsystem - 1 && starts(line, length, subsystem)) {
		/* sshd turns it into its Subsystem line; this is the spelling of its own. */
		seen->length = strlen(strcpy(seen->command, "internal-sftp"));
		return LEARN_SENT;
	}
	if (!starts(line, length, command))
		return LEARN_OTHER;
	if (length >= SSH_LINE_MAX)
		return reject(seen, "ssh cuts what it shows, and this may be cut");
	if (!undo_vis(line + sizeof command - 1, length - (sizeof command - 1), seen))
		return reject(seen, "not as ssh escapes what it shows");
	return seen->length < SSH_COMMAND_MAX
		       ? LEARN_SENT
		       : reject(seen, "ssh cuts what it shows, and this may be cut");
}

/* ---- rsync -vv ---- */

/* One word as rsync prints it: bare, or in quotes that hide nothing. False: no word is here. */
static bool rsync_word(const char **at, const char *end, const char **word, size_t *length)
{
	bool quoted = *at < end && **at == '"';
	const char *from = *at + quoted, *to;

	if (quoted)
		to = memmem(from, (size_t)(end - from), "\" ", 2);
	else
		to = memchr(from, ' ', (size_t)(end - from));
	if (!to || (to == from && !quoted))
		return false;
	*word = from;
	*length = (size_t)(to - from);
	*at = to + quoted + 1;
	return true;
}

static void append(struct observation *seen, const char *word, size_t length)
{
	if (seen->length)
		seen->command[seen->length++] = ' ';
	memcpy(seen->command + seen->length, word, length);
	seen->length += length;
}

/*
 * The words from the one before --server on are what ssh joins with blanks and sends. The number of
 * words at the line's end shows whether quotes inside a word have misled us.
 */
static enum learn_line read_rsync(const char *line, size_t length, struct observation *seen)
{
	static const char prefix[] = "opening connection using: ";
	const char *at = line + sizeof prefix - 1, *end = line + length;
	const char *word, *before = NULL;
	size_t n, before_length = 0;
	unsigned long count = 0;
	char *tail;

	if (!starts(line, length, prefix))
		return LEARN_OTHER;
	while (rsync_word(&at, end, &word, &n)) {
		if (seen->length == 0 && before && n == 8 && memcmp(word, "--server", n) == 0)
			append(seen, before, before_length);
		if (seen->length)
			append(seen, word, n);
		before = word;
		before_length = n;
		count++;
	}
	if (!starts(at, (size_t)(end - at), " (") || strtoul(at + 2, &tail, 10) != count ||
	    (size_t)(end - tail) != 6 || memcmp(tail, " args)", 6) != 0)
		return reject(seen, "the words of this line cannot be told apart");
	return seen->length ? LEARN_SENT : reject(seen, "no rsync --server is in this line");
}

/* ---- the gate's log ---- */

/* Whether text matches a shape: 0 a digit, A a letter, _ a digit or blank, the rest itself. */
static bool has_shape(const char *text, size_t length, const char *shape)
{
	for (; *shape; shape++, text++, length--) {
		if (length == 0 || *text == '\0')
			return false;
		bool digit = strchr(DIGITS, *text), letter = strchr(LETTERS, *text);

		if (*shape == '0' ? !digit
		    : *shape == 'A' ? !letter
		    : *shape == '_' ? !digit && *text != ' '
				    : *text != *shape)
			return false;
	}
	return true;
}

static size_t span(const char *at, const char *end, const char *set)
{
	size_t n = 0;

	while (at + n < end && at[n] && strchr(set, at[n]))
		n++;
	return n;
}

/* Skips the time and the blank behind it; NULL if none is here. */
static const char *skip_stamp(const char *at, const char *end)
{
	static const char syslog[] = "AAA _0 00:00:00 ", iso[] = "0000-00-00T00:00:00";

	if (has_shape(at, (size_t)(end - at), syslog))
		return at + sizeof syslog - 1;
	if (!has_shape(at, (size_t)(end - at), iso))
		return NULL;
	at += sizeof iso - 1;
	at += span(at, end, DIGITS ".,:+-Z");
	return at < end && *at == ' ' ? at + 1 : NULL;
}

/* Skips `host sallyport-shell[PID]: `; NULL if that is not what stands here. */
static const char *skip_tag(const char *at, const char *end)
{
	static const char tag[] = " sallyport-shell[";
	size_t host = span(at, end, LETTERS DIGITS "._:-");

	at += host;
	if (host < 1 || host > HOST_MAX || !starts(at, (size_t)(end - at), tag))
		return NULL;
	at += sizeof tag - 1;
	size_t pid = span(at, end, DIGITS);
	at += pid;
	return pid >= 1 && pid <= PID_DIGITS && starts(at, (size_t)(end - at), "]: ") ? at + 3 : NULL;
}

/* The fields of a denial, in the order in which shell/report.c writes them. */
enum { VERDICT, ID, USER, UID, FROM, PORT, KEY, CERT_ID, SERIAL, CA, PROFILE, FLAGS, RULE, REQUEST, DOCROOT,
       ISOLATION, VIEW, LANDLOCK, REASON, DETAIL, WORD, CUT, FIELDS };

static const struct {
	const char *name;
	bool required;
} fields[FIELDS] = {
	[VERDICT] = {"verdict", true}, [ID] = {"id", true},
	[USER] = {"user", true},       [UID] = {"uid", true},
	[FROM] = {"from", true},       [PORT] = {"port", false},
	[KEY] = {"key", false},
	[CERT_ID] = {"cert", false}, [SERIAL] = {"serial", false},
	[CA] = {"ca", false},
	[PROFILE] = {"profile", false}, [FLAGS] = {"flags", false},
	[RULE] = {"rule", false},      [REQUEST] = {"request", false},
	[DOCROOT] = {"docroot", false}, [ISOLATION] = {"isolation", false},
	[VIEW] = {"view", false},      [LANDLOCK] = {"landlock", false},
	[REASON] = {"reason", true},   [DETAIL] = {"detail", false},
	[WORD] = {"word", false},      [CUT] = {"cut", false},
};

static bool keep(char *out, size_t size, const struct logfmt_field *field)
{
	if (field->length >= size || strlen(field->value) != field->length)
		return false;
	memcpy(out, field->value, field->length + 1);
	return true;
}

/* A name that is fit for a section's header and a file's name. */
static bool is_account_name(const char *name)
{
	return name[0] && !strchr("-.", name[0]) && name[strspn(name, LETTERS DIGITS "_.@-")] == '\0';
}

/* Whether the list of cut fields holds the name. */
static bool is_cut(const char *list, const char *name)
{
	size_t length = strlen(name), n;

	for (;; list += n + 1) {
		n = strcspn(list, ",");
		if (n == length && memcmp(list, name, n) == 0)
			return true;
		if (!list[n])
			return false;
	}
}

/* Keeps what matters of one field. False: the value is not one that we take. */
static bool take_field(int which, const struct logfmt_field *field, struct observation *seen)
{
	switch (which) {
	case USER: return keep(seen->user, sizeof seen->user, field) && is_account_name(seen->user);
	case UID:
		return keep(seen->uid, sizeof seen->uid, field) &&
		       seen->uid[strspn(seen->uid, DIGITS)] == '\0';
	case FROM: return keep(seen->address, sizeof seen->address, field);
	case PROFILE: return keep(seen->profile, sizeof seen->profile, field);
	case FLAGS: return keep(seen->flags, sizeof seen->flags, field);
	case REQUEST:
		memcpy(seen->command, field->value, field->length);
		seen->length = field->length;
		return !field->cut;
	default: return true;
	}
}

/* Which field this is, no earlier than `next`; FIELDS: none, or a required one was skipped. */
static int which_field(const struct logfmt_field *field, int next)
{
	for (int i = next; i < FIELDS; i++) {
		if (strlen(fields[i].name) == field->name_length &&
		    memcmp(fields[i].name, field->name, field->name_length) == 0)
			return i;
		if (fields[i].required)
			break;
	}
	return FIELDS;
}

static enum learn_line read_logged(const char *line, size_t length, struct observation *seen)
{
	struct logfmt_field field;
	const char *end = line + length, *at = skip_stamp(line, end);
	int which = FIELDS, next = 0;

	at = at ? skip_tag(at, end) : NULL;
	if (!at)
		return LEARN_OTHER;
	while (at < end) {
		if (!logfmt_next(&at, end, &field) || (which = which_field(&field, next)) == FIELDS)
			return reject(seen, "not a line that the gate writes");
		if (which == VERDICT && strcmp(field.value, "deny") != 0)
			return LEARN_OTHER;
		if (which == PORT && strcmp(field.value, "0") == 0)
			return LEARN_OTHER; /* no client's: doctor tries sessions so */
		if (which == CUT && is_cut(field.value, "request"))
			return reject(seen, "the request was cut by the log");
		if (!take_field(which, &field, seen))
			return reject(seen, which == REQUEST ? "the request was cut by the log"
							     : "a name that learn does not take");
		next = which + 1;
	}
	if (which < REASON)
		return reject(seen, "the line ends too early");
	return seen->length ? LEARN_LOGGED : reject(seen, "the log line holds no request");
}

enum learn_line learn_line(const char *line, size_t length, struct observation *seen)
{
	enum learn_line kind = LEARN_OTHER;

	seen->user[0] = seen->uid[0] = seen->profile[0] = seen->flags[0] = seen->address[0] = '\0';
	seen->length = 0;
	seen->reason = NULL;
	if (length > LEARN_LINE_MAX)
		return reject(seen, "a line longer than any command");
	kind = read_sent(line, length, seen);
	if (kind == LEARN_OTHER)
		kind = read_rsync(line, length, seen);
	if (kind == LEARN_OTHER)
		kind = read_logged(line, length, seen);
	if (kind == LEARN_SENT && seen->length == 0)
		kind = reject(seen, "an empty command");
	seen->command[seen->length] = '\0';
	return kind;
}
