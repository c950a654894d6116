/*
 * audit-login - how each account can log in with a key or a certificate, by every sshd and from
 * everywhere that sshd tells apart; and what a session of it would reach.
 */
#include "audit-keys.h"
#include "audit-sshd.h"

/* What sshd does where it could not be asked: as it comes. */
static const char as_it_comes[] =
    "authorizedkeysfile .ssh/authorized_keys .ssh/authorized_keys2\n"
    "strictmodes yes\nx11forwarding no\npermittunnel no\npermituserenvironment no\n";

/* Worst first. */
static enum audit_keys worse(enum audit_keys a, enum audit_keys b)
{
	static const enum audit_keys order[] = {AUDIT_KEYS_OPEN, AUDIT_KEYS_UNSEEN,
						AUDIT_KEYS_ENFORCED, AUDIT_KEYS_NONE};

	for (size_t i = 0; i < sizeof order / sizeof *order; i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return a;
}

static void look_by(struct audit *a, struct audit_account *account, const char *answer)
{
	/* Most accounts are told nothing of their own. */
	static const char *last;
	static struct key_rules rules;

	if (answer != last)
		rules_read(answer, &rules);
	last = answer;
	unsigned opens = keys_opens(account, &rules);
	authority_look_at(a, &rules);
	authority_find(a, account, &rules, opens);
	account->keys = worse(account->keys, keys_look_at(a, account, &rules));
	dotfiles_look_at(a, account, opens);
	docroot_look_at(a, account, &rules);
}

static void look_at_answer(struct audit_session *s, void *context)
{
	look_by(context, s->account, s->answer);
}

static void look_at(struct audit *a, struct audit_account *account)
{
	account->keys = AUDIT_KEYS_NONE;
	if (audit_each_answer(a, account, look_at_answer, a) == 0)
		look_by(a, account, as_it_comes);
}

void audit_keys(struct audit *a)
{
	for (size_t i = 0; i < a->accounts; i++)
		if (audit_wanted(a, &a->account[i]))
			look_at(a, &a->account[i]);
	dotfiles_look_at_host(a);
	holders_end(a);
	holders_free(a);
	revocation_end(a);
	docroot_end(a);
	runtime_end(a);
	authority_end(a);
}
