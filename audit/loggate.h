/*
 * loggate - the gate's own lines, which are logfmt (text/logfmt.h). Private to logline.
 */
#ifndef AUDIT_LOGGATE_H
#define AUDIT_LOGGATE_H

#include "logline.h"

/*
 * LOGLINE_GATE; of a transfer what an sftp server's line would be, or LOGLINE_LOST; or LOGLINE_MANGLED for what the
 * gate would not have written byte for byte.
 */
void loggate_read(struct logspan message, struct logline *out);

#endif
