/*
 * audit-logs-json - the report for a program: sallyport-audit-logs(8), JSON, has the schema.
 */
#include "audit-logs.h"

#include "text/json.h"

#include <stdio.h>
#include <string.h>

enum { SCHEMA = 1 };

static void member(const char *before, const char *name, const char *text)
{
	char out[JSON_GROWTH * LOGROWS_FIELD_MAX + 3];
	size_t length = strlen(text);

	json_string(text, length < LOGROWS_FIELD_MAX ? length : LOGROWS_FIELD_MAX, out, sizeof out);
	printf("%s\"%s\":%s", before, name, out);
}

static void number(const char *before, const char *name, unsigned long value)
{
	printf("%s\"%s\":%lu", before, name, value);
}

static void times(int64_t first, int64_t last)
{
	char text[24];

	logs_write_time(first, text);
	member(",", "first", text);
	logs_write_time(last, text);
	member(",", "last", text);
}

/* A table's columns by name; a name of NULL is left out. */
static const struct {
	const char *name;
	enum logs_table table;
	const char *column[LOGROWS_FIELDS];
	const char *amount;
} tables[] = {
	{"logins",
	 TABLE_LOGINS,
	 {"account", "address", "method", "key", "certificate", "found-at", "guarded"},
	 NULL},
	{"gate",
	 TABLE_GATE,
	 {"account", "address", "key", "rule", "profile", "verdict", "reason", "request"},
	 NULL},
	{"files", TABLE_FILES, {"account", "address", "what"}, "bytes"},
	{"clients", TABLE_CLIENTS, {"address", "why"}, NULL},
	{"ends", TABLE_ENDS, {"why"}, NULL},
	{"unknown", TABLE_UNKNOWN, {"message"}, NULL},
};

static void print_table(const struct logs *l, size_t which)
{
	const struct logrows *rows = &l->table[tables[which].table];

	printf(",\n\"%s\":[", tables[which].name);
	for (size_t i = 0; i < rows->count; i++) {
		const struct logrow *row = &rows->row[i];

		number(i ? ",\n{" : "\n{", "count", row->count);
		for (size_t k = 0; k < row->fields; k++)
			member(",", tables[which].column[k], row->field[k]);
		if (tables[which].amount)
			printf(",\"%s\":%llu", tables[which].amount, (unsigned long long)row->amount);
		times(row->first, row->last);
		putchar('}');
	}
	putchar(']');
}

static void print_findings(const struct logs *l)
{
	const struct logrows *rows = &l->table[TABLE_FOUND];

	fputs(",\n\"findings\":[", stdout);
	for (size_t i = 0; i < rows->count; i++)
		for (int id = 0; id < LOGS_IDS; id++) {
			const struct logrow *row = &rows->row[i];

			if (strcmp(row->field[FOUND_ID], logs_kinds[id].id) != 0)
				continue;
			member(i ? ",\n{" : "\n{", "id", logs_kinds[id].id);
			member(",", "severity", logs_severities[logs_kinds[id].severity]);
			member(",", "account", row->field[FOUND_USER]);
			member(",", "address", row->field[FOUND_FROM]);
			member(",", "what", row->field[FOUND_WHAT]);
			number(",", "count", row->count);
			times(row->first, row->last);
			member(",", "why", logs_kinds[id].why);
			member(",", "fix", logs_kinds[id].fix);
			putchar('}');
		}
	putchar(']');
}

static void estimate(const char *name, const struct logcount *count)
{
	bool saturated;

	number(",", name, logruns_estimate(count, &saturated));
	printf(",\"at-least\":%s", saturated ? "true" : "false");
}

static void print_runs(struct logs *l)
{
	static const char *const words[] = {"", "brute-force", "slow", "dictionary", "alphabetical"};
	const char *before = "\n{";
	char address[LOGADDR_TEXT_MAX];
	size_t count;
	const struct logsource *source = logruns_sources(l->runs, &count);

	fputs(",\n\"runs\":[", stdout);
	for (size_t i = 0; i < count; i++) {
		enum logrun kind = logruns_kind(&source[i]);

		if (kind == LOGRUN_NONE)
			continue;
		logaddr_text(&source[i].address, true, address);
		member(before, "source", address);
		member(",", "kind", words[kind]);
		number(",", "attempts", source[i].attempts);
		estimate("names", &source[i].names);
		times(source[i].first, source[i].last);
		putchar('}');
		before = ",\n{";
	}
	putchar(']');
}

static void print_spreads(struct logs *l)
{
	const char *before = "\n{";
	size_t count;
	const struct logtarget *target = logruns_targets(l->runs, &count);

	fputs(",\n\"spreads\":[", stdout);
	for (size_t i = 0; i < count; i++) {
		if (!logruns_is_spread(&target[i]))
			continue;
		member(before, "name", target[i].name);
		printf(",\"exists\":%s", target[i].invalid ? "false" : "true");
		number(",", "attempts", target[i].attempts);
		estimate("sources", &target[i].sources);
		times(target[i].first, target[i].last);
		putchar('}');
		before = ",\n{";
	}
	putchar(']');
}

static void print_histogram(struct logs *l)
{
	size_t first, count = logbars_fold(&l->bars, LOGBARS_BINS, &first);
	char time[24];

	printf(",\n\"histogram\":{\"seconds\":%lld,\"bins\":[", (long long)logbars_width(&l->bars));
	for (size_t i = first; i < first + count; i++) {
		logs_write_time(l->bars.base + (int64_t)i * logbars_width(&l->bars), time);
		member(i > first ? ",{" : "{", "from", time);
		number(",", "failed", l->bars.bin[i][SERIES_FAILED]);
		number(",", "refused", l->bars.bin[i][SERIES_REFUSED]);
		number(",", "logins", l->bars.bin[i][SERIES_ACCEPTED]);
		putchar('}');
	}
	fputs("]}", stdout);
}

static unsigned long beyond(const struct logs *l)
{
	unsigned long sum = 0;

	for (int i = 0; i < TABLES; i++)
		sum += l->table[i].beyond;
	return sum;
}

static void print_unread(struct logs *l)
{
	struct logforgotten gone = logruns_forgotten(l->runs);

	number(",\n\"unread\":{", "foreign", l->kinds[LOGLINE_FOREIGN]);
	number(",", "quiet", l->kinds[LOGLINE_QUIET]);
	number(",", "unknown", l->kinds[LOGLINE_UNKNOWN]);
	number(",", "mangled", l->kinds[LOGLINE_MANGLED]);
	number(",", "headless", l->kinds[LOGLINE_HEADLESS]);
	number(",", "outside", l->outside);
	number(",", "too-long", l->too_long);
	number(",", "repeats", l->repeats);
	number(",", "undated", l->undated);
	number(",", "ambiguous", l->ambiguous);
	number(",", "backwards", l->backwards);
	number(",", "backwards-seconds", (unsigned long)l->worst_back);
	number(",", "loopback", l->loopback);
	number(",", "lost-connections", l->lost);
	number(",", "forgotten-sources", gone.sources);
	number(",", "forgotten-names", gone.targets);
	number(",", "accounts-beyond", l->accounts_beyond);
	number(",", "rows-beyond", beyond(l));
	fputs("},\n\"faults\":[", stdout);
	for (size_t i = 0; i < l->faults; i++) {
		member(i ? ",{" : "{", "file", l->fault[i].file ? l->fault[i].file : "the policy");
		number(",", "line", l->fault[i].line);
		member(",", "what", l->fault[i].what);
		putchar('}');
	}
	number("],", "faults-beyond", l->faults_beyond);
}

void logs_json(struct logs *l)
{
	printf("{\"schema\":%d", SCHEMA);
	number(",", "inputs", l->files);
	number(",", "lines", l->lines);
	number(",", "bytes", l->bytes);
	printf(",\"complete\":%s", l->incomplete ? "false" : "true");
	if (l->has_span)
		times(l->first, l->last);
	print_findings(l);
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		print_table(l, i);
	print_runs(l);
	print_spreads(l);
	print_histogram(l);
	print_unread(l);
	puts("}");
}
