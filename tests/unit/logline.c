/*
 * Goal: what sshd and the gate say of a session is read from a log line, in every form that daemons write lines in;
 * and no name that a client chose makes a line say something else: not its own address, not another account.
 */
#include "test.h"

#include "audit/loghead.h"

#define HEAD "Nov 21 11:21:00 host sshd[123]: "

static struct logline seen;
static char *exact;

static enum logline_kind read(const char *line)
{
	size_t length = strlen(line);

	free(exact);
	exact = malloc(length ? length : 1); /* no NUL behind it: ASan sees a step beyond */
	memcpy(exact, line, length);
	loghead_read(exact, length, &seen);
	return seen.kind;
}

static const char *text_of(struct logspan span)
{
	static char text[4][256];
	static unsigned turn;
	char *out = text[turn++ % 4];

	snprintf(out, sizeof text[0], "%.*s", (int)span.length, span.at ? span.at : "");
	return out;
}

static const char *address(void)
{
	static char text[LOGADDR_TEXT_MAX];

	if (!seen.has_address)
		return "";
	logaddr_text(&seen.address, false, text);
	return text;
}

/* Goal: each thing that sshd says, as OpenSSH from 3.9 to 10.2 says it. */
static void test_said(void **state)
{
	static const struct {
		const char *message;
		enum logline_kind kind;
		const char *user, *address;
		uint16_t port;
		const char *method, *key, *text;
	} rows[] = {
		{"Server listening on 0.0.0.0 port 22.", LOGLINE_QUIET, "", "", 0, "", "", ""},
		{"Connection from 192.0.2.7 port 50000 on 192.0.2.1 port 22 rdomain \"\"", LOGLINE_CONNECT, "", "192.0.2.7", 50000, "", "", ""},
		{"Failed password for root from 122.121.51.193 port 59928 ssh2", LOGLINE_FAILED, "root", "122.121.51.193", 59928, "password", "", ""},
		{"Failed password for invalid user alex from port 1585 ssh2", LOGLINE_FAILED, "alex", "", 1585, "password", "", ""},
		{"Failed password for alex from port 1585 ssh2", LOGLINE_FAILED, "alex", "", 1585, "password", "", ""},
		{"Failed password for illegal user alex from ::ffff:192.0.2.1 port 15 ssh2", LOGLINE_FAILED, "alex", "192.0.2.1", 15, "password", "", ""},
		{"Failed none for invalid user admin from 125.64.94.136 port 27586 ssh2", LOGLINE_FAILED, "admin", "125.64.94.136", 27586, "none", "", ""},
		{"Failed keyboard-interactive/pam for invalid user ubnt from 2001:db8::7 port 1 ssh2", LOGLINE_FAILED, "ubnt", "2001:db8::7", 1, "keyboard-interactive/pam", "", ""},
		{"Failed publickey for fred from 192.0.2.60 port 59915 ssh2: ED25519 SHA256:5xyQ", LOGLINE_FAILED, "fred", "192.0.2.60", 59915, "publickey", "SHA256:5xyQ", ""},
		{"Invalid user ubnt from 201.179.249.231 port 52471", LOGLINE_INVALID, "ubnt", "201.179.249.231", 52471, "", "", ""},
		{"Invalid user ubnt from 201.179.249.231", LOGLINE_INVALID, "ubnt", "201.179.249.231", 0, "", "", ""},
		{"Invalid user  from 192.0.2.1 port 5", LOGLINE_INVALID, "", "192.0.2.1", 5, "", "", ""},
		{"Invalid user x from UNKNOWN port 65535", LOGLINE_INVALID, "x", "", 65535, "", "", ""},
		{"error: maximum authentication attempts exceeded for invalid user ubnt from 201.179.249.231 port 52471 ssh2 [preauth]",
		 LOGLINE_TOO_MANY, "ubnt", "201.179.249.231", 52471, "", "", ""},
		{"Disconnecting authenticating user root 122.121.51.193 port 59928: Too many authentication failures [preauth]",
		 LOGLINE_CLOSED, "root", "122.121.51.193", 59928, "", "", " Too many authentication failures"},
		{"Disconnecting: Too many authentication failures for root [preauth]", LOGLINE_CLOSED, "", "", 0, "", "",
		 "Too many authentication failures for root"},
		{"Accepted password for fred from 192.0.2.60 port 6647 ssh2", LOGLINE_ACCEPTED, "fred", "192.0.2.60", 6647, "password", "", ""},
		{"Accepted publickey for fred from 192.0.2.60 port 59915 ssh2: RSA SHA256:5xyQ+PG1Z3CIiShclJ2iNya5TOdKDgE/HrOXr21IdOo",
		 LOGLINE_ACCEPTED, "fred", "192.0.2.60", 59915, "publickey", "SHA256:5xyQ+PG1Z3CIiShclJ2iNya5TOdKDgE/HrOXr21IdOo", ""},
		{"Accepted publickey for fred from 192.0.2.60 port 59915 ssh2: RSA 4b:40:e5:4d", LOGLINE_ACCEPTED, "fred", "192.0.2.60", 59915,
		 "publickey", "4b:40:e5:4d", ""},
		{"Accepted publickey for fred from 192.0.2.60 port 59915 ssh2", LOGLINE_ACCEPTED, "fred", "192.0.2.60", 59915, "publickey", "", ""},
		{"Accepted hostbased for fred from 192.0.2.102 port 10827 ssh2: ED25519 SHA256:BDBRg, client user \"fred\", client host \"desktop1\"",
		 LOGLINE_ACCEPTED, "fred", "192.0.2.102", 10827, "hostbased", "SHA256:BDBRg", ""},
		{"Accepted key ED25519 SHA256:abc found at /home/a b/.ssh/authorized_keys:7", LOGLINE_KEY_FOUND, "", "", 0, "", "SHA256:abc",
		 "/home/a b/.ssh/authorized_keys:7"},
		{"Postponed publickey for fred from 192.0.2.60 port 59915 ssh2 [preauth]", LOGLINE_QUIET, "", "", 0, "", "", ""},
		{"Connection closed by authenticating user fred 192.0.2.60 port 44470 [preauth]", LOGLINE_CLOSED, "fred", "192.0.2.60", 44470, "", "", ""},
		{"Connection closed by invalid user  192.0.2.60 port 44470 [preauth]", LOGLINE_CLOSED, "", "192.0.2.60", 44470, "", "", ""},
		{"Connection closed by 192.0.2.60 port 44470", LOGLINE_CLOSED, "", "192.0.2.60", 44470, "", "", ""},
		{"Connection closed by 192.0.2.60 [preauth]", LOGLINE_CLOSED, "", "192.0.2.60", 0, "", "", ""},
		{"Connection reset by UNKNOWN port 65535 [preauth]", LOGLINE_CLOSED, "", "", 65535, "", "", ""},
		{"Disconnected from user fred fe80::1%eth0 port 44470", LOGLINE_CLOSED, "fred", "fe80::1", 44470, "", "", ""},
		{"fatal: Timeout before authentication for 192.0.2.60 port 44718", LOGLINE_TIMEOUT, "", "192.0.2.60", 44718, "", "", ""},
		{"Timeout before authentication for connection from 192.0.2.60 to 192.0.2.1, pid = 4711", LOGLINE_TIMEOUT, "", "192.0.2.60", 0, "", "", ""},
		{"Timeout, client not responding from user fred 192.0.2.60 port 44470", LOGLINE_CLOSED, "fred", "192.0.2.60", 44470, "", "", ""},
		{"packet_write_poll: Connection from 192.0.2.97 port 57608: Host is down", LOGLINE_CLOSED, "", "192.0.2.97", 57608, "", "", " Host is down"},
		{"fatal: ssh_packet_write_poll: Connection from user fred 2001:db8::1:2 port 57608: Broken pipe", LOGLINE_CLOSED, "fred",
		 "2001:db8::1:2", 57608, "", "", " Broken pipe"},
		{"Connection from authenticating user fred 192.0.2.97 port 57608 timed out [preauth]", LOGLINE_CLOSED, "fred", "192.0.2.97", 57608, "", "", ""},
		{"fatal: Unable to negotiate with 192.0.2.37 port 55044: no matching MAC found. Their offer: hmac-md5-96 [preauth]",
		 LOGLINE_PROBE, "", "192.0.2.37", 55044, "", "", "no matching MAC found. Their offer: hmac-md5-96"},
		{"banner exchange: Connection from 192.0.2.37 port 55044: invalid format", LOGLINE_PROBE, "", "192.0.2.37", 55044, "", "", "invalid format"},
		{"Bad protocol version identification 'GET / from 192.0.2.9 port 1' from 192.0.2.37 port 55044", LOGLINE_PROBE, "", "192.0.2.37", 55044, "", "",
		 "'GET / from 192.0.2.9 port 1'"},
		{"Did not receive identification string from 192.0.2.37", LOGLINE_PROBE, "", "192.0.2.37", 0, "", "", ""},
		{"drop connection #0 from [2001:db8::7]:50 on [2001:db8::1]:22 penalty: failed authentication", LOGLINE_DROPPED, "", "2001:db8::7", 0, "", "",
		 "penalty: failed authentication"},
		{"User fred from 192.0.2.37 not allowed because none of user's groups are listed in AllowGroups", LOGLINE_NOT_ALLOWED, "fred",
		 "192.0.2.37", 0, "", "", "none of user's groups are listed in AllowGroups"},
		{"User fred not allowed because account is locked", LOGLINE_NOT_ALLOWED, "fred", "", 0, "", "", "account is locked"},
		{"error: Certificate invalid: expired", LOGLINE_EXPIRED, "", "", 0, "", "", ""},
		{"error: Certificate invalid: not yet valid", LOGLINE_NOT_YET, "", "", 0, "", "", ""},
		{"error: Certificate invalid: name is not a listed principal", LOGLINE_PRINCIPAL, "", "", 0, "", "", ""},
		{"error: Refused by certificate options", LOGLINE_OPTIONS, "", "", 0, "", "", "certificate options"},
		{"cert: Authentication tried for fred with valid certificate but not from a permitted source address (192.0.2.61).",
		 LOGLINE_WRONG_ADDRESS, "fred", "192.0.2.61", 0, "", "", ""},
		{"/home/fred/.ssh/authorized_keys:1: Authentication tried for fred with correct key but not from a permitted host (host=x.example, ip=192.0.2.61, required=10.0.0.0/8).",
		 LOGLINE_WRONG_ADDRESS, "fred", "192.0.2.61", 0, "", "", ""},
		{"error: Authentication key RSA SHA256:jXEP revoked by file /etc/ssh/ssh_revoked_keys", LOGLINE_REVOKED, "", "", 0, "", "SHA256:jXEP", ""},
		{"error: Error checking authentication key ED25519 SHA256:x in revoked keys file /r: invalid format", LOGLINE_REVOCATION, "", "", 0, "", "",
		 "ED25519 SHA256:x in revoked keys file /r: invalid format"},
		{"Starting session: subsystem 'sftp' for fred from 198.51.100.38 port 37446 id 0", LOGLINE_START, "fred", "198.51.100.38", 37446, "", "", "subsystem 'sftp'"},
		{"Starting session: shell on pts/0 for fred from 198.51.100.38 port 37446 id 0", LOGLINE_START, "fred", "198.51.100.38", 37446, "", "", "shell on pts/0"},
		{"Starting session: command for fred from 198.51.100.38 port 37446", LOGLINE_START, "fred", "198.51.100.38", 37446, "", "", "command"},
		{"fatal: bad ownership or modes for chroot directory component \"/home/\"", LOGLINE_CHROOT, "", "", 0, "", "", " component \"/home/\""},
		{"pam_unix(sshd:session): session opened for user fred(uid=1) by (uid=0)", LOGLINE_QUIET, "", "", 0, "", "", ""},
		{"debug1: Accepted password for fred from 192.0.2.60 port 6647 ssh2", LOGLINE_QUIET, "", "", 0, "", "", ""},
		{"a sentence that no version has", LOGLINE_UNKNOWN, "", "", 0, "", "", ""},
		{"Accepted", LOGLINE_UNKNOWN, "", "", 0, "", "", ""},
		{"Accepted password for fred", LOGLINE_MANGLED, NULL, NULL, 0, NULL, NULL, NULL},
		{"Connection closed by somebody", LOGLINE_MANGLED, NULL, NULL, 0, NULL, NULL, NULL},
	};
	char line[1024];

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		snprintf(line, sizeof line, HEAD "%s", rows[i].message);
		if (read(line) != rows[i].kind)
			FAIL("row %zu: kind %d: %s", i, seen.kind, rows[i].message);
		assert_int_equal(seen.pid, strstr(rows[i].message, "pid = ") ? 4711 : 123);
		if (!rows[i].user)
			continue;
		if (strcmp(text_of(seen.user), rows[i].user) != 0 || strcmp(address(), rows[i].address) != 0 || seen.port != rows[i].port)
			FAIL("row %zu: '%s' '%s' %u", i, text_of(seen.user), address(), seen.port);
		if (strcmp(text_of(seen.method), rows[i].method) != 0 || strcmp(text_of(seen.key), rows[i].key) != 0 ||
		    strcmp(text_of(seen.text), rows[i].text) != 0)
			FAIL("row %zu: '%s' '%s' '%s'", i, text_of(seen.method), text_of(seen.key), text_of(seen.text));
	}
}

/* Goal: a certificate's key ID is free text, and what a session runs is in quotes. */
static void test_certificate_and_command(void **state)
{
	(void)state;
	read(HEAD "Accepted publickey for fred from 192.0.2.60 port 2 ssh2: ECDSA-CERT SHA256:qGl9 ID a (serial 1) CA RSA SHA256:x "
		  "from 192.0.2.9 port 1 ssh2: b (serial 9624) CA ED25519 SHA256:fZ6L");
	assert_string_equal(text_of(seen.user), "fred");
	assert_string_equal(address(), "192.0.2.60");
	assert_string_equal(text_of(seen.key), "SHA256:qGl9");
	assert_string_equal(text_of(seen.cert), "a (serial 1) CA RSA SHA256:x from 192.0.2.9 port 1 ssh2: b");
	assert_string_equal(text_of(seen.ca), "SHA256:fZ6L");
	read(HEAD "Starting session: forced-command (key-option) '/x/sallyport-shell -t on y' on pts/3 for fred from 192.0.2.60 port 2 id 0");
	assert_string_equal(text_of(seen.command), "/x/sallyport-shell -t on y");
	assert_string_equal(text_of(seen.terminal), "pts/3");
	read(HEAD "Starting session: forced-command (config) 'a on b' for fred from 192.0.2.60 port 2 id 0");
	assert_string_equal(text_of(seen.command), "a on b");
	assert_null(seen.terminal.at);
	assert_int_equal(read(HEAD "User child is on pid 21613"), LOGLINE_CHILD);
	assert_int_equal(seen.child, 21613);
}

/* Goal: every form of a line's head, and near misses. */
static void test_heads(void **state)
{
#define SAID "Invalid user x from 192.0.2.1 port 5"
	static const struct {
		const char *line;
		enum logline_kind kind;
		const char *host, *tag;
		uint32_t pid;
	} rows[] = {
		{"Nov  1 11:21:00 host sshd[123]: " SAID, LOGLINE_INVALID, "host", "sshd", 123},
		{"Nov 01 11:21:00.123456 host sshd-session[123]: " SAID, LOGLINE_INVALID, "host", "sshd-session", 123},
		{"<86>Nov  1 11:21:00 sshd[123]: " SAID, LOGLINE_INVALID, "", "sshd", 123},
		{"Nov  1 11:21:00 host auth.info sshd[123]: " SAID, LOGLINE_INVALID, "host", "sshd", 123},
		{"2026-11-21T11:21:00.123456+01:00 host sshd-auth[123]: " SAID, LOGLINE_INVALID, "host", "sshd-auth", 123},
		{"2026-11-21T11:21:00+0100 host sshd[123]: " SAID, LOGLINE_INVALID, "host", "sshd", 123},
		{"2026-11-21T11:21:00Z host sshd: " SAID, LOGLINE_INVALID, "host", "sshd", 0},
		{"Sat 2026-11-21 11:21:00 UTC host sshd[123]: " SAID, LOGLINE_INVALID, "host", "sshd", 123},
		{"1700000000.123456 host sshd[123]: " SAID, LOGLINE_INVALID, "host", "sshd", 123},
		{"<86>1 2026-11-21T11:21:00.1Z host sshd 123 - - " SAID, LOGLINE_INVALID, "host", "sshd", 123},
		{"<86>1 2026-11-21T11:21:00Z host sshd 123 id [a@1 b=\"]] \\\" c\"] " SAID, LOGLINE_INVALID, "host", "sshd", 123},
		{"Nov 21 11:21:00 host CRON[1]: sshd[123]: " SAID, LOGLINE_FOREIGN, "host", "CRON", 1},
		{"Nov 21 11:21:00 host sshdx[123]: " SAID, LOGLINE_FOREIGN, "host", "sshdx", 123},
		{"Nov 21 11:21:00 host last message repeated 2 times", LOGLINE_FOREIGN, "host", "", 0},
		{"Nov 21 11:21:00 host sshd[12x]: " SAID, LOGLINE_FOREIGN, "host", "", 0},
		{"", LOGLINE_HEADLESS, "", "", 0},
		{"Nov 21", LOGLINE_HEADLESS, "", "", 0},
		{"sshd[123]: " SAID, LOGLINE_HEADLESS, "", "", 0},
		{"Nov 32 11:21:00 host sshd[123]: " SAID, LOGLINE_HEADLESS, "", "", 0},
		{"Nov 21 25:21:00 host sshd[123]: " SAID, LOGLINE_HEADLESS, "", "", 0},
		{"2026-13-21T11:21:00Z host sshd[123]: " SAID, LOGLINE_HEADLESS, "", "", 0},
		{"[ 12.345678] host sshd[123]: " SAID, LOGLINE_HEADLESS, "", "", 0},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		read(rows[i].line);
		if (seen.kind != rows[i].kind || strcmp(text_of(seen.host), rows[i].host) != 0 ||
		    strcmp(text_of(seen.tag), rows[i].tag) != 0 || seen.pid != rows[i].pid)
			FAIL("row %zu: kind %d, '%s' '%s' %u: %s", i, seen.kind, text_of(seen.host), text_of(seen.tag), seen.pid,
			     rows[i].line);
	}
	read(HEAD "message repeated 3 times: [ Failed password for root from 192.0.2.1 port 22 ssh2]");
	assert_int_equal(seen.kind, LOGLINE_FAILED);
	assert_int_equal(seen.times, 3);
	read(HEAD "message repeated 999999 times: [ Failed password for root from 192.0.2.1 port 22 ssh2]");
	assert_int_equal(seen.kind, LOGLINE_UNKNOWN);
}

/* A name as a client may choose it, and as sshd's log shows it: printable bytes, up to a hundred. */
static void make_name(struct dice *dice, char *out)
{
	static const char *const parts[] = {
		"root", " from 10.0.0.1", " port 22", " ssh2", ": ", "RSA SHA256:x", " [preauth]", "invalid user ", "]", "'", "\"",
		" 10.0.0.1 port 22", " not allowed because ", ": Too many authentication failures", "authenticating user ", " for ",
		" id 0", " user ", "10.0.0.1", " ID a (serial 1) CA RSA SHA256:y", "=", " with correct key", "\\\\", "\\n",
	};

	out[0] = '\0';
	for (unsigned i = roll(dice, 6); i-- > 0;) {
		const char *part = parts[roll(dice, ROWS(parts))];

		if (strlen(out) + strlen(part) <= 100)
			strcat(out, part);
	}
}

/* Goal: whatever a name holds, the address is the client's own or none, and the name is the one that was sent. */
static void test_hostile_names(void **state)
{
	static const struct {
		const char *before, *behind;
		enum logline_kind kind;
	} forms[] = {
		{"Invalid user ", " from 203.0.113.9 port 4242", LOGLINE_INVALID},
		{"Failed password for invalid user ", " from 203.0.113.9 port 4242 ssh2", LOGLINE_FAILED},
		{"Failed none for invalid user ", " from 203.0.113.9 port 4242 ssh2", LOGLINE_FAILED},
		{"error: maximum authentication attempts exceeded for invalid user ", " from 203.0.113.9 port 4242 ssh2 [preauth]", LOGLINE_TOO_MANY},
		{"Connection closed by invalid user ", " 203.0.113.9 port 4242 [preauth]", LOGLINE_CLOSED},
		{"Connection reset by invalid user ", " 203.0.113.9 port 4242 [preauth]", LOGLINE_CLOSED},
		{"Disconnected from invalid user ", " 203.0.113.9 port 4242 [preauth]", LOGLINE_CLOSED},
		{"Connection from invalid user ", " 203.0.113.9 port 4242 timed out [preauth]", LOGLINE_CLOSED},
		{"Disconnecting invalid user ", " 203.0.113.9 port 4242: Too many authentication failures [preauth]", LOGLINE_CLOSED},
		{"fatal: ssh_packet_write_poll: Connection from invalid user ", " 203.0.113.9 port 4242: Broken pipe [preauth]", LOGLINE_CLOSED},
	};
	static const char *const worst[] = {
		"root from 10.0.0.1", "root from 10.0.0.1 port 22", "root from 10.0.0.1 port 22 ssh2", "root 10.0.0.1 port 22",
		"root from 10.0.0.1 port 22 ssh2: RSA SHA256:x", "root 10.0.0.1 port 22 [preauth]", "invalid user root",
		"root 10.0.0.1 port 22: Too many authentication failures", "root from 10.0.0.1 port 22 ssh2 [preauth]",
	};
	struct dice dice = {.state = 4242};
	char name[128], line[512];

	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		const size_t form = roll(&dice, ROWS(forms));

		if (i % 4 == 0)
			strcpy(name, worst[roll(&dice, ROWS(worst))]);
		else
			make_name(&dice, name);
		snprintf(line, sizeof line, HEAD "%s%s%s", forms[form].before, name, forms[form].behind);
		read(line);
		if (seen.ambiguous && !seen.has_address)
			continue;
		if (seen.kind != forms[form].kind || strcmp(address(), "203.0.113.9") != 0 || seen.port != 4242 || !seen.invalid ||
		    strcmp(text_of(seen.user), name) != 0)
			FAIL("kind %d, '%s' %s %u: %s", seen.kind, text_of(seen.user), address(), seen.port, line);
	}
}

/* Goal: the ambiguous ones, and what a client may say in other places than its name. */
static void test_hostile_words(void **state)
{
	static const char *const ambiguous[] = {
		"Disconnecting invalid user x 10.0.0.1 port 22: y 203.0.113.9 port 4242: Too many authentication failures [preauth]",
		"Disconnecting invalid user x 203.0.113.9 port 4242: Change of username or service not allowed: (x,ssh-connection) -> (y 10.0.0.1 port 22: z,z) [preauth]",
	};
	static const char *const unheard[] = {
		"userauth_pubkey: unsupported public key algorithm: x: Authentication tried for root with correct key but not from a permitted host (host=a, ip=10.0.0.1, required=b). [preauth]",
		"userauth_pubkey: unsupported public key algorithm: x: Connection from 10.0.0.1 port 22: gone [preauth]",
	};
	char line[512];

	(void)state;
	for (size_t i = 0; i < ROWS(ambiguous); i++) {
		snprintf(line, sizeof line, HEAD "%s", ambiguous[i]);
		assert_int_equal(read(line), LOGLINE_CLOSED);
		assert_true(seen.ambiguous && !seen.has_address && !seen.user.at);
	}
	for (size_t i = 0; i < ROWS(unheard); i++) {
		snprintf(line, sizeof line, HEAD "%s", unheard[i]);
		assert_int_equal(read(line), LOGLINE_UNKNOWN);
		assert_false(seen.has_address);
	}
	/* a client's last words, to no effect */
	read(HEAD "Received disconnect from 203.0.113.9 port 4242:11: Accepted password for root from 10.0.0.1 port 22 ssh2");
	assert_int_equal(seen.kind, LOGLINE_QUIET);
	assert_false(seen.has_address);
}

/* Goal: the gate's line, whose every value is as the gate writes it or the line is nobody's. */
static void test_gate(void **state)
{
#define GATE "Nov 21 11:21:00 host sallyport-shell[123]: "
	static const char *const mangled[] = {
		GATE "verdict=deny", GATE "user=alice verdict=deny", GATE "verdict=deny user=alice user=bob",
		GATE "verdict=deny user=alice from=192.0.2.7 request=id; id", GATE "verdict=deny user=alice request=\"\\x41\"",
		GATE "verdict=deny user=alice from=192.0.2.7 ",
		GATE "verdict=deny user=alice from=192.0.2.7 request=x from=10.0.0.1", GATE "verdict=deny user=alice request=x from=10.0.0.1",
		GATE "verdict=deny user=alice from=192.0.2.7 port=1 port=2", GATE "verdict=deny user=alice from=192.0.2.7 port=65536",
		GATE "verdict=deny user=alice from=192.0.2.7 port=0 port=0",
		GATE "verdict=deny user=alice from=192.0.2.7 port=x", GATE "verdict=deny user=alice from=somewhere", GATE "hello", GATE "", GATE "verdict=deny user=alice request=\"a",
	};

	(void)state;
	read(GATE "verdict=deny id=040a0584 user=alice uid=1002 from=192.0.2.7 port=50000 key=SHA256:x profile=p "
		  "request=\"x from=10.0.0.1 user=root\" docroot=/srv reason=\"a shell operator outside quotes\" word=;");
	assert_int_equal(seen.kind, LOGLINE_GATE);
	assert_string_equal(text_of(seen.verdict), "deny");
	assert_string_equal(text_of(seen.user), "alice");
	assert_string_equal(text_of(seen.key), "SHA256:x");
	assert_string_equal(text_of(seen.request), "x from=10.0.0.1 user=root");
	assert_string_equal(text_of(seen.text), "a shell operator outside quotes");
	assert_string_equal(address(), "192.0.2.7");
	assert_int_equal(seen.port, 50000);
	read(GATE "verdict=deny id=040a0584 user=alice uid=1002 from=local reason=x");
	assert_int_equal(seen.kind, LOGLINE_GATE);
	assert_string_equal(text_of(seen.text), "x");
	assert_false(seen.has_address);
	/* doctor's try, and an sshd whose client has no address: the gate's lines like others */
	assert_int_equal(read(GATE "verdict=allow user=alice from=127.0.0.1 port=0 request=true"), LOGLINE_GATE);
	assert_int_equal(seen.port, 0);
	assert_int_equal(read(GATE "verdict=allow user=alice from=UNKNOWN port=65535 request=true"), LOGLINE_GATE);
	assert_false(seen.has_address);
	for (size_t i = 0; i < ROWS(mangled); i++)
		if (read(mangled[i]) != LOGLINE_MANGLED || seen.has_address)
			FAIL("row %zu: %s", i, mangled[i]);
}

/* Goal: transfers and refusals of sftp servers, whoever names the files. */
static void test_sftp(void **state)
{
	static const struct {
		const char *line;
		enum logline_kind kind;
		const char *user;
		enum logline_file file;
	} rows[] = {
		{"internal-sftp[11]: session opened for local user fred from [192.0.2.60]", LOGLINE_SFTP, "fred", LOGLINE_READ},
		{"sftp-server[11]: session closed for local user fred from [192.0.2.33]", LOGLINE_QUIET, "", LOGLINE_READ},
		{"internal-sftp[11]: open \"/home/fred/foo\" flags WRITE,CREATE,TRUNCATE mode 0664", LOGLINE_SFTP_FILE, "", LOGLINE_WRITTEN},
		{"sshd[11]: open \"/home/fred/foo\" flags READ mode 0666", LOGLINE_UNKNOWN, "", LOGLINE_READ},
		{"internal-sftp[11]: open \"/a\\\" flags WRITE\" flags READ mode 0666", LOGLINE_SFTP_FILE, "", LOGLINE_READ},
		{"internal-sftp[11]: opendir \"/var/www\"", LOGLINE_SFTP_FILE, "", LOGLINE_LISTED},
		{"internal-sftp[11]: remove name \"/x\"", LOGLINE_SFTP_FILE, "", LOGLINE_CHANGED},
		{"internal-sftp[11]: sent status Permission denied", LOGLINE_SFTP_REFUSED, "", LOGLINE_READ},
		{"internal-sftp[11]: open without a name", LOGLINE_MANGLED, "", LOGLINE_READ},
		{"internal-sftp[11]: close without numbers", LOGLINE_MANGLED, "", LOGLINE_READ},
	};
	char line[256];

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		snprintf(line, sizeof line, "Nov 21 11:21:00 host %s", rows[i].line);
		if (read(line) != rows[i].kind || strcmp(text_of(seen.user), rows[i].user) != 0 || seen.file != rows[i].file)
			FAIL("row %zu: kind %d: %s", i, seen.kind, rows[i].line);
	}
	read("Nov 21 11:21:00 host internal-sftp[11]: close \"/a\\\" bytes read 9 written 9\" bytes read 5 written 928");
	assert_int_equal(seen.kind, LOGLINE_SFTP_FILE);
	assert_int_equal(seen.bytes, 933);
	assert_int_equal(seen.times, 0); /* it was counted when it was opened */
}

/* Goal: the same, said to the gate: the head is the gate's, and no name, length or server makes it another's. */
static void test_transfers(void **state)
{
#define TRANSFER GATE "verdict=transfer id=040a0584 user=alice uid=1002 from=192.0.2.7 port=50000 "
	static const struct {
		const char *fields;
		enum logline_kind kind;
		enum logline_file file;
		uint64_t bytes;
	} rows[] = {
		{"said=\"open \\\"/files/a b\\\" flags WRITE,CREATE mode 0644\"", LOGLINE_SFTP_FILE, LOGLINE_WRITTEN, 0},
		{"said=\"open \\\"/x\\\" flags WRITE\\\" flags READ mode 0666\"", LOGLINE_SFTP_FILE, LOGLINE_READ, 0},
		{"said=\"close \\\"/x\\\" bytes read 9 written 9\\\" bytes read 5 written 928\"", LOGLINE_SFTP_FILE,
		 LOGLINE_WRITTEN, 933},
		{"said=\"opendir \\\"/files\\\"\"", LOGLINE_SFTP_FILE, LOGLINE_LISTED, 0},
		{"said=\"posix-rename old \\\"/a\\\" new \\\"/b\\\"\"", LOGLINE_SFTP_FILE, LOGLINE_CHANGED, 0},
		{"said=\"sent status Permission denied\"", LOGLINE_SFTP_REFUSED, LOGLINE_READ, 0},
		/* who it is the gate says, and that it ended */
		{"said=\"session opened for local user root from [10.0.0.1]\"", LOGLINE_QUIET, LOGLINE_READ, 0},
		{"said=\"session closed for local user root from [10.0.0.1]\"", LOGLINE_QUIET, LOGLINE_READ, 0},
		{"said=\"Accepted password for root from 10.0.0.1 port 22 ssh2\"", LOGLINE_QUIET, LOGLINE_READ, 0},
		{"said=\"\\nclose \\\"/x\\\" bytes read 5 written 928\"", LOGLINE_QUIET, LOGLINE_READ, 0},
		{"said=\"open without a name\"", LOGLINE_QUIET, LOGLINE_READ, 0},
		{"said=hello", LOGLINE_QUIET, LOGLINE_READ, 0},
		{"lost=17", LOGLINE_LOST, LOGLINE_READ, 0},
		{"", LOGLINE_MANGLED, LOGLINE_READ, 0}, /* the blank at its end */
		{"said=a said=b", LOGLINE_MANGLED, LOGLINE_READ, 0},
		{"lost=1 lost=2", LOGLINE_MANGLED, LOGLINE_READ, 0},
		{"said=\"a\nb\"", LOGLINE_MANGLED, LOGLINE_READ, 0},
		{"said=a from=10.0.0.1", LOGLINE_MANGLED, LOGLINE_READ, 0},
	};
	char line[4096], name[2048];

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		snprintf(line, sizeof line, TRANSFER "%s", rows[i].fields);
		if (read(line) != rows[i].kind || seen.file != rows[i].file || seen.bytes != rows[i].bytes)
			FAIL("row %zu: kind %d: %s", i, seen.kind, line);
		if (rows[i].kind == LOGLINE_MANGLED)
			continue;
		assert_string_equal(text_of(seen.user), "alice");
		assert_string_equal(address(), "192.0.2.7");
		assert_int_equal(seen.port, 50000);
	}
	read(TRANSFER "lost=17");
	assert_string_equal(text_of(seen.text), "17");
	/* what was cut, by the gate or by the server, ends where a client wanted it to */
	for (size_t length = 900; length < 1030; length += 30) {
		memset(name, 'x', length);
		name[length] = '\0';
		snprintf(line, sizeof line, TRANSFER "said=\"close \\\"%s\\\" bytes read 0 written 9\"", name);
		assert_int_equal(read(line), length < 970 ? LOGLINE_SFTP_FILE : length < 1000 ? LOGLINE_QUIET : LOGLINE_MANGLED);
	}
	snprintf(line, sizeof line, TRANSFER "said=\"close \\\"%.990s\\\" bytes read 0 written 9...\" cut=said", name);
	assert_int_equal(read(line), LOGLINE_QUIET);
}

/* Goal: times, with leap years and zones; what has no year says so. */
static void test_stamps(void **state)
{
	(void)state;
	read("2026-11-21T11:21:00+01:30 host sshd[1]: x");
	assert_int_equal(logstamp_seconds(&seen.stamp, seen.stamp.year) - seen.stamp.offset, 1795254660);
	read("Feb 29 23:59:60 host sshd[1]: x");
	assert_int_equal(seen.stamp.year, 0);
	assert_false(seen.stamp.zoned);
	assert_true(logstamp_seconds(&seen.stamp, 2026) == INT64_MIN);
	assert_int_equal(logstamp_seconds(&seen.stamp, 2024), 1709251200);
	read("1709251199.999999 host sshd[1]: x");
	assert_int_equal(logstamp_seconds(&seen.stamp, seen.stamp.year), 1709251199);
	for (int64_t t = 0; t < 4102444800; t += 86400 * 31 - 4711) {
		struct logstamp stamp = logstamp_of(t);

		assert_int_equal(logstamp_seconds(&stamp, stamp.year), t);
	}
}

/* Goal: addresses in every spelling, written as everybody writes them, and nothing that is none. */
static void test_addresses(void **state)
{
	static const struct {
		const char *text, *shown, *source;
	} rows[] = {
		{"192.0.2.1", "192.0.2.1", "192.0.2.1"}, {"0.0.0.0", "0.0.0.0", "0.0.0.0"}, {"::1", "::1", "::1"},
		{"::ffff:10.0.0.1", "10.0.0.1", "10.0.0.1"}, {"2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1", "2001:db8::/64"},
		{"::", "::", "::/64"}, {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8", "1:2:3:4::/64"}, {"1::", "1::", "1::/64"},
		{"fe80::1%eth0", "fe80::1", "fe80::/64"},
	};
	static const char *const none[] = {"", "1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", "1..3.4", "x", ":", "::%",
					   "1.2.3.", "1:2", "12345::", "UNKNOWN", "host.example"};
	char text[LOGADDR_TEXT_MAX];
	struct logaddr a;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		assert_true(logaddr_read(rows[i].text, strlen(rows[i].text), &a));
		logaddr_text(&a, false, text);
		assert_string_equal(text, rows[i].shown);
		a = logaddr_source(&a);
		logaddr_text(&a, true, text);
		assert_string_equal(text, rows[i].source);
	}
	for (size_t i = 0; i < ROWS(none); i++)
		if (logaddr_read(none[i], strlen(none[i]), &a))
			FAIL("an address: %s", none[i]);
}

static int forget(void **state)
{
	(void)state;
	free(exact);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_said),          cmocka_unit_test(test_certificate_and_command),
		cmocka_unit_test(test_heads),         cmocka_unit_test(test_hostile_names),
		cmocka_unit_test(test_hostile_words), cmocka_unit_test(test_gate),
		cmocka_unit_test(test_sftp),          cmocka_unit_test(test_stamps),
		cmocka_unit_test(test_addresses),     cmocka_unit_test(test_transfers),
	};

	return cmocka_run_group_tests_name("logline", tests, NULL, forget);
}
