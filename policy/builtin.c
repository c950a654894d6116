#include "definition.h"

const struct definition *const definition_builtin[] = {
	&definition_sftp,   &definition_scp,   &definition_rsync, &definition_git,
	&definition_aspera, &definition_probe, NULL,
};
