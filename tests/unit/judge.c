/*
 * Goal: every finding of one line is made where it should be, and nowhere else: a sound line has none but the low ones
 * that it asks for.
 */
#include "keyset.h"
#include "test.h"

#include "keys/judge.h"

#define KEY "ssh-ed25519 " ED25519
#define SOUND "restrict,command=\"/x/gate\",expiry-time=\"20990101\""

static judge_set judge(const char *text, bool shell_is_gate, bool well_known)
{
	static struct keyline line;
	static const struct wanted wanted = {.gate = "/x/gate"};
	const struct judge_facts facts = {&wanted, 1700000000 + 90000000, shell_is_gate, well_known}; /* 2026 */

	keyline_read(text, strlen(text), &line);
	return judge_line(&line, &facts);
}

static judge_set set_of(const char *ids)
{
	judge_set set = 0;

	for (int id = 0; id < JUDGES; id++) {
		const char *at = strstr(ids, judge_rows[id].id);
		size_t length = strlen(judge_rows[id].id);

		if (at && (at[length] == ' ' || !at[length]) && (at == ids || at[-1] == ' '))
			set |= JUDGE_BIT(id);
	}
	return set;
}

static void test_lines(void **state)
{
	static const struct {
		const char *text, *found;
	} rows[] = {
		{"# c", ""},
		{SOUND " " KEY " c", ""},
		{KEY,
		 "command-missing forwarding-open rc-open agent-open x11-open pty-open restrict-missing expiry-none comment-none"},
		{"restrict,expiry-time=\"20990101\",command=\"/bin/sh\" " KEY " c", "command-other"},
		{"restrict,expiry-time=\"20990101\",command=\"/x/gate -q\" " KEY " c", "command-other"},
		{SOUND ",pty " KEY " c", "pty-open"},
		{SOUND ",port-forwarding,permitopen=\"a:1\" " KEY " c", "forwarding-open"},
		{SOUND ",permitopen=\"a:1\" " KEY " c", "permit-dead"},
		{SOUND ",environment=\"A=b\" " KEY " c", "environment"},
		{SOUND ",environment=\"A=b\",environment=\"LD_PRELOAD=x\" " KEY " c", "environment-loader"},
		{SOUND ",tunnel=\"any\" " KEY " c", "tunnel"},
		{SOUND ",principals=\"a\" " KEY " c", "principals-plain"},
		{SOUND ",cert-authority " KEY " c", "ca-wide"},
		{SOUND ",cert-authority,principals=\"a\" " KEY " c", ""},
		{SOUND ",from=\"10.0.0.0/8\" " KEY " c", ""},
		{SOUND ",from=\"10.0.0.1/8\" " KEY " c", "from-never"},
		{SOUND ",from=\"!10.0.0.1\" " KEY " c", "from-never"},
		{SOUND ",from=\"*.example.org\" " KEY " c", "from-names"},
		{SOUND ",no-touch-required " KEY " c", "no-touch"},
		{"restrict,command=\"/x/gate\",expiry-time=\"20200101\" " KEY " c", "expired"},
		{SOUND " ssh-rsa " RSA " c", "rsa-short"},
		{SOUND " " KEY " Aspera public access", "well-known-tokenless"},
		{"restrict,command=\"/x/gate -t\",expiry-time=\"20990101\" " KEY " aspera_tokenauth_id_rsa", ""},
		{"command=\"a\",command=\"b\" " KEY, "void"},
		{"AAAA", "broken"},
		{SOUND " ssh-new " ED25519 " c", "foreign"},
		{"ssh-ed25519-cert-v01@openssh.com " CERT_SWALLOWED, "cert-swallowed cert-extensions"},
		{"ssh-ed25519-cert-v01@openssh.com " CERT_SOUND, ""},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		judge_set found = judge(rows[i].text, false, false), want = set_of(rows[i].found);
		for (int id = 0; id < JUDGES; id++)
			if ((found ^ want) & JUDGE_BIT(id))
				FAIL("%.100s: %s%s", rows[i].text, found & JUDGE_BIT(id) ? "" : "not ", judge_rows[id].id);
	}
}

static void test_facts(void **state)
{
	(void)state;
	/* the gate as the login shell is called without command= too */
	assert_false(judge("restrict " KEY, true, false) & JUDGE_BIT(JUDGE_COMMAND_MISSING));
	assert_true(judge(KEY " c", true, false) & JUDGE_BIT(JUDGE_FORWARDING_OPEN));
	assert_true(judge(KEY " c", false, true) & JUDGE_BIT(JUDGE_WELL_KNOWN_OPEN));
	assert_true(judge(SOUND " " KEY " c", false, true) & JUDGE_BIT(JUDGE_WELL_KNOWN_TOKENLESS));
}

static void test_rows(void **state)
{
	(void)state;
	for (int id = 0; id < JUDGES; id++)
		if (!judge_rows[id].id || !judge_rows[id].why || !judge_rows[id].fix)
			FAIL("row %d", id);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_facts),
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}
