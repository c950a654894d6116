#include "accounts.h"
#include "base.h"
#include "pin.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static bool put_account(int session, const struct sandbox_account *account)
{
	char name[ACCOUNTS_NAME];

	if (!accounts_name(account, name) || (mkdirat(session, name, 0755) != 0 && errno == EEXIST))
		return true;
	int dir = openat(session, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	bool put = dir >= 0 && accounts_put(dir, account);
	int error = errno;

	if (dir >= 0)
		close(dir);
	errno = error;
	return put;
}

/* In a directory that sessions reach by name, before what each of them mounts on it covers it. */
bool pin_put_accounts(int root, const struct sandbox_account *accounts, size_t count)
{
	int session = openat(root, BASE_SESSION, O_PATH | O_DIRECTORY | O_CLOEXEC);
	bool good = session >= 0 && fchmodat(root, BASE_SESSION, 0711, 0) == 0;

	for (size_t i = 0; good && i < count; i++)
		good = put_account(session, &accounts[i]);
	int error = errno;
	if (session >= 0)
		close(session);
	errno = error;
	return good;
}

static bool is_in(const struct sandbox_account *account)
{
	char name[ACCOUNTS_NAME], path[sizeof "/" BASE_SESSION "/" + ACCOUNTS_NAME];

	if (!accounts_name(account, name))
		return true;
	snprintf(path, sizeof path, "/" BASE_SESSION "/%s", name);
	return access(path, F_OK) == 0;
}

bool sandbox_pin_accounts(const struct sandbox_pinned *pinned, const struct sandbox_account *accounts,
			  size_t count, struct sandbox_pin_accounts *found)
{
	struct stat st = {0};
	int own = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	bool good = own >= 0 && pinned->ns >= 0 && setns(pinned->ns, CLONE_NEWNS) == 0;

	*found = (struct sandbox_pin_accounts){0};
	if (good) {
		good = stat("/" BASE_SESSION, &st) == 0;
		for (size_t i = 0; i < count; i++)
			found->absent += !is_in(&accounts[i]);
		good = setns(own, CLONE_NEWNS) == 0 && good;
	}
	if (own >= 0)
		close(own);
	if (good && st.st_nlink > 2)
		found->in = st.st_nlink - 2; /* itself, its parent, and each directory in it */
	return good;
}
