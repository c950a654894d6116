/*
 * docroot-try - an account's docroot, opened by the gate's own code, as the account.
 */
#ifndef CLI_DOCROOT_TRY_H
#define CLI_DOCROOT_TRY_H

#include "account.h"

#include "policy/policy.h"
#include "sandbox/sandbox.h"

enum docroot_answer {
	DOCROOT_OPENS,
	DOCROOT_REFUSED, /* *fault says why */
	DOCROOT_UNASKED, /* there is none, or we are neither root nor the account */
};

enum docroot_answer docroot_try(const struct account *account, const struct settings *settings,
				struct sandbox_fault *fault);

#endif
