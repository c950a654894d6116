/*
 * fault-nss - a name service with one account that is in no file, so that the gate has to ask getent(1). As
 * libnss_fault.so.2, for a line "passwd: files fault"; /opt/nss/account has the passwd(5) line.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <nss.h>
#include <pwd.h>
#include <stdio.h>

enum nss_status _nss_fault_getpwuid_r(uid_t uid, struct passwd *entry, char *room, size_t size, int *error);

enum nss_status _nss_fault_getpwuid_r(uid_t uid, struct passwd *entry, char *room, size_t size, int *error)
{
	struct passwd *found = NULL;
	FILE *file = fopen("/opt/nss/account", "re");
	int failed = file ? fgetpwent_r(file, entry, room, size, &found) : ENOENT;

	if (file)
		fclose(file);
	*error = failed == ERANGE ? ERANGE : ENOENT;
	if (failed == ERANGE)
		return NSS_STATUS_TRYAGAIN;
	return found && found->pw_uid == uid ? NSS_STATUS_SUCCESS : NSS_STATUS_NOTFOUND;
}
