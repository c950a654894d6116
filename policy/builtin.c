#include "definition.h"

const struct definition *const definition_builtin[] = {
	&definition_sftp,   &definition_scp,   &definition_rsync, &definition_git,
	&definition_aspera, &definition_probe, &definition_borg,  &definition_svn,
	&definition_hg,	    &definition_unison, &definition_rdiff_backup, &definition_rclone,
	NULL,
};
