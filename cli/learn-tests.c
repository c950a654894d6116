/*
 * learn-tests - the [test] sections that prove a proposal, and what must stay denied beside it. A
 * test knows nothing of this host: what the account is, and from where and when it asks, is said
 * in it.
 */
#include "learn-edit.h"
#include "learn.h"

#include "text/escape.h"
#include "text/pattern.h"
#include "text/when.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/*
 * The escapes of a [test]. ';' is one that a line would be cut at; of blanks only those alone
 * stay.
 */
static void print_escaped(FILE *to, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)bytes[i];
		bool edge = i == 0 || i + 1 == length || bytes[i - 1] == ' ' || bytes[i + 1] == ' ';

		if (c == '\\')
			fputs("\\\\", to);
		else if (c < 0x20 || c >= 0x7f || c == ';' || (edge && c == ' '))
			fprintf(to, "\\x%02x", c);
		else
			fputc(c, to);
	}
}

/* A name that no [test] of the policy has. */
static void next_name(struct learn *learn, char name[32])
{
	do
		snprintf(name, 32, "learn-%u", ++learn->tests_count);
	while (lines_section(&learn->lines, "test", name) != SIZE_MAX);
}

/* The account as this host has it, where that is not what a test takes for granted. */
static void print_facts(const struct learn *learn, const struct policy_account *facts)
{
	char home[POLICY_PATH_MAX];
	const char *lead = "group   = ";

	fprintf(learn->tests, "user    = %s\n", facts->user);
	snprintf(home, sizeof home, "/home/%s", facts->user);
	if (strcmp(home, facts->home) != 0)
		fprintf(learn->tests, "home    = %s\n", facts->home);
	if (facts->uid && facts->uid != EXPECTATION_UID)
		fprintf(learn->tests, "uid     = %u\n", facts->uid);
	for (const char *const *group = facts->groups; group && *group; group++)
		if (lines_section(&learn->lines, "group", *group) != SIZE_MAX) {
			fprintf(learn->tests, "%s%s", lead, *group);
			lead = " ";
		}
	if (*lead == ' ')
		fputc('\n', learn->tests);
}

/* A quarter of an hour of the coming week when the account may come; 0: none, or any will do. */
static time_t fitting_time(const struct settings *s)
{
	enum { QUARTER = 15 * 60, WEEK = 7 * 24 * 4 };
	time_t at = time(NULL) / QUARTER * QUARTER + QUARTER;

	if (!s->hours[0] && !s->hours[1])
		return 0;
	for (int i = 0; i < WEEK; i++, at += QUARTER)
		if ((!s->hours[0] || when_in_hours(s->hours[0], at)) &&
		    (!s->hours[1] || when_in_hours(s->hours[1], at)) && at < s->expires)
			return at;
	return 0;
}

/* Where the account may come from, and when: else every test of it would be denied. */
static void print_conditions(const struct learn *learn, const struct settings *s,
			     const struct sighting *sighting)
{
	const char *address = sighting->address;
	time_t at = fitting_time(s);
	struct tm utc;
	char text[32];

	for (size_t i = 0; i < POLICY_CONDITIONS_MAX; i++)
		if (s->from[i] && address && !pattern_match_address(address, s->from[i]))
			address = NULL;
	/* A log line may be forged: what stands behind a zone's % is anybody's text. */
	if (address && address[strspn(address, "0123456789abcdefABCDEF.:")] != '\0')
		address = NULL;
	if ((s->from[0] || s->from[1]) && address)
		fprintf(learn->tests, "addr    = %s\n", address);
	else if (s->from[0] || s->from[1])
		fprintf(learn->tests, "# addr  = ? (one that from admits)\n");
	if (at && gmtime_r(&at, &utc) && strftime(text, sizeof text, "%Y%m%d%H%M", &utc))
		fprintf(learn->tests, "time    = %s\n", text);
}

static void print_command(FILE *to, const char *escaped)
{
	char line[POLICY_LINE_MAX + 1];

	for (unsigned piece = 1; *escaped; piece++) {
		if (!learn_edit_piece(line, "command = ", "command", piece, &escaped)) {
			fprintf(to, "# a word of the command is too long for a policy's line\n");
			return;
		}
		fprintf(to, "%s\n", line);
	}
}

/* The command, and its neighbour that tries to run one more. */
void learn_tests(struct learn *learn, const struct policy_account *facts,
		 const struct settings *settings, const struct sighting *sighting)
{
	for (int neighbour = 0; neighbour <= 1; neighbour++) {
		char *escaped = NULL, name[32];
		size_t size = 0;
		FILE *text = open_memstream(&escaped, &size);

		if (!text)
			return;
		print_escaped(text, sighting->command, sighting->length);
		if (neighbour)
			fputs("\\x3b id", text);
		fclose(text);
		next_name(learn, name);
		fprintf(learn->tests, "\n[test %s]\n", name);
		print_facts(learn, facts);
		print_conditions(learn, settings, sighting);
		print_command(learn->tests, escaped);
		fprintf(learn->tests, "expect  = %s\n", neighbour ? "deny" : "allow");
		if (neighbour) /* denied for this, and not because it comes from elsewhere or too late */
			fprintf(learn->tests, "reason  = a shell operator\n");
		free(escaped);
	}
}

void learn_print(FILE *to, const char *bytes, size_t length)
{
	enum { SHOWN = 1024 };
	char out[4 * SHOWN + 8];

	escape_plain(bytes, length < SHOWN ? length : SHOWN, out, sizeof out);
	fprintf(to, "%s%s", out, length > SHOWN ? "..." : "");
}
