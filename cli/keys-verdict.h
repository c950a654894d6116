/*
 * keys-verdict - what `keys check` found: files, and a verdict for each line that is no comment.
 *
 *	verdict_file(&verdicts, name)    one more file; then verdict_line() for its lines
 *	verdict_finish(&verdicts, …)     duplicates and revoked keys, which take more than one line to see
 *	verdict_text(), verdict_json()
 *	verdict_free(&verdicts)
 */
#ifndef CLI_KEYS_VERDICT_H
#define CLI_KEYS_VERDICT_H

#include "keys-revoked.h"

#include "keys/judge.h"

struct verdict_file {
	char *name;
	struct keyfile file;
	judge_set findings;  /* of the file as a whole */
	const char *detail;  /* static; of a finding of the file, or NULL */
	size_t detail_line;
};

struct key_verdict {
	size_t file, line;         /* index; from 1 */
	size_t at, length;         /* in the file's text */
	judge_set findings;
	bool enforced, refused;    /* refused: sshd does not take the key, whoever has it */
	bool has_key;
	size_t twin;               /* index of another verdict with the same key; its own: none */
	unsigned char digest[SHA256_BYTES];
};

struct verdicts {
	struct verdict_file *file;
	size_t files;
	struct key_verdict *verdict;
	size_t count;
	bool failed;               /* no memory */
};

/* Takes the file over. */
struct verdict_file *verdict_file(struct verdicts *v, const char *name, const struct keyfile *file);

/* Every line of the last file. facts->well_known is filled in by well_known(), which may be NULL. */
void verdict_lines(struct verdicts *v, struct judge_facts *facts, const struct revoked *well_known);

/* Duplicates; and revoked keys, when there is a list. A static reason, or NULL. */
const char *verdict_finish(struct verdicts *v, const struct revoked *revoked);

/* Prints, and returns how many findings were of medium or high severity. */
size_t verdict_text(const struct verdicts *v);
size_t verdict_json(const struct verdicts *v);

void verdict_free(struct verdicts *v);

#endif
