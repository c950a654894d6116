#include "logsshd.h"

#include "logsaid.h"
#include "logtail.h"

#include <string.h>

/*
 * One thing that sshd says. rest is the message behind `head`; read() fills what the kind promises, and false means
 * that sshd does not write it so. No reader: the kind alone says all.
 */
struct saying {
	const char *head;
	enum logline_kind kind;
	logsaid_reader *read;
};

/* Longest heads first where one begins like another; what is said most stands first. */
static const struct saying sayings[] = {
	{"Failed ", LOGLINE_FAILED, logsaid_outcome},
	{"Invalid user ", LOGLINE_INVALID, logsaid_invalid},
	{"pam_", LOGLINE_QUIET, NULL},
	{"Received disconnect from ", LOGLINE_QUIET, NULL},
	{"Disconnected from ", LOGLINE_CLOSED, logsaid_who},
	{"Connection closed by ", LOGLINE_CLOSED, logsaid_who},
	{"Connection reset by ", LOGLINE_CLOSED, logsaid_who},
	{"Connection from ", LOGLINE_CONNECT, logsaid_connect},
	{"Accepted key ", LOGLINE_KEY_FOUND, logsaid_key_found},
	{"Accepted certificate ID ", LOGLINE_QUIET, NULL},
	{"Accepted ", LOGLINE_ACCEPTED, logsaid_outcome},
	{"Postponed ", LOGLINE_QUIET, NULL},
	{"Partial ", LOGLINE_QUIET, NULL},
	{"Starting session: ", LOGLINE_START, logsaid_start},
	{"Close session: ", LOGLINE_QUIET, NULL},
	{"User child is on pid ", LOGLINE_CHILD, logsaid_child},
	{"User ", LOGLINE_NOT_ALLOWED, logsaid_not_allowed},
	{"maximum authentication attempts exceeded for ", LOGLINE_TOO_MANY, logsaid_too_many},
	{"Disconnecting ", LOGLINE_CLOSED, logsaid_who_text},
	{"Disconnecting: ", LOGLINE_CLOSED, logsaid_text}, /* before 7.5 */
	{"Timeout before authentication for ", LOGLINE_TIMEOUT, logsaid_timeout},
	{"Timeout, client not responding from ", LOGLINE_CLOSED, logsaid_who},
	{"Authentication key ", LOGLINE_REVOKED, logsaid_revoked},
	{"Error checking authentication key ", LOGLINE_REVOCATION, logsaid_text},
	{"Certificate invalid: expired", LOGLINE_EXPIRED, NULL},
	{"Certificate invalid: not yet valid", LOGLINE_NOT_YET, NULL},
	{"Certificate invalid: name is not a listed principal", LOGLINE_PRINCIPAL, NULL},
	{"Certificate does not contain an authorized principal", LOGLINE_PRINCIPAL, NULL},
	{"Certificate ", LOGLINE_CERTIFICATE, logsaid_text},
	{"Refused by ", LOGLINE_OPTIONS, logsaid_text},
	{"Authentication refused: ", LOGLINE_OPTIONS, logsaid_text},
	{"Unable to negotiate with ", LOGLINE_PROBE, logsaid_probe},
	{"banner exchange: Connection from ", LOGLINE_PROBE, logsaid_probe},
	{"Bad protocol version identification ", LOGLINE_PROBE, logsaid_bad_version},
	{"Did not receive identification string from ", LOGLINE_PROBE, logsaid_probe_bare},
	{"drop connection ", LOGLINE_DROPPED, logsaid_dropped},
	{"bad ownership or modes for chroot directory", LOGLINE_CHROOT, logsaid_text},
	{"Server listening on ", LOGLINE_QUIET, NULL},
	{"Received signal ", LOGLINE_QUIET, NULL},
	{"Closing connection to ", LOGLINE_QUIET, NULL},
	{"subsystem request for ", LOGLINE_QUIET, NULL},
	{"Changed root directory to ", LOGLINE_QUIET, NULL},
	{"PAM: ", LOGLINE_QUIET, NULL},
	{"PAM ", LOGLINE_QUIET, NULL},
	{"PAM service", LOGLINE_QUIET, NULL},
	{"kex_exchange_identification: ", LOGLINE_QUIET, NULL},
	{"kex_protocol_error: ", LOGLINE_QUIET, NULL},
	{"Protocol major versions differ", LOGLINE_QUIET, NULL},
	{"input_userauth_request: invalid user ", LOGLINE_QUIET, NULL},
	{"Transferred: ", LOGLINE_QUIET, NULL},
	{"Local disconnected: ", LOGLINE_QUIET, NULL},
	{"Set /proc/self/oom_score_adj", LOGLINE_QUIET, NULL},
	{"Could not load host key", LOGLINE_QUIET, NULL},
	{"reverse mapping checking getaddrinfo for ", LOGLINE_QUIET, NULL},
	{"Address ", LOGLINE_QUIET, NULL},
	{"Nasty PTR record ", LOGLINE_QUIET, NULL},
	{"srclimit_", LOGLINE_QUIET, NULL},
	{"refused connect from ", LOGLINE_QUIET, NULL},
	{"ROOT LOGIN REFUSED FROM ", LOGLINE_QUIET, NULL},
	{"Exiting on signal ", LOGLINE_QUIET, NULL},
	{"beginning MaxStartups throttling", LOGLINE_QUIET, NULL},
	{"exited MaxStartups throttling", LOGLINE_QUIET, NULL},
};

static void apply(const struct saying *saying, struct logspan rest, struct logline *out)
{
	out->kind = saying->kind;
	if (saying->read && !saying->read(rest, out))
		out->kind = LOGLINE_MANGLED;
}

/* "cert", or the "FILE:LINE" of a key: sshd's own words, not what a client sent as the name of an algorithm. */
static bool is_key_place(const char *at, size_t length)
{
	return (length == 4 && memcmp(at, "cert", 4) == 0) || (length > 1 && *at == '/');
}

/* The name of a function of sshd's: "ssh_packet_write_poll: Connection from …: Host is down" */
static bool is_function(const char *at, size_t length)
{
	size_t i = 0;

	while (i < length && ((at[i] >= 'a' && at[i] <= 'z') || (at[i] >= '0' && at[i] <= '9') || at[i] == '_'))
		i++;
	return length > 0 && i == length;
}

/* Those that begin with a place: what tells them stands inside, and the place must be one. */
static const struct {
	struct saying saying;
	bool (*is_place)(const char *at, size_t length);
} inside[] = {
	{{": Authentication tried for ", LOGLINE_WRONG_ADDRESS, logsaid_wrong_address}, is_key_place},
	{{": Connection from ", LOGLINE_CLOSED, logsaid_who_text}, is_function},
};

static bool read_inside(struct logspan message, struct logline *out)
{
	for (size_t i = 0; i < sizeof inside / sizeof *inside; i++) {
		const char *at = logtail_find(message, inside[i].saying.head);
		size_t n = strlen(inside[i].saying.head);

		if (!at || !inside[i].is_place(message.at, (size_t)(at - message.at)))
			continue;
		apply(&inside[i].saying,
		      (struct logspan){at + n, (size_t)(message.at + message.length - at) - n}, out);
		return true;
	}
	return false;
}

void logsshd_read(struct logspan message, struct logline *out)
{
	out->message = message;
	out->preauth = logtail_cut(&message, " [preauth]");
	if (logtail_skip(&message, "debug")) {
		out->kind = LOGLINE_QUIET; /* a log of everything says the same again at its own level */
		return;
	}
	if (!logtail_skip(&message, "error: "))
		logtail_skip(&message, "fatal: ");
	for (size_t i = 0; i < sizeof sayings / sizeof *sayings; i++) {
		struct logspan rest = message;

		if (message.length && *message.at == *sayings[i].head && logtail_skip(&rest, sayings[i].head)) {
			apply(&sayings[i], rest, out);
			return;
		}
	}
	if (!read_inside(message, out))
		out->kind = LOGLINE_UNKNOWN;
}

/* ---- sftp ---- */

static const struct saying sftp_sayings[] = {
	{"session opened for local user ", LOGLINE_SFTP, logsaid_sftp_opened},
	{"session closed for local user ", LOGLINE_QUIET, NULL},
	{"open ", LOGLINE_SFTP_FILE, logsaid_sftp_open},
	{"close ", LOGLINE_SFTP_FILE, logsaid_sftp_close},
	{"opendir ", LOGLINE_SFTP_FILE, logsaid_sftp_list},
	{"remove name ", LOGLINE_SFTP_FILE, logsaid_sftp_change},
	{"rename old ", LOGLINE_SFTP_FILE, logsaid_sftp_change},
	{"posix-rename old ", LOGLINE_SFTP_FILE, logsaid_sftp_change},
	{"mkdir name ", LOGLINE_SFTP_FILE, logsaid_sftp_change},
	{"rmdir name ", LOGLINE_SFTP_FILE, logsaid_sftp_change},
	{"symlink old ", LOGLINE_SFTP_FILE, logsaid_sftp_change},
	{"hardlink old ", LOGLINE_SFTP_FILE, logsaid_sftp_change},
	{"sent status ", LOGLINE_SFTP_REFUSED, logsaid_text},
	{"Refusing ", LOGLINE_SFTP_REFUSED, logsaid_text},
};

void logsshd_read_sftp(struct logspan message, struct logline *out)
{
	out->message = message;
	logtail_cut(&message, " [postauth]"); /* from inside a chroot sshd says it on its behalf */
	out->kind = LOGLINE_QUIET;
	for (size_t i = 0; i < sizeof sftp_sayings / sizeof *sftp_sayings; i++) {
		struct logspan rest = message;

		if (logtail_skip(&rest, sftp_sayings[i].head)) {
			apply(&sftp_sayings[i], rest, out);
			return;
		}
	}
}
