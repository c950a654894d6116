/*
 * logsaid - what stands behind the first words of a message, one reader for each form. Private to logline.
 *
 * rest is the message behind those words. A reader fills what the line's kind promises (logline.h); false: sshd does
 * not write it so, and what is filled means nothing.
 */
#ifndef AUDIT_LOGSAID_H
#define AUDIT_LOGSAID_H

#include "logline.h"

typedef bool logsaid_reader(struct logspan rest, struct logline *out);

logsaid_reader logsaid_text, logsaid_outcome, logsaid_invalid, logsaid_too_many, logsaid_who, logsaid_who_text,
	logsaid_connect, logsaid_timeout, logsaid_probe, logsaid_probe_bare, logsaid_bad_version, logsaid_dropped,
	logsaid_not_allowed, logsaid_revoked, logsaid_wrong_address, logsaid_key_found, logsaid_child,
	logsaid_start;

/* sftp-server, internal-sftp */
logsaid_reader logsaid_sftp_opened, logsaid_sftp_open, logsaid_sftp_close, logsaid_sftp_list,
	logsaid_sftp_change;

#endif
