/*
 * audit-held - which layers hold the restricted accounts, what remains if one is removed; and one account, point
 * by point.
 */
#include "audit.h"

#include "paint.h"

#include <stdio.h>
#include <string.h>

enum { SETS = 8 };

const char *const audit_layers_names[AUDIT_LAYERS] = {"login shell", "ForceCommand", "every key enforced"};

/* "login shell, ForceCommand"; "nothing" for none. */
static void print_set(unsigned set)
{
	const char *before = "";

	for (int i = 0; i < AUDIT_LAYERS; i++)
		if (set >> i & 1) {
			printf("%s%s", before, audit_layers_names[i]);
			before = ", ";
		}
	if (!set)
		printf("nothing");
}

static void print_remains(unsigned set)
{
	for (int i = 0; i < AUDIT_LAYERS; i++)
		if (set >> i & 1) {
			printf("; without %s: ", audit_layers_names[i]);
			print_set(set & ~(1u << i));
		}
}

void audit_print_held(const struct audit *a)
{
	size_t count[SETS] = {0};

	for (size_t i = 0; i < a->accounts; i++)
		if (audit_restricted(&a->account[i]) && audit_wanted(a, &a->account[i]))
			count[a->account[i].layers % SETS]++;
	for (unsigned set = 0; set < SETS; set++)
		if (count[set]) {
			printf("held by: ");
			print_set(set);
			printf(": %zu", count[set]);
			print_remains(set);
			putchar('\n');
		}
}

/* Aspera's five points for a transfer account, and what asp-check adds. */
static const struct {
	const char *point;
	enum audit_id ids[6]; /* AUDIT_CHECKS ends them */
} points[] = {
    {"the gate is started for whatever is asked",
     {AUDIT_LAYER_NONE, AUDIT_INTERNAL_SFTP, AUDIT_FORCE_OTHER, AUDIT_FORCE_RELATIVE, AUDIT_CHECKS}},
    {"no tunnels", {AUDIT_FORWARDING_OPEN, AUDIT_PERMIT_OPEN, AUDIT_TUNNEL_OPEN, AUDIT_CHECKS}},
    {"docroot does not hold the home", {AUDIT_DOCROOT_HOME, AUDIT_CHECKS}},
    {"nothing runs before the gate",
     {AUDIT_RC_OPEN, AUDIT_ACCEPT_ENV, AUDIT_USER_ENVIRONMENT, AUDIT_STARTUP_FILE, AUDIT_CHECKS}},
    {"no way in but keys", {AUDIT_PASSWORD_LOGIN, AUDIT_EMPTY_PASSWORD, AUDIT_HOSTBASED, AUDIT_CHECKS}},
    {"no way up", {AUDIT_SUDO_ALL, AUDIT_SUDO_PROGRAM, AUDIT_SUDO_WILDCARD, AUDIT_UID_SHARED, AUDIT_CHECKS}},
};

static bool has(const struct audit *a, const struct audit_account *account, enum audit_id id)
{
	for (size_t i = 0; i < a->found.count; i++)
		for (size_t j = 0; a->found.finding[i].id == id && j < a->found.finding[i].who_count; j++)
			if (a->found.finding[i].who[j] == account)
				return true;
	return false;
}

void audit_print_points(const struct audit *a, const struct audit_account *account)
{
	if (!audit_restricted(account))
		return;
	for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
		bool fails = false;

		for (size_t j = 0; points[i].ids[j] != AUDIT_CHECKS; j++)
			fails |= has(a, account, points[i].ids[j]);
		printf("%s%s%s %s\n", paint(fails ? PAINT_BAD : PAINT_GOOD), fails ? "FAIL" : "PASS",
		       paint(PAINT_OFF), points[i].point);
	}
}
