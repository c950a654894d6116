/*
 * check - every check of `sallyport audit`: what it is called, how bad it is, why, and what to do.
 *
 * audit_checks[] is the whole list, in the order of sallyport-audit(8); tests/arch compares the two.
 */
#ifndef AUDIT_CHECK_H
#define AUDIT_CHECK_H

/*
 * Critical: somebody gets in, or out of the gate, today. High: an account that is to be held is not, or only by luck.
 * Medium: what is written does not do what it says, or a second fault would open it. Low: worth a look.
 */
enum audit_severity { AUDIT_LOW, AUDIT_MEDIUM, AUDIT_HIGH, AUDIT_CRITICAL, AUDIT_SEVERITIES };

/* What a finding is about. */
enum audit_scope { AUDIT_ACCOUNT, AUDIT_HOST, AUDIT_SSHD, AUDIT_KEY, AUDIT_DOCROOT };

/* The line of the summary in which an account with this finding is counted; all but NONE make it insecure. */
enum audit_hole { AUDIT_HOLE_NONE, AUDIT_HOLE_SHELL, AUDIT_HOLE_DOCROOT, AUDIT_HOLE_TUNNEL, AUDIT_HOLES };

/* Rows of audit_checks[]. */
enum audit_id {
	/* accounts */
	AUDIT_PASSWD_LINE,
	AUDIT_ACCOUNT_ODD,
	AUDIT_EMPTY_PASSWORD,
	AUDIT_DOCROOT_HOME,
	AUDIT_POLICY_REFUSES,
	AUDIT_CHECKS,
};

struct audit_check {
	const char *id;
	enum audit_severity severity;
	enum audit_scope scope;
	enum audit_hole hole;
	const char *rows; /* of the catalogue of facts that the project began with */
	const char *why;  /* one line */
	const char *fix;  /* a template: fix.h */
};

extern const struct audit_check audit_checks[AUDIT_CHECKS];

/* "critical" "high" "medium" "low". */
extern const char *const audit_severities[AUDIT_SEVERITIES];

#endif
