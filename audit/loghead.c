#include "loghead.h"

#include "loggate.h"
#include "logsshd.h"
#include "logtail.h"

#include <string.h>

enum { PID_MOST = 1 << 30, REPEATED_DIGITS = 6 };

static const struct {
	const char *tag;
	void (*read)(struct logspan message, struct logline *out);
} programs[] = {
	{"sshd", logsshd_read},
	{"sshd-session", logsshd_read}, /* 9.8 and later */
	{"sshd-auth", logsshd_read},    /* 10.0 and later */
	{"sallyport-shell", loggate_read},
	{"internal-sftp", logsshd_read_sftp},
	{"sftp-server", logsshd_read_sftp},
};

/* "message repeated 3 times: [ …]", which rsyslog and journald write for a line that came again at once. */
static void unfold(struct logspan *message, struct logline *out)
{
	struct logspan rest = *message;
	unsigned times = 0;

	if (!logtail_skip(&rest, "message repeated "))
		return;
	for (int i = 0; i < REPEATED_DIGITS && rest.length && *rest.at >= '0' && *rest.at <= '9'; i++) {
		times = times * 10 + (unsigned)(*rest.at++ - '0');
		rest.length--;
	}
	if (times < 1 || times > LOGLINE_TIMES_MAX || !logtail_skip(&rest, " times: [ ") ||
		!logtail_cut(&rest, "]"))
		return;
	out->times = times;
	*message = rest;
}

void loghead_message(const char *tag, size_t tag_length, const char *message, size_t length,
		     struct logline *out)
{
	struct logspan text = {message, length};

	out->tag = (struct logspan){tag, tag_length};
	out->message = text;
	out->times = 1;
	out->kind = LOGLINE_FOREIGN;
	for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
		if (logline_is(out->tag, programs[i].tag)) {
			unfold(&text, out);
			programs[i].read(text, out);
			break;
		}
}

static bool read_number(struct logspan *rest, uint32_t *number)
{
	uint32_t value = 0;
	size_t digits = 0;

	for (; digits < rest->length && rest->at[digits] >= '0' && rest->at[digits] <= '9' && value < PID_MOST;
	     digits++)
		value = value * 10 + (uint32_t)(rest->at[digits] - '0');
	if (digits == 0 || value > PID_MOST)
		return false;
	*number = value;
	rest->at += digits;
	rest->length -= digits;
	return true;
}

static struct logspan next_word(struct logspan *rest)
{
	const char *blank = rest->length ? memchr(rest->at, ' ', rest->length) : NULL;
	struct logspan first = {rest->at, blank ? (size_t)(blank - rest->at) : rest->length};
	size_t past = first.length + (blank != NULL);

	rest->at += past;
	rest->length -= past;
	return first;
}

/* tag[pid]: or tag: ; false: this word is none. */
static bool read_tag(struct logspan text, struct logspan *tag, uint32_t *pid)
{
	if (!logtail_cut(&text, ":"))
		return false;
	const char *open = text.length ? memchr(text.at, '[', text.length) : NULL;

	*tag = (struct logspan){text.at, open ? (size_t)(open - text.at) : text.length};
	if (!open)
		return text.length > 0;
	struct logspan number = {open + 1, text.length - tag->length - 1};
	uint32_t value;

	if (tag->length == 0 || !read_number(&number, &value) || !logline_is(number, "]"))
		return false;
	*pid = value;
	return true;
}

/* The element that RFC 5424 puts before the message: "-", or brackets with quoted values. */
static bool skip_structured(struct logspan *rest)
{
	bool quoted = false;

	if (logtail_skip(rest, "- "))
		return true;
	for (size_t i = 0; i < rest->length; i++) {
		if (quoted && rest->at[i] == '\\')
			i++;
		else if (rest->at[i] == '"')
			quoted = !quoted;
		else if (!quoted && rest->at[i] == ']' && i + 1 < rest->length && rest->at[i + 1] == ' ') {
			rest->at += i + 2;
			rest->length -= i + 2;
			return true;
		}
	}
	return false;
}

/* host SP app SP pid SP msgid SP sd SP message */
static bool read_5424(struct logspan *rest, struct logspan *tag, struct logline *out)
{
	out->host = next_word(rest);
	*tag = next_word(rest);
	struct logspan pid = next_word(rest);

	next_word(rest);
	out->pid = 0;
	if (!read_number(&pid, &out->pid) && !logline_is(pid, "-"))
		return false;
	return skip_structured(rest);
}

/* A tag is the first or second word, or the third where busybox writes "auth.info" before it. */
static bool read_host_and_tag(struct logspan *rest, struct logspan *tag, struct logline *out)
{
	for (int i = 0; i < 3; i++) {
		struct logspan word = next_word(rest);

		if (read_tag(word, tag, &out->pid))
			return true;
		if (i == 0)
			out->host = word;
		if (word.length == 0 || (i == 1 && !memchr(word.at, '.', word.length)))
			return false;
	}
	return false;
}

static void skip_priority(struct logspan *rest, bool *is_5424)
{
	struct logspan copy = *rest;
	uint32_t number;

	*is_5424 = false;
	if (!logtail_skip(&copy, "<") || !read_number(&copy, &number) || !logtail_skip(&copy, ">"))
		return;
	*is_5424 = logtail_skip(&copy, "1 ");
	*rest = copy;
}

void loghead_read(const char *line, size_t length, struct logline *out)
{
	struct logspan rest = {line, length}, tag;
	const char *at;
	bool is_5424;

	*out = (struct logline){.kind = LOGLINE_HEADLESS, .times = 1, .message = rest};
	skip_priority(&rest, &is_5424);
	at = rest.at;
	if (!logstamp_read(&at, line + length, &out->stamp))
		return;
	rest = (struct logspan){at, (size_t)(line + length - at)};
	if (!(is_5424 ? read_5424(&rest, &tag, out) : read_host_and_tag(&rest, &tag, out))) {
		/* a line of a log, if not one of a program that names itself: "last message repeated 2 times" */
		out->kind = LOGLINE_FOREIGN;
		out->tag = (struct logspan){0};
		return;
	}
	loghead_message(tag.at, tag.length, rest.at, rest.length, out);
}
