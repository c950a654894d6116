#include "value.h"

#include "text/list.h"

#include <string.h>

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

enum { NUMBER_DIGITS = 10, WORD_BYTES = 255 };

bool value_is_number(const char *word)
{
	size_t digits = strspn(word, DIGITS);

	return digits >= 1 && digits <= NUMBER_DIGITS && word[digits] == '\0';
}

bool value_is_word(const char *word, size_t most)
{
	size_t length = strspn(word, LETTERS DIGITS "_.@:+=-");

	return length >= 1 && length <= most && word[length] == '\0' && word[0] != '-' &&
	       strcmp(word, ".") != 0 && strcmp(word, "..") != 0;
}

bool value_is_fingerprint(const char *word, size_t length)
{
	static const char kind[] = "SHA256:";
	enum { DIGITS_OF_HASH = 43 }; /* 256 bits, six a digit, no padding */

	return length == sizeof kind - 1 + DIGITS_OF_HASH && memcmp(word, kind, sizeof kind - 1) == 0 &&
	       strspn(word + sizeof kind - 1, LETTERS DIGITS "+/") >= DIGITS_OF_HASH;
}

static bool is_signed(const char *value)
{
	return value_is_number(value + (value[0] == '-' || value[0] == '+'));
}

/* 1, 1.5M, 10GB, 4MiB, 64k-1: rsync(1), "SIZE". */
static bool is_size(const char *value)
{
	size_t digits = strspn(value, DIGITS);

	if (digits < 1 || digits > 2 * NUMBER_DIGITS)
		return false;
	value += digits;
	if (*value == '.')
		value += 1 + strspn(value + 1, DIGITS);
	if (*value && strchr("bkmgtpBKMGTP", *value)) {
		value++;
		value += *value == 'i';
		value += *value == 'B' || *value == 'b';
	}
	if (*value == '+' || *value == '-')
		value += 1 + strspn(value + 1, DIGITS);
	return *value == '\0';
}

static bool is_free_word(const char *value)
{
	size_t length = strspn(value, LETTERS DIGITS "_.,:@+=%^*-");

	return length >= 1 && length <= WORD_BYTES && value[length] == '\0' && value[0] != '-';
}

/* What rsync calls pre-release version and behaviour flags: "31.14iLsfxCIvu", ".iLsfxCIvu". */
static bool is_caps(const char *value)
{
	value += strspn(value, DIGITS);
	if (*value != '.')
		return false;
	value += 1 + strspn(value + 1, DIGITS);
	return value[strspn(value, LETTERS)] == '\0';
}

static bool is_name(const char *value)
{
	return value[0] && value[0] != '-' && !strchr(value, '/') && strcmp(value, "..") != 0;
}

/* iconv_open(3): a name without a slash; what stands behind "//" are its flags. */
static bool is_charset(const char *value)
{
	static const char *const flags[] = {"//TRANSLIT", "//IGNORE", "//TRANSLIT//IGNORE", "//IGNORE//TRANSLIT"};
	size_t name = strspn(value, LETTERS DIGITS "_.,:+-");
	bool flagged = value[name] == '\0';

	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		flagged |= strcmp(value + name, flags[i]) == 0;
	return name >= 1 && name <= WORD_BYTES && value[0] != '-' && flagged;
}

const char *value_check(const struct option_rule *option, const char *value)
{
	bool right = false;
	const char *reason = "the option takes no such value";

	switch (option->value) {
	case VALUE_NONE: break;
	case VALUE_NUMBER:
		right = value_is_number(value);
		reason = "the option takes a number";
		break;
	case VALUE_SIGNED:
		right = is_signed(value);
		reason = "the option takes a number";
		break;
	case VALUE_SIZE:
		right = is_size(value);
		reason = "the option takes a size";
		break;
	case VALUE_WORD:
		right = is_free_word(value);
		reason = "the option takes a plain word";
		break;
	case VALUE_CHARSET:
		right = is_charset(value);
		reason = "the option takes the name of a character set";
		break;
	case VALUE_TEXT:
		right = value[0] != '-';
		reason = "the option's value starts with '-'";
		break;
	case VALUE_CHOICE: right = list_has(option->choices, value, strlen(value)); break;
	case VALUE_CAPS:
		right = is_caps(value);
		reason = "on a server -e takes the client's capabilities, not a program";
		break;
	case VALUE_NAME:
		right = is_name(value);
		reason = "the option takes a name without a slash";
		break;
	case VALUE_PATH:
	case VALUE_BESIDE: right = true; break;
	}
	return right ? NULL : reason;
}
