/*
 * keys-add - an enforced line for a public key: printed, or put at the end of a file.
 */
#include "cli.h"
#include "keys-edit.h"
#include "keys.h"

#include "text/pattern.h"
#include "text/when.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum { TIME_MAX = 16 };

struct add_options {
	bool write, legacy;
	const char *to, *comment;
	char expiry[TIME_MAX];
	struct wanted wanted;
};

/* Whatever zone the host is in: the time is given in UTC, and says so. */
static bool take_expiry(struct add_options *o, const char *text)
{
	int64_t seconds;
	size_t digits = strspn(text, "0123456789");
	const char *reason = when_read_time(text, &seconds);

	if (reason) {
		fprintf(stderr, "sallyport: --expires: %s\n", reason);
		return false;
	}
	snprintf(o->expiry, sizeof o->expiry, "%.*sZ", (int)digits, text);
	o->wanted.expiry = o->expiry;
	return true;
}

static bool take_from(struct add_options *o, const char *list)
{
	const char *item, *reason = pattern_check_list(list, &item, &(size_t){0});

	if (!reason && strpbrk(list, "\"\\\n"))
		reason = "a byte that cannot stand in an option";
	if (reason)
		fprintf(stderr, "sallyport: --from: %s\n", reason);
	o->wanted.from = list;
	return !reason;
}

static bool read_options(int argc, char *argv[], struct add_options *o)
{
	static const struct option options[] = {
		{"to", required_argument, NULL, 'T'},      {"write", no_argument, NULL, 'w'},
		{"from", required_argument, NULL, 'f'},    {"expires", required_argument, NULL, 'e'},
		{"restricted", no_argument, NULL, 'r'},    {"token", no_argument, NULL, 't'},
		{"profile", required_argument, NULL, 'p'}, {"legacy", no_argument, NULL, 'l'},
		{"comment", required_argument, NULL, 'c'}, {NULL, 0, NULL, 0},
	};
	const struct gatecall *call = &o->wanted.call;
	int option;

	while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1)
		switch (option) {
		case 'T': o->to = optarg; break;
		case 'w': o->write = true; break;
		case 'l': o->legacy = true; break;
		case 'c': o->comment = optarg; break;
		case 'f':
			if (!take_from(o, optarg))
				return false;
			break;
		case 'e':
			if (!take_expiry(o, optarg))
				return false;
			break;
		default:
			if (!keys_call_option(&o->wanted.call, option, optarg))
				return false;
		}
	/* The legacy stanza is one exact string. */
	if (o->legacy && (o->wanted.from || o->wanted.expiry || call->restricted || call->profile[0]))
		fprintf(stderr,
			"sallyport: --legacy makes one exact line: no --from, --expires, --restricted, --profile\n");
	else if (o->write && !o->to)
		fprintf(stderr, "sallyport: --write goes with --to FILE\n");
	else
		return argc - optind == 1;
	return false;
}

/* The one key in a file, without options. */
static const char *read_key(const struct keyfile *file, struct keyline *line)
{
	size_t at = 0, length, offset;
	const char *text, *found = NULL;
	size_t found_length = 0;

	while (keyfile_next(file, &at, &text, &length)) {
		if (keyline_fault(text, length, &offset))
			return "not a public key";
		keyline_read(text, length, line);
		if (line->kind == KEYLINE_BLANK || line->kind == KEYLINE_COMMENT)
			continue;
		if (found)
			return "more than one key";
		found = text;
		found_length = length;
	}
	if (!found)
		return "no key in it";
	keyline_read(found, found_length, line);
	if (line->kind != KEYLINE_KEY)
		return line->reason ? line->reason : "not a public key";
	if (line->options.at)
		return "a key with options: give the bare key";
	if (line->key.type->certifies)
		return "a certificate: it needs no line, its CA does";
	return line->key.type->kind == KEY_DSA ? "DSA keys are too weak to be let in" : NULL;
}

/* The line without LF in out; false: it does not fit. */
static bool render(const struct add_options *o, struct keyline *line, char *out, size_t size)
{
	static const char stanza[] =
		"command=\"%s -t\",no-agent-forwarding,no-port-forwarding,no-X11-forwarding,no-pty %.*s%s%s";
	static char bare[ENFORCED_ROOM];
	int length = (int)(line->length - line->key_at);
	size_t used;

	while (length > 0 && strchr(" \t\r", line->text[line->key_at + (size_t)length - 1]))
		length--;
	const char *gap = o->comment ? " " : "", *comment = o->comment ? o->comment : "";
	if (o->legacy)
		return snprintf(out, size, stanza, o->wanted.gate, length, line->text + line->key_at, gap, comment) <
		       (int)size;
	if (snprintf(bare, sizeof bare, "%.*s%s%s", length, line->text + line->key_at, gap, comment) >=
		    (int)sizeof bare || strlen(bare) > KEYLINE_MAX)
		return false;
	keyline_read(bare, strlen(bare), line);
	if (line->kind != KEYLINE_KEY || enforce_line(line, &o->wanted, out, size - 1, &used) != ENFORCED_ANEW)
		return false;
	out[used] = '\0';
	return true;
}

/* The lines of the file as they are; *count: how many of them hold the key already, and where the last one stands. */
static bool copy_lines(const struct keyfile *file, struct bytes blob, struct edit *edit, size_t *there)
{
	struct keyline *line = keys_line();
	size_t at = 0, length, offset, number = 0;
	const char *text;

	*there = 0;
	if (!edit_begin(edit, file))
		return false;
	while (number++, keyfile_next(file, &at, &text, &length)) {
		edit_keep(edit, text, length);
		if (keyline_fault(text, length, &offset))
			continue;
		keyline_read(text, length, line);
		if (line->key.blob.length == blob.length && memcmp(line->key.blob.at, blob.at, blob.length) == 0)
			*there = number;
	}
	return true;
}

static int append(const struct add_options *o, const char *out, struct bytes blob, struct replace *replace)
{
	struct keyfile file = {0};
	struct edit edit = {0};
	size_t there;
	const char *reason = replace->old >= 0 ? keyfile_read(replace->old, &file) : NULL;
	int status;

	if (reason)
		return keys_failed(o->to, 0, reason);
	errno = 0;
	if (!copy_lines(&file, blob, &edit, &there)) {
		status = keys_failed(o->to, 0, "no memory");
	} else if (there) {
		keys_failed(o->to, there, "the key is there already (sallyport keys enforce rewrites its line)");
		status = CLI_DENY;
	} else {
		edit_append(&edit, out, strlen(out));
		edit_diff(&edit, o->to);
		status = o->write ? edit_install(&edit, replace, o->to) : CLI_FOUND;
	}
	edit_free(&edit);
	keyfile_free(&file);
	return status;
}

static int put(const struct add_options *o, const char *out, const struct keyline *line)
{
	static unsigned char blob[KEYLINE_MAX]; /* the line's own is used for the lines of the file */
	struct bytes copy = {blob, line->key.blob.length};
	struct replace replace;

	if (!o->to)
		return puts(out) < 0 ? CLI_FAILURE : CLI_ALLOW;
	memcpy(blob, line->key.blob.at, copy.length);
	const char *reason = replace_open(o->to, &replace);
	if (reason)
		return keys_failed(o->to, 0, reason);
	int status = append(o, out, copy, &replace);
	replace_close(&replace);
	return status;
}

/* The enforced line for the one key in the file, in out. errno 0: the reason says it all. */
static const char *make_line(const struct add_options *o, const char *path, char out[ENFORCED_ROOM])
{
	struct keyline *line = keys_line();
	struct keyfile file;
	const char *reason = keyfile_load(path, &file);

	if (reason)
		return reason;
	errno = 0;
	reason = read_key(&file, line);
	if (!reason && !line->comment.at && !o->comment)
		reason = "nothing says whose key it is: --comment TEXT";
	if (!reason && !render(o, line, out, ENFORCED_ROOM))
		reason = "the line cannot be made";
	keyfile_free(&file);
	return reason;
}

const char *keys_add_line(const char *path, const struct wanted *wanted, const char *whose, char out[ENFORCED_ROOM])
{
	struct add_options o = {.wanted = *wanted};
	const char *reason = make_line(&o, path, out);

	if (!reason || errno || keys_line()->kind != KEYLINE_KEY || keys_line()->comment.at)
		return reason;
	o.comment = whose;
	return make_line(&o, path, out);
}

static int add(const struct add_options *o, const char *path)
{
	static char out[ENFORCED_ROOM];
	const char *reason = make_line(o, path, out);

	if (reason) {
		int status = errno ? CLI_FAILURE : CLI_DENY;

		keys_failed(path, 0, reason);
		return status;
	}
	if (o->legacy)
		fprintf(stderr, "sallyport: warning: this stanza lacks no-user-rc: with an ordinary login "
				"shell an uploaded ~/.ssh/rc runs before the command\n");
	return put(o, out, keys_line());
}

int keys_add_main(int argc, char *argv[])
{
	struct add_options o = {.wanted = {.gate = SALLYPORT_SHELL}};

	if (!read_options(argc, argv, &o) ||
	    (o.comment && (!*o.comment || strpbrk(o.comment, "\r\n") || strlen(o.comment) > TIME_MAX * TIME_MAX)))
		return CLI_USAGE;
	return add(&o, argv[optind]);
}
