#include "reach.h"

const struct reach reach_runtime[] = {
	{"/usr", REACH_SEE, "libraries, locales and a program's own data: nothing there is secret"},
	{"/lib", REACH_SEE, "the same where /usr is not merged, or a link into it"},
	{"/lib64", REACH_SEE, "the loader's name on x86-64"},
	{"/lib32", REACH_SEE, "the same for other sizes of word"},
	{"/libx32", REACH_SEE, "the same"},
	{"/bin", REACH_SEE, "programs where /usr is not merged"},
	{"/sbin", REACH_SEE, "the same"},
	{0},
};

/* No shell and no interpreter among them, for a loader starts what it can read. */
const struct reach reach_libraries[] = {
	{"/usr/lib/x86_64-linux-gnu", REACH_SEE, "libraries: Debian and its kin"},
	{"/usr/lib/aarch64-linux-gnu", REACH_SEE, "the same on arm64"},
	{"/lib/x86_64-linux-gnu", REACH_SEE, "the same where /usr is not merged"},
	{"/lib/aarch64-linux-gnu", REACH_SEE, "the same on arm64"},
	{"/usr/lib64", REACH_SEE, "libraries: Fedora and its kin"},
	{"/lib64", REACH_SEE, "the loader's name on x86-64"},
	{"/usr/lib/locale", REACH_SEE, "locales"},
	{"/usr/share/locale", REACH_SEE, "translations"},
	{"/usr/share/zoneinfo", REACH_SEE, "local times"},
	{"/usr/share/git-core", REACH_SEE, "templates of a new repository"},
	{0},
};

const struct reach reach_flat[] = {
	{"/usr/lib", REACH_SEE, "libraries where there is no directory for each architecture"},
	{"/lib", REACH_SEE, "the same where /usr is not merged"},
	{0},
};

static const struct reach in_view[] = {
	{"/opt", REACH_SEE, "the packages that the policy names; no other is in the view"},
	{"/etc", REACH_SEE, "links to what follows, and files that anybody may read"},
	{"/session", REACH_SEE, "made for this session: this account and nobody else"},
	{SANDBOX_HOME, REACH_SEE, "empty"},
	{"/dev", REACH_SEE | REACH_WRITE, "null and the random devices; no ioctl on them"},
	{0},
};

static const struct reach in_chroot[] = {
	{"/opt", REACH_SEE, "what root put into the docroot there"},
	{"/etc", REACH_SEE, "the same: passwd and group of the accounts that use it"},
	{"/dev", REACH_SEE | REACH_WRITE, "null, zero and the random devices; no ioctl on them"},
	{0},
};

/* File by file, for these directories are the host's. Not shadow, and no /tmp: others write there too. */
static const struct reach among_names[] = {
	{"/etc/passwd", REACH_READ, "names of owners; anybody may read it"},
	{"/etc/group", REACH_READ, "the same for groups"},
	{"/etc/nsswitch.conf", REACH_READ, "where the names are looked up"},
	{"/etc/ld.so.cache", REACH_READ, "where the loader finds libraries"},
	{"/etc/localtime", REACH_READ, "local times, where it is a file and no link into /usr"},
	{"/dev/null", REACH_READ | REACH_WRITE, "where nothing goes"},
	{"/dev/zero", REACH_READ, "where nothing comes from"},
	{"/dev/urandom", REACH_READ, "random bytes"},
	{"/dev/random", REACH_READ, "the same"},
	{0},
};

const struct reach *const reach_rest[SANDBOX_ISOLATIONS] = {
	[SANDBOX_NAMESPACE] = in_view,
	[SANDBOX_CHROOT] = in_chroot,
	[SANDBOX_LANDLOCK] = among_names,
};
