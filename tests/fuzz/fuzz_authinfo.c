/*
 * Any file of sshd's: no key, or one whose fingerprint has its form; a certificate has one of its CA as well.
 */
#include "fuzz.h"

#include "keys/authinfo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct authinfo info;
	const char *reason = authinfo_read((const char *)data, size, &info);

	if (reason ? info.fingerprint[0] != '\0' : strlen(info.fingerprint) != KEY_FINGERPRINT_ROOM - 1)
		BROKEN("fingerprint %s, reason %s", info.fingerprint, reason);
	if (info.certificate != (info.ca[0] != '\0'))
		BROKEN("a certificate without a CA");
	return 0;
}
