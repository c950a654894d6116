#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is wrong for everybody when a keyword has this value. */
static const struct {
	const char *keyword, *value;
	enum audit_id id;
	const char *wanted;
} rows[] = {
    {"PermitEmptyPasswords", "yes", AUDIT_PASSWORDS_EMPTY, "PermitEmptyPasswords no"},
    {"PasswordAuthentication", "yes", AUDIT_PASSWORD_GLOBAL, "PasswordAuthentication no"},
    {"PermitRootLogin", "yes", AUDIT_ROOT_LOGIN, "PermitRootLogin prohibit-password"},
    {"PermitRootLogin", "without-password", AUDIT_ROOT_KEYS, "PermitRootLogin no"},
    {"PermitRootLogin", "prohibit-password", AUDIT_ROOT_KEYS, "PermitRootLogin no"},
    {"HostbasedUsesNameFromPacketOnly", "yes", AUDIT_HOSTBASED_NAME, "HostbasedUsesNameFromPacketOnly no"},
    {"StrictModes", "no", AUDIT_STRICT_MODES, "StrictModes yes"},
    {"LogLevel", "QUIET", AUDIT_LOG_QUIET, "LogLevel VERBOSE"},
    {"LogLevel", "SILENT", AUDIT_LOG_QUIET, "LogLevel VERBOSE"}, /* as sshd -T has QUIET */
    {"LogLevel", "FATAL", AUDIT_LOG_QUIET, "LogLevel VERBOSE"},
    {"LogLevel", "ERROR", AUDIT_LOG_QUIET, "LogLevel VERBOSE"},
    {"LogLevel", "DEBUG", AUDIT_LOG_DEBUG, "LogLevel VERBOSE"},
    {"LogLevel", "DEBUG1", AUDIT_LOG_DEBUG, "LogLevel VERBOSE"},
    {"LogLevel", "DEBUG2", AUDIT_LOG_DEBUG, "LogLevel VERBOSE"},
    {"LogLevel", "DEBUG3", AUDIT_LOG_DEBUG, "LogLevel VERBOSE"},
    {"LoginGraceTime", "0", AUDIT_GRACE_NONE, "LoginGraceTime 120"},
    {"MaxSessions", "0", AUDIT_SESSIONS_NONE, "MaxSessions 10"},
    {"ClientAliveCountMax", "0", AUDIT_ALIVE_COUNT, "ClientAliveCountMax 3"},
};

static void judge_numbers(const struct audit_session *s)
{
	char value[ANSWER_VALUE_MAX];
	char *at;
	unsigned long start, rate, full;

	if (strtoul(answer_value(s->answer, "MaxAuthTries", value), NULL, 10) > 6)
		answer_find(s, AUDIT_TRIES_MANY, "MaxAuthTries", "MaxAuthTries 6");
	answer_value(s->answer, "MaxStartups", value); /* start:rate:full */
	start = strtoul(value, &at, 10);
	rate = *at == ':' ? strtoul(at + 1, &at, 10) : 0;
	full = *at == ':' ? strtoul(at + 1, &at, 10) : start;
	if (full > 100 || (rate == 0 && start < full))
		answer_find(s, AUDIT_STARTUPS_MANY, "MaxStartups", "MaxStartups 10:30:100");
}

/* A Subsystem's name and command. */
static void judge_subsystem(const struct audit_session *s, const char *text, size_t length)
{
	static const char *const shells[] = {"/bin/sh ", "/bin/bash ", "/bin/dash ", "/usr/bin/sh ",
					     "/usr/bin/bash "};
	char value[ANSWER_VALUE_MAX];
	const char *command;

	if (length >= sizeof value)
		return;
	snprintf(value, sizeof value, "%.*s", (int)length, text);
	command = strchr(value, ' ');
	if (!command)
		return;
	command++;
	if (*command == '-' || strncmp(value, "internal-sftp ", 14) == 0)
		answer_find(s, AUDIT_SUBSYSTEM_NAMELESS, "Subsystem", "Subsystem sftp internal-sftp");
	for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
		if (strncmp(command, shells[i], strlen(shells[i])) == 0)
			answer_find(s, AUDIT_SUBSYSTEM_SHELL, "Subsystem",
				    "Subsystem sftp /usr/lib/openssh/sftp-server");
}

void audit_judge_sshd(const struct audit_session *s)
{
	const char *at = s->answer, *found;
	size_t length;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (answer_is(s->answer, rows[i].keyword, rows[i].value))
			answer_find(s, rows[i].id, rows[i].keyword, rows[i].wanted);
	judge_numbers(s);
	while ((found = audit_answer_next(&at, "subsystem", &length)))
		judge_subsystem(s, found, length);
}
