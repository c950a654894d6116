/*
 * setters - the setters of setting_table, by the file that has them; private to this room. Contract: setter.h.
 */
#ifndef POLICY_SETTERS_H
#define POLICY_SETTERS_H

#include <stddef.h>

struct setter;
struct settings;

/* set-account.c */
const char *set_docroot(struct setter *s);
const char *set_docroot_home(struct setter *s);
const char *set_start(struct setter *s);
const char *set_isolation(struct setter *s);
const char *set_may_lack(struct setter *s);
const char *set_restricted(struct setter *s);
const char *set_token(struct setter *s);
const char *set_local(struct setter *s);
const char *set_log_required(struct setter *s);
const char *set_log_facility(struct setter *s);
const char *set_log_transfers(struct setter *s);
const char *set_message(struct setter *s);
const char *set_profiles(struct setter *s);
const char *set_profile(struct setter *s);
const char *set_key_identity(struct setter *s);
const char *set_keys(struct setter *s);

/* set-command.c */
const char *set_commands(struct setter *s);
const char *set_access(struct setter *s);
const char *set_access_path(struct setter *s);
const char *set_sftp_subsystem(struct setter *s);
const char *set_program(struct setter *s);
const char *set_rclone_remote(struct setter *s);
const char *set_template(struct setter *s);
const char *set_argv(struct setter *s);
const char *set_verbs(struct setter *s);
const char *set_honours_token(struct setter *s);
const char *set_stdin(struct setter *s);
const char *set_stdout(struct setter *s);

/* set-environ.c */
const char *set_token_env(struct setter *s);
const char *set_token_value(struct setter *s);
const char *set_env(struct setter *s);
const char *set_pass_env(struct setter *s);
const char *set_protect(struct setter *s);

/* set-limit.c */
const char *set_umask(struct setter *s);
const char *set_nice(struct setter *s);
const char *set_limit(struct setter *s);
const char *set_max_duration(struct setter *s);
const char *set_max_sessions(struct setter *s);

/* set-condition.c */
const char *set_from(struct setter *s);
const char *set_hours(struct setter *s);
const char *set_expires(struct setter *s);
const char *set_fingerprint(struct setter *s);
const char *set_cert_id(struct setter *s);

/* set-option.c: NAME-accept and NAME-refuse. */
const char *set_accept(struct setter *s);
const char *set_refuse(struct setter *s);

/* What said refuses in its first slot is refused by settings too, in the slot given. */
void set_refuse_too(struct settings *settings, const struct settings *said, size_t slot);

#endif
