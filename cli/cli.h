/*
 * cli - the subcommands of `sallyport`, one file each; main.c has the table.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>

/* The tool's exit statuses: those of the gate (sallyport-shell(8)). */
enum cli_status {
	CLI_ALLOW = 0,
	CLI_NOTHING = 1, /* learn: nothing to propose; apply: not installed */
	/* test: not all passed; keys find: nobody; lint, doctor, docroot, keys, audit: what matters, or a diff */
	CLI_FOUND = 1,
	CLI_USAGE = 64,
	CLI_FAILURE = 71, /* the system would not let us: no memory, no output */
	CLI_BUSY = 75, /* another one is at it */
	CLI_DENY = 77,
	CLI_POLICY = 78,
};

/* argv[0] is the subcommand's name. Returns the exit status. */
int accounts_main(int argc, char *argv[]);
int check_main(int argc, char *argv[]);
int keys_main(int argc, char *argv[]);
int learn_main(int argc, char *argv[]);
int apply_main(int argc, char *argv[]);
int audit_main(int argc, char *argv[]);
int audit_logs_main(int argc, char *argv[]);
int audit_sessions_main(int argc, char *argv[]);
int sshd_config_main(int argc, char *argv[]);
int test_main(int argc, char *argv[]);
int doctor_main(int argc, char *argv[]);
int lint_main(int argc, char *argv[]);
int slots_main(int argc, char *argv[]);
int docroot_main(int argc, char *argv[]);

/* For apply: the [test] sections of a candidate, reported under the name `shown`. Whether all passed. */
bool test_policy(const char *file, const char *shown);
int state_main(int argc, char *argv[]);
int view_main(int argc, char *argv[]);

#endif
