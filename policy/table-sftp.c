/*
 * sftp: the subsystem's command line as sshd hands it over. No option of the line is kept; all that
 * the server runs with is inserted here. `sftp-subsystem` adds spellings.
 * Source: sftp-server(8); openssh-portable sftp-server.c, handlers[] and sftp_server_main().
 */
#include "definition.h"

/*
 * -R refuses every request that changes a file; -P refuses requests by name (OpenSSH 6.5 and up; a
 * name that an older server does not know is no error). Opening a file has one name for reading,
 * creating and truncating, so a lack of `upload` or of `overwrite` alone is upheld by no switch.
 */
static const struct without without[] = {
	{VERBS_WRITE, "-R", NULL},
	{VERB_DOWNLOAD, "-P", "read,copy-data"},
	{VERB_LIST, "-P", "opendir,readdir"},
	{VERB_MKDIR, "-P", "mkdir"},
	/* hardlink with remove is a rename in two steps */
	{VERB_RENAME, "-P", "rename,posix-rename,hardlink"},
	{VERB_DELETE, "-P", "remove,rmdir"},
	/* Landlock withholds writing and creating from such an account, but not chmod and links. */
	{VERB_UPLOAD | VERB_OVERWRITE | VERB_RENAME, "-P",
	 "write,setstat,fsetstat,lsetstat,symlink,hardlink,copy-data"},
	{0},
};

static const struct form forms[] = {
	{"sftp-server", .program = "sftp", .most = VERBS_ALL, .insert = "-u %m", .without = without},
	{0},
};

static const struct program programs[] = {{"sftp", "/usr/lib/openssh/sftp-server"}, {0}};

const struct definition definition_sftp = {
	.name = "sftp",
	.spellings = "sftp-server internal-sftp /usr/lib/openssh/sftp-server /usr/lib/sftp-server "
		     "/usr/libexec/sftp-server /usr/libexec/openssh/sftp-server "
		     "/usr/lib/ssh/sftp-server /usr/lib64/ssh/sftp-server /usr/lib/misc/sftp-server "
		     "/usr/lib64/misc/sftp-server /usr/local/libexec/sftp-server",
	.forms = forms,
	.programs = programs,
	.runs = RUNS_PLAIN, /* no tmp: it writes what is uploaded in its place */
	.start_flag = true,
	/* Each message is one write(2), and a newline in a name stands in it as it is (log.c, do_log()). */
	.logged = "-e -l INFO",
};
