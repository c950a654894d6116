/*
 * keys-host - the fingerprints of this host's own keys, for those who have to know them: clients, and web applications
 * that keep SHA-1 in hexadecimal.
 */
#include "capture.h"
#include "cli.h"
#include "keys.h"
#include "sshd-ask.h"

#include "keys/keyline.h"
#include "text/base64.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum {
	SHA1_BYTES = 20,
	SHA1_ROOM = 24, /* as base64_decode() has it */
	SHA1_DIGITS = 27, /* of base64, without padding */
	SHA1_WORD = 5 + SHA1_DIGITS,
};

/* ssh-keygen's word for it, "SHA1:…"; this project has no SHA-1 of its own. False: it does not say. */
static bool ask_sha1(const char *path, char word[SHA1_WORD + 1], unsigned char digest[SHA1_ROOM])
{
	const char *const argv[] = {capture_find("ssh-keygen"), "-E", "sha1", "-lf", path, NULL};
	char padded[SHA1_DIGITS + 2], *out = NULL;
	size_t length = 0;

	if (argv[0] && capture(argv, &out) == 0 && sscanf(out, "%*u %32s", word) == 1 &&
	    strlen(word) == SHA1_WORD && strncmp(word, "SHA1:", 5) == 0) {
		snprintf(padded, sizeof padded, "%s=", word + 5);
		if (!base64_decode(padded, SHA1_DIGITS + 1, digest, &length))
			length = 0;
	}
	free(out);
	return length == SHA1_BYTES;
}

/* NULL, or a static reason. */
static const char *tell(const char *path)
{
	const struct keyline *line = keys_line();
	char print[KEY_FINGERPRINT_ROOM], word[SHA1_WORD + 1];
	unsigned char digest[SHA1_ROOM];

	if (!ask_sha1(path, word, digest))
		return "ssh-keygen does not say its fingerprint";
	key_fingerprint(line->key.blob, print);
	keys_print(stdout, path, strlen(path));
	printf(": %s %u\n  %s\n  %s\n  ", line->key.type->name, line->key.bits, print, word);
	for (size_t i = 0; i < SHA1_BYTES; i++)
		printf("%02x", digest[i]);
	puts(" (SHA-1)");
	return NULL;
}

/* The one line of a .pub file, in keys_line(). NULL, or a static reason, with errno or 0. */
static const char *read_public(const struct keyfile *file)
{
	size_t at = 0, length, offset;
	const char *text;

	if (!keyfile_next(file, &at, &text, &length) || keyline_fault(text, length, &offset))
		return "not a public key";
	keyline_read(text, length, keys_line());
	return keys_line()->kind == KEYLINE_KEY && !keys_line()->options.at ? NULL : "not a public key";
}

static int tell_file(const char *path)
{
	struct keyfile file;
	const char *reason = keyfile_load(path, &file);

	if (reason)
		return keys_failed(path, 0, reason);
	errno = 0;
	reason = read_public(&file);
	if (!reason)
		reason = tell(path);
	keyfile_free(&file);
	return reason ? keys_failed(path, 0, reason) : CLI_ALLOW;
}

/* Those that sshd has: its HostKey lines, each the private half, or of an agent's keys the public one. */
static int tell_sshds(const char *config)
{
	static const char keyword[] = "\nhostkey ";
	char path[PATH_MAX], *answer = sshd_ask(config, "root");
	int status = CLI_ALLOW, one;

	errno = 0;
	if (!answer)
		return keys_failed("sshd", 0, "does not say which keys it has; as root: sshd -T says why");
	for (const char *at = answer; (at = strstr(at, keyword));) {
		at += sizeof keyword - 1;
		size_t length = strcspn(at, "\n");
		bool public = length > 4 && memcmp(at + length - 4, ".pub", 4) == 0;
		one = snprintf(path, sizeof path, "%.*s%s", (int)length, at, public ? "" : ".pub") < (int)sizeof path
			      ? tell_file(path)
			      : keys_failed("sshd", 0, "a HostKey with a path that is too long");
		status = one > status ? one : status;
	}
	free(answer);
	return status;
}

int keys_host_main(int argc, char *argv[])
{
	static const struct option options[] = {{"sshd-config", required_argument, NULL, 's'}, {NULL, 0, NULL, 0}};
	const char *config = NULL;
	int option, status = CLI_ALLOW, one;

	while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (option != 's')
			return CLI_USAGE;
		config = optarg;
	}
	if (optind == argc)
		return tell_sshds(config);
	if (config)
		return CLI_USAGE;
	for (int i = optind; i < argc; i++) {
		one = tell_file(argv[i]);
		status = one > status ? one : status;
	}
	return status;
}
