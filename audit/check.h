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
	AUDIT_POLICY_NONE,
	AUDIT_UID_SHARED,
	/* what keeps an account in the gate */
	AUDIT_LAYER_NONE,
	AUDIT_INTERNAL_SFTP,
	AUDIT_FORCE_OTHER,
	AUDIT_FORCE_RELATIVE,
	AUDIT_TTY_ALONE,
	/* what sshd opens beside the gate */
	AUDIT_FORWARDING_OPEN,
	AUDIT_PERMIT_OPEN,
	AUDIT_TUNNEL_OPEN,
	AUDIT_GATEWAY_PORTS,
	AUDIT_X11_OPEN,
	AUDIT_AGENT_OPEN,
	AUDIT_ACCEPT_ENV,
	AUDIT_USER_ENVIRONMENT,
	AUDIT_RC_OPEN,
	AUDIT_HOSTBASED,
	AUDIT_PASSWORD_LOGIN,
	AUDIT_PASSWORD_IDLE,
	AUDIT_METHODS_CONTRADICT,
	AUDIT_CHROOT_BAD,
	/* sshd */
	AUDIT_CONFIG_REFUSED,
	AUDIT_PASSWORDS_EMPTY,
	AUDIT_PASSWORD_GLOBAL,
	AUDIT_ROOT_LOGIN,
	AUDIT_ROOT_KEYS,
	AUDIT_HOSTBASED_NAME,
	AUDIT_STRICT_MODES,
	AUDIT_LOG_QUIET,
	AUDIT_LOG_DEBUG,
	AUDIT_GRACE_NONE,
	AUDIT_SESSIONS_NONE,
	AUDIT_ALIVE_COUNT,
	AUDIT_TRIES_MANY,
	AUDIT_STARTUPS_MANY,
	AUDIT_SUBSYSTEM_NAMELESS,
	AUDIT_SUBSYSTEM_SHELL,
	AUDIT_VALUE_SHADOWED,
	AUDIT_LINE_AFTER_MATCH,
	AUDIT_MATCH_NEVER,
	AUDIT_OPTION_BEATS_FILE,
	AUDIT_ALLOW_NOBODY,
	AUDIT_ALLOW_NUMBER,
	AUDIT_KEYWORD_OLD,
	AUDIT_ALGORITHM_WEAK,
	AUDIT_CONFIG_NEWER,
	/* sudo */
	AUDIT_SUDO_ALL,
	AUDIT_SUDO_PROGRAM,
	AUDIT_SUDO_WILDCARD,
	AUDIT_SUDO_SOME,
	/* homes */
	AUDIT_HOME_WRITABLE,
	AUDIT_STARTUP_FILE,
	AUDIT_STARTUP_IDLE,
	AUDIT_RC_HIDES_SSHRC,
	/* the host */
	AUDIT_SHELLS_LISTED,
	AUDIT_SSHRC,
	AUDIT_TCP_WRAPPERS,
	AUDIT_MODULI,
	AUDIT_LISTENING,
	AUDIT_TUNNEL_PROCESS,
	AUDIT_CRON_JOBS,
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
