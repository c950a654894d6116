/*
 * audit-logs-text - the report for a person. Whatever a log holds is escaped before it is shown (I8).
 */
#include "audit-logs.h"

#include "paint.h"

#include "text/escape.h"

#include <stdio.h>
#include <string.h>

enum { SHOWN = 20, BAR = 48, BARS = 24, CELL = 4 * LOGROWS_FIELD_MAX + 8 };

static void cell(const char *text, int width)
{
	char out[CELL];

	escape_plain(text, strlen(text), out, sizeof out);
	printf(" %-*s", width, *out ? out : "-");
}

static void heading(const char *text)
{
	printf("\n%s%s%s\n", paint(PAINT_STRONG), text, paint(PAINT_OFF));
}

static void when(const struct logrow *row)
{
	char first[24], last[24];

	logs_write_time(row->first, first);
	logs_write_time(row->last, last);
	printf("  %s", first);
	if (row->last != row->first)
		printf(" .. %s", last);
}

static void rest(const struct logrows *rows, size_t shown)
{
	if (rows->count > shown)
		printf("  and %zu more; --json has them\n", rows->count - shown);
	if (rows->beyond)
		printf("  and %lu that found no room: there are more than %zu different ones\n", rows->beyond,
		       rows->room);
}

static void print_span(const struct logs *l)
{
	char first[24], last[24];

	printf("%lu lines of %lu file%s", l->lines, l->files, l->files == 1 ? "" : "s");
	if (l->has_span) {
		logs_write_time(l->first, first);
		logs_write_time(l->last, last);
		printf(", from %s to %s", first, last);
	}
	putchar('\n');
}

static size_t some(const struct logrows *rows)
{
	return rows->count < SHOWN ? rows->count : SHOWN;
}

static void print_logins(const struct logs *l)
{
	const struct logrows *rows = &l->table[TABLE_LOGINS];

	if (!rows->count)
		return;
	heading("Logins: times, account, address, method, key; '*' marks an account that is guarded");
	for (size_t i = 0; i < some(rows); i++) {
		const struct logrow *row = &rows->row[i];

		printf("%7lu %c", row->count, strcmp(row->field[LOGIN_GUARDED], "yes") == 0 ? '*' : ' ');
		cell(row->field[LOGIN_USER], 16);
		cell(row->field[LOGIN_FROM], 16);
		cell(row->field[LOGIN_METHOD], 10);
		cell(row->field[LOGIN_KEY], 0);
		if (*row->field[LOGIN_CERT])
			cell(row->field[LOGIN_CERT], 0);
		if (*row->field[LOGIN_PLACE])
			cell(row->field[LOGIN_PLACE], 0);
		when(row);
		putchar('\n');
	}
	rest(rows, some(rows));
}

static void print_gate(const struct logs *l)
{
	const struct logrows *rows = &l->table[TABLE_GATE];

	if (!rows->count)
		return;
	heading("The gate: times, verdict, account, address, rule, profile, key, reason, request");
	for (size_t i = 0; i < some(rows); i++) {
		const struct logrow *row = &rows->row[i];

		printf("%7lu  ", row->count);
		cell(row->field[GATE_VERDICT], 6);
		cell(row->field[GATE_USER], 16);
		cell(row->field[GATE_FROM], 16);
		cell(row->field[GATE_RULE], 8);
		if (*row->field[GATE_PROFILE])
			cell(row->field[GATE_PROFILE], 0);
		cell(row->field[GATE_KEY], 0);
		if (*row->field[GATE_REASON])
			cell(row->field[GATE_REASON], 0);
		if (*row->field[GATE_REQUEST])
			printf(": %.120s", row->field[GATE_REQUEST]); /* as the gate escaped it */
		when(row);
		putchar('\n');
	}
	rest(rows, some(rows));
}

static void print_finding(const struct logs_kind *kind, const struct logrow *row)
{
	static const enum paint colours[] = {PAINT_OFF, PAINT_WARN, PAINT_BAD};

	printf("%s%s%s: %s:", paint(colours[kind->severity]), logs_severities[kind->severity], paint(PAINT_OFF),
	       kind->id);
	if (*row->field[FOUND_USER])
		cell(row->field[FOUND_USER], 0);
	if (*row->field[FOUND_FROM]) {
		fputs(" from", stdout);
		cell(row->field[FOUND_FROM], 0);
	}
	if (*row->field[FOUND_WHAT]) {
		fputs(*row->field[FOUND_USER] || *row->field[FOUND_FROM] ? ":" : "", stdout);
		cell(row->field[FOUND_WHAT], 0);
	}
	if (row->count == 1)
		fputs(", once:", stdout);
	else
		printf(", %lu times:", row->count);
	when(row);
	putchar('\n');
}

/* Worst first; of one kind, so many that a flood of one does not hide the others. */
static void print_findings(const struct logs *l)
{
	const struct logrows *rows = &l->table[TABLE_FOUND];

	if (!rows->count)
		return;
	heading("Findings");
	for (int severity = LOGS_HIGH; severity >= LOGS_LOW; severity--)
		for (int id = 0; id < LOGS_IDS; id++) {
			size_t shown = 0;

			if (logs_kinds[id].severity != (enum logs_severity)severity)
				continue;
			for (size_t i = 0; i < rows->count; i++)
				if (strcmp(rows->row[i].field[FOUND_ID], logs_kinds[id].id) == 0 &&
					shown++ < SHOWN)
					print_finding(&logs_kinds[id], &rows->row[i]);
			if (shown > SHOWN)
				printf("  and %zu more; --json has them\n", shown - SHOWN);
			if (shown)
				printf("  why  %s\n  fix  %s\n", logs_kinds[id].why, logs_kinds[id].fix);
		}
	rest(rows, rows->count);
}

static void print_estimate(const struct logcount *count)
{
	bool saturated;
	unsigned long n = logruns_estimate(count, &saturated);

	printf("%s%lu", saturated ? "more than " : n > 9 ? "about " : "", n);
}

static void print_period(int64_t first, int64_t last)
{
	const struct logrow row = {.first = first, .last = last};

	when(&row);
	putchar('\n');
}

static void print_runs(struct logs *l)
{
	static const char *const words[] = {"", "brute force", "slow", "dictionary",
						"dictionary in alphabetical order"};
	size_t count, shown = 0, runs = 0;
	const struct logsource *source = logruns_sources(l->runs, &count);
	char address[LOGADDR_TEXT_MAX];

	for (size_t i = 0; i < count; i++) {
		enum logrun kind = logruns_kind(&source[i]);

		if (kind == LOGRUN_NONE)
			continue;
		if (runs++ == 0)
			heading("Runs of attempts, by source");
		if (shown == SHOWN)
			continue;
		shown++;
		logaddr_text(&source[i].address, true, address);
		printf("%7lu  %-24s %s, ", source[i].attempts, address, words[kind]);
		print_estimate(&source[i].names);
		fputs(" names", stdout);
		print_period(source[i].first, source[i].last);
	}
	if (runs > shown)
		printf("  and %zu more; --json has them\n", runs - shown);
}

static void print_spreads(struct logs *l)
{
	size_t count, shown = 0, spreads = 0;
	const struct logtarget *target = logruns_targets(l->runs, &count);

	for (size_t i = 0; i < count; i++) {
		if (!logruns_is_spread(&target[i]))
			continue;
		if (spreads++ == 0)
			heading("Names tried from many sources, a few times each");
		if (shown == SHOWN)
			continue;
		shown++;
		printf("%7lu ", target[i].attempts);
		cell(target[i].name, 24);
		fputs(target[i].invalid ? " no such account, " : " an account, ", stdout);
		print_estimate(&target[i].sources);
		fputs(" sources", stdout);
		print_period(target[i].first, target[i].last);
	}
	if (spreads > shown)
		printf("  and %zu more; --json has them\n", spreads - shown);
}

static void print_table(const struct logs *l, enum logs_table table, const char *title)
{
	const struct logrows *rows = &l->table[table];

	if (!rows->count)
		return;
	heading(title);
	for (size_t i = 0; i < some(rows); i++) {
		printf("%7lu  ", rows->row[i].count);
		for (size_t k = 0; k < rows->row[i].fields; k++)
			cell(rows->row[i].field[k], 16);
		if (rows->row[i].amount)
			printf(" %llu bytes", (unsigned long long)rows->row[i].amount);
		when(&rows->row[i]);
		putchar('\n');
	}
	rest(rows, some(rows));
}

static void bar(unsigned long value, unsigned long most, char mark)
{
	unsigned long length = most ? (value * BAR + most - 1) / most : 0;

	while (length-- > 0)
		putchar(mark);
}

/* '#' failed at sshd, 'x' refused by the gate, '+' admitted. */
static void print_histogram(struct logs *l)
{
	size_t first, count = logbars_fold(&l->bars, BARS, &first);
	unsigned long most = 0;
	char time[24];

	for (size_t i = first; i < first + count; i++) {
		const unsigned long *bin = l->bars.bin[i];
		unsigned long sum = bin[SERIES_FAILED] + bin[SERIES_REFUSED] + bin[SERIES_ACCEPTED];

		most = sum > most ? sum : most;
	}
	if (!most)
		return;
	heading("Attempts over time: # failed at sshd, x refused by the gate, + logged in");
	for (size_t i = first; i < first + count; i++) {
		const unsigned long *bin = l->bars.bin[i];

		logs_write_time(l->bars.base + (int64_t)i * logbars_width(&l->bars), time);
		printf("%.16sZ %7lu %5lu %7lu  ", time, bin[SERIES_FAILED], bin[SERIES_REFUSED],
		       bin[SERIES_ACCEPTED]);
		bar(bin[SERIES_FAILED], most, '#');
		bar(bin[SERIES_REFUSED], most, 'x');
		bar(bin[SERIES_ACCEPTED], most, '+');
		putchar('\n');
	}
}

static void say(unsigned long count, const char *what)
{
	if (count)
		printf("%7lu  %s\n", count, what);
}

/* What was read and not used, and why: nothing is passed over in silence. */
static void print_unread(struct logs *l)
{
	struct logforgotten gone = logruns_forgotten(l->runs);

	heading("Not told above");
	say(l->kinds[LOGLINE_FOREIGN], "lines of other programs");
	say(l->kinds[LOGLINE_QUIET], "lines of sshd that say nothing about who came");
	say(l->kinds[LOGLINE_UNKNOWN], "lines of sshd in words that are not known here (the table before)");
	say(l->kinds[LOGLINE_HEADLESS], "lines that are none of a log");
	say(l->outside, "lines before --since or after --until");
	say(l->too_long, "lines that are too long");
	say(l->repeats, "lines that say that the one before was repeated, not whose it was");
	say(l->undated, "lines with an impossible date");
	say(l->ambiguous,
		"lines that can be read in two ways, because of a name: no address was taken from them");
	say(l->backwards, "times that time went backwards");
	say(l->loopback,
		"attempts from this host's own loopback address: a tunnel's end, counted for no source");
	say(l->lost, "connections whose end was not seen before their place was needed");
	say(gone.sources, "sources that had to be forgotten, those with the fewest attempts first");
	say(gone.targets, "names that had to be forgotten, in the same way");
	say(l->accounts_beyond, "lines about more accounts than are looked up");
	for (size_t i = 0; i < l->faults; i++) {
		const struct logs_fault *f = &l->fault[i];

		fputs("        ", stdout);
		cell(f->file ? f->file : "the policy", 0);
		if (f->line)
			printf(":%lu", f->line);
		putchar(':');
		cell(f->what, 0);
		putchar('\n');
	}
	say(l->faults_beyond, "more such places");
}

void logs_text(struct logs *l)
{
	print_span(l);
	print_findings(l);
	print_logins(l);
	print_gate(l);
	print_table(l, TABLE_FILES, "Files, as sftp servers say: times, account, address, what");
	print_runs(l);
	print_spreads(l);
	print_table(l, TABLE_CLIENTS, "Clients that sshd did not talk to: times, address, why");
	print_table(l, TABLE_ENDS, "Connections that ended in an unusual way: times, why");
	print_table(l, TABLE_UNKNOWN, "Not known here: times, what sshd said");
	print_histogram(l);
	print_unread(l);
}
