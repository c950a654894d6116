#include "keyline.h"

#include "text/base64.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static size_t skip_blanks(const char *text, size_t at, size_t length)
{
	while (at < length && is_blank(text[at]))
		at++;
	return at;
}

static size_t skip_word(const char *text, size_t at, size_t length)
{
	while (at < length && !is_blank(text[at]))
		at++;
	return at;
}

const char *keyline_fault(const char *text, size_t length, size_t *offset)
{
	*offset = 0;
	if (length > KEYLINE_MAX)
		return "a line of more than 128 KiB";
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		*offset = i;
		if (c == '\0')
			return "a NUL byte: sshd stops reading the line there";
		if ((c < ' ' && c != '\t' && !(c == '\r' && i + 1 == length)) || c == 0x7f)
			return "a control byte: this is not text";
	}
	return NULL;
}

/* Where a key might begin, and what of it could be found. */
struct place {
	size_t type, type_end, blob, blob_end;
	const struct key_type *known;
	size_t decoded; /* bytes of the blob; 0: it is no base64 */
};

static void look(struct keyline *line, size_t at, struct place *place)
{
	const char *text = line->text;

	*place = (struct place){.type = at};
	place->type_end = skip_word(text, at, line->length);
	place->blob = skip_blanks(text, place->type_end, line->length);
	place->blob_end = skip_word(text, place->blob, line->length);
	place->known = key_type_find(text + at, place->type_end - at);
	if (!base64_decode(text + place->blob, place->blob_end - place->blob, line->blob, &place->decoded))
		place->decoded = 0;
}

static void take_comment(struct keyline *line, size_t at)
{
	size_t end = line->length;

	at = skip_blanks(line->text, at, end);
	while (end > at && (is_blank(line->text[end - 1]) || line->text[end - 1] == '\r'))
		end--;
	if (end > at)
		line->comment = (struct quoted){line->text + at, end - at};
}

/* A key of a type that is known, whole and sound. */
static bool take_key(struct keyline *line, const struct place *place)
{
	struct bytes blob = {line->blob, place->decoded};

	if (!place->known || place->decoded == 0)
		return false;
	line->reason = key_read(place->known, blob, &line->key);
	line->offset = place->blob;
	if (line->reason)
		return false;
	line->key_at = place->type;
	take_comment(line, place->blob_end);
	line->kind = KEYLINE_KEY;
	return true;
}

/* A word, and base64 that begins with a string, as every blob does. */
static bool take_foreign(struct keyline *line, const struct place *place)
{
	struct wire wire = wire_of((struct bytes){line->blob, place->decoded});

	wire_string(&wire);
	if (place->decoded == 0 || wire.failed)
		return false;
	line->key.blob = (struct bytes){line->blob, place->decoded};
	line->key_at = place->type;
	take_comment(line, place->blob_end);
	line->kind = KEYLINE_FOREIGN;
	if (!line->reason)
		line->reason = "a type of key that is not known here";
	return true;
}

static void read_options(struct keyline *line, size_t start, size_t used)
{
	struct keyopts_fault fault;
	size_t end;

	line->options = (struct quoted){line->text + start, used};
	if (keyopts_read(line->text + start, line->length - start, &line->keyopts, &end, &fault))
		return;
	line->kind = KEYLINE_VOID;
	line->reason = fault.reason;
	line->offset = start + fault.offset;
}

void keyline_read(const char *text, size_t length, struct keyline *line)
{
	size_t start = skip_blanks(text, 0, length), used;
	struct place first, second;

	memset(line, 0, offsetof(struct keyline, blob));
	line->text = text;
	line->length = length;
	line->keyopts.permits = PERMIT_ALL;
	if (start == length || text[start] == '\r')
		return;
	line->kind = KEYLINE_COMMENT;
	if (text[start] == '#')
		return;
	line->kind = KEYLINE_JUNK;
	look(line, start, &first);
	if (take_key(line, &first))
		return;
	if (!keyopts_skip(text + start, length - start, &used)) {
		line->reason = "a quote that is not closed";
		line->offset = start;
		return;
	}
	look(line, skip_blanks(text, start + used, length), &second);
	if (take_key(line, &second) || take_foreign(line, &second)) {
		read_options(line, start, used);
		return;
	}
	look(line, start, &first); /* its blob again */
	if (!take_foreign(line, &first) && !line->reason) {
		line->reason = "no key can be found in it";
		line->offset = start;
	}
}
