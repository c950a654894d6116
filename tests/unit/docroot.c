/*
 * Goal: the docroot that door one mounts is the one that the policy names: no link on the way, no directory above
 * it that somebody else could swap, never the home unless the policy says so (I2).
 */
#include "test.h"

#include "planted.h"
#include "sandbox/step.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ACCOUNT = 4321, OTHER = 4322 };

static void make(const char *name, uid_t owner, mode_t mode)
{
	assert_int_equal(mkdir(planted_at(name), 0700), 0);
	assert_int_equal(chown(planted_at(name), owner, 0), 0);
	assert_int_equal(chmod(planted_at(name), mode), 0);
}

/* reason: NULL when it must open. */
static void expect(const char *docroot, const char *home, bool allow_home, const char *reason)
{
	char path[160], home_path[160];
	struct sandbox_fault fault = {0};
	int fd = 77;

	strcpy(path, docroot[0] == '/' ? docroot : planted_at(docroot));
	strcpy(home_path, home[0] == '/' ? home : planted_at(home));
	const struct sandbox_view view = {
		.uid = ACCOUNT, .docroot = path, .home = home_path, .docroot_home = allow_home};
	bool opened = docroot_open(&view, &fd, &fault);

	if (opened != !reason || (reason && strcmp(fault.reason, reason) != 0))
		FAIL("%s: %s", docroot, opened ? "opened" : fault.reason);
	if (!opened) {
		assert_true(fault.configuration);
		assert_string_equal(fault.step, "docroot");
		assert_non_null(fault.want);
	}
	if (fd >= 0)
		close(fd);
}

#define NO_HOME "/nowhere/home"

static void test_ways(void **state)
{
	static const char above[] = "bad ownership or modes for a directory above the docroot";
	static const char reach[] = "a directory above the docroot cannot be reached";

	(void)state;
	if (getuid() != 0)
		skip(); /* only root can make directories of others */
	make("good", 0, 0755);
	make("good/data", ACCOUNT, 0777); /* the docroot itself may be anybody's */
	expect("good/data", NO_HOME, false, NULL);
	make("mine", ACCOUNT, 0755);
	make("mine/data", ACCOUNT, 0755);
	expect("mine/data", NO_HOME, false, NULL);
	make("theirs", OTHER, 0755);
	make("theirs/data", ACCOUNT, 0755);
	expect("theirs/data", NO_HOME, false, above);
	make("group", 0, 0775);
	make("group/data", ACCOUNT, 0755);
	expect("group/data", NO_HOME, false, above);
	make("world", 0, 0777);
	make("world/data", ACCOUNT, 0755);
	expect("world/data", NO_HOME, false, above);
	make("sticky", 0, 01777);
	make("sticky/data", ACCOUNT, 0755);
	expect("sticky/data", NO_HOME, false, NULL);
	make("sticky-mine", ACCOUNT, 01777);
	make("sticky-mine/data", ACCOUNT, 0755);
	expect("sticky-mine/data", NO_HOME, false, above);
	expect("none/data", NO_HOME, false, reach);
}

/* The path is the whole of dir/name, as the policy has it; the last component is the docroot. */
static void expect_chroot(const char *name, const char *reason, const char *place)
{
	char path[160], want[200];
	struct sandbox_fault fault = {0};
	int fd = -1;

	strcpy(path, planted_at(name));
	snprintf(want, sizeof want, "%s", place ? planted_at(place) : "");
	const struct sandbox_view view = {
		.isolation = SANDBOX_CHROOT, .uid = ACCOUNT, .docroot = path, .home = NO_HOME};
	bool good = docroot_open(&view, &fd, &fault) && chroot_check(&view, fd, &fault);

	if (good != !reason || (reason && strcmp(fault.reason, reason) != 0))
		FAIL("%s: %s", name, good ? "opened" : fault.reason);
	if (!good && strcmp(fault.place, want) != 0)
		FAIL("%s: at %s, not %s", name, fault.place, want);
	if (fd >= 0)
		close(fd);
}

/* Goal: what becomes the root is root's all the way, in sshd's words (DS-06 to DS-08, DS-12). */
static void test_chroot(void **state)
{
	static const char component[] = "bad ownership or modes for chroot directory component";
	static const char last[] = "bad ownership or modes for chroot directory";
	static const char inside[] = "bad ownership or modes for the runtime in the docroot";

	(void)state;
	if (getuid() != 0)
		skip();
	make("c", 0, 0755);
	make("c/alice", 0, 0750);
	expect_chroot("c/alice", NULL, NULL);
	make("c/group", 0, 0770);
	expect_chroot("c/group", last, "c/group");
	make("c/others", 0, 0757);
	expect_chroot("c/others", last, "c/others");
	make("c/sticky", 0, 01777); /* no help: a new name can be made */
	expect_chroot("c/sticky", last, "c/sticky");
	make("c/theirs", ACCOUNT, 0755);
	make("c/theirs/deep", 0, 0755);
	expect_chroot("c/theirs", last, "c/theirs");
	expect_chroot("c/theirs/deep", component, "c/theirs/");
	assert_int_equal(symlink("alice", planted_at("c/link")), 0);
	expect_chroot("c/link", "chroot directory cannot be opened", "c/link");
	expect_chroot("c/none", "chroot directory cannot be opened", "c/none");
	expect_chroot("c/none/deep", "chroot directory component cannot be opened", "c/none/");
	/* what programs believe in it */
	make("c/alice/alice", ACCOUNT, 0777);
	make("c/alice/usr", 0, 0755);
	expect_chroot("c/alice", NULL, NULL);
	make("c/alice/etc", ACCOUNT, 0755);
	expect_chroot("c/alice", inside, "c/alice/etc");
	assert_int_equal(chown(planted_at("c/alice/etc"), 0, 0) || chmod(planted_at("c/alice/usr"), 0775), 0);
	expect_chroot("c/alice", inside, "c/alice/usr");
}

/* Goal: what cannot be looked at is not taken for absent. */
static void test_unseen(void **state)
{
	const struct sandbox_view view = {.isolation = SANDBOX_CHROOT, .uid = ACCOUNT, .docroot = "/srv", .home = NO_HOME};
	struct sandbox_fault fault = {0};

	(void)state;
	assert_false(chroot_check(&view, -1, &fault));
	assert_int_equal(fault.error, EBADF);
}

/* Goal: user mode's gate and policy lie in no docroot, by inode (I10). */
static void test_apart(void **state)
{
	char path[160], apart[160];
	struct sandbox_fault fault;
	int fd;

	(void)state;
	make("p", getuid(), 0755);
	make("p/files", getuid(), 0755);
	make("p/files/deep", getuid(), 0755);
	make("p/bin", getuid(), 0755);
	strcpy(path, planted_at("p/files"));
	strcpy(apart, planted_at("p/bin"));
	struct sandbox_view view = {.uid = getuid(), .docroot = path, .home = NO_HOME, .keep_out = {NULL, apart}};
	if (getuid() == 0)
		assert_true(docroot_open(&view, &fd, &fault));
	strcpy(apart, planted_at("p/files/deep"));
	assert_false(docroot_open(&view, &fd, &fault));
	strcpy(apart, planted_at("p/bin/../files"));
	assert_false(docroot_open(&view, &fd, &fault));
	if (getuid() == 0)
		assert_string_equal(fault.reason, "the docroot holds the gate or its policy");
}

static void test_kinds(void **state)
{
	(void)state;
	make("root", getuid(), 0755);
	make("root/data", getuid(), 0755);
	assert_int_equal(symlink("data", planted_at("root/link")), 0);
	assert_int_equal(symlink("root", planted_at("way")), 0);
	close(open(planted_at("root/file"), O_WRONLY | O_CREAT, 0644));
	if (getuid() == 0) /* the parents' owners are right for nobody else */
		expect("root/data", NO_HOME, false, NULL);
	expect("root/link", NO_HOME, false, "the docroot is a link");
	expect("root/file", NO_HOME, false, "the docroot is not a directory");
	expect("root/none", NO_HOME, false, "the docroot is missing");
	expect("way/data", NO_HOME, false, "a directory above the docroot cannot be reached");
	expect("root/file/x", NO_HOME, false, "a directory above the docroot cannot be reached");
}

static void test_home(void **state)
{
	static const char is_home[] = "the docroot is the home directory or above it";
	char other[160];

	(void)state;
	make("h", 0, 0755);
	make("h/alice", 0, 0755);
	make("h/alice/in", 0, 0755);
	expect("h/alice", "h/alice", false, is_home);
	expect("h", "h/alice", false, is_home);
	expect("/", "h/alice", false, is_home);
	expect("h/alice/in", "h/alice", false, NULL);
	expect("h/alice", "h/alice", true, NULL);
	expect("h", "h/alice/gone", false, is_home); /* not there yet, and counted by its name */
	expect("h/alice", "h/alic", false, NULL);
	expect("h/alice", "h/alicex", false, NULL);
	/* by inode: another spelling of the home is the home */
	assert_int_equal(symlink("h/alice", planted_at("spelled")), 0);
	strcpy(other, planted_at("spelled"));
	expect("h/alice", other, false, is_home);
	expect("h", other, false, is_home);
	snprintf(other, sizeof other, "%s/../alice", planted_at("h/alice"));
	expect("h/alice", other, false, is_home);
	/* both at once: it is not there yet, and would be made in the docroot */
	strcpy(other, planted_at("spelled/gone/deep"));
	expect("h/alice", other, false, is_home);
	expect("h/alice/in", other, false, NULL);
	/* by name: a link in the docroot leads to what is no home of its own */
	assert_int_equal(symlink("/", planted_at("h/alice/in/out")), 0);
	expect("h/alice/in", "h/alice/in/out", false, is_home);
}

static void test_none(void **state)
{
	const struct sandbox_view view = {.uid = ACCOUNT, .home = "/"};
	struct sandbox_fault fault;
	int fd = 5;

	(void)state;
	assert_true(docroot_open(&view, &fd, &fault));
	assert_int_equal(fd, -1);
	assert_true(docroot_reopen(&view, &fd, &fault));
	assert_int_equal(fd, -1);
}

/* Goal: what was checked is what is mounted: a directory moved in between is noticed. */
static void test_reopen(void **state)
{
	char path[160], aside[160];
	struct sandbox_fault fault;
	int fd;

	(void)state;
	make("r", 0, 0755);
	strcpy(path, planted_at("r/data"));
	strcpy(aside, planted_at("r/aside"));
	make("r/data", 0, 0755);
	const struct sandbox_view view = {.uid = ACCOUNT, .docroot = path, .home = NO_HOME};
	assert_true(docroot_open(&view, &fd, &fault));
	assert_true(docroot_reopen(&view, &fd, &fault));
	assert_int_equal(rename(path, aside), 0);
	assert_false(docroot_reopen(&view, &fd, &fault));
	assert_int_equal(symlink("aside", path), 0);
	assert_false(docroot_reopen(&view, &fd, &fault));
	assert_int_equal(unlink(path) || mkdir(path, 0755), 0);
	assert_false(docroot_reopen(&view, &fd, &fault));
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chroot),
		cmocka_unit_test(test_unseen),
		cmocka_unit_test(test_apart),
		cmocka_unit_test(test_ways), cmocka_unit_test(test_kinds),  cmocka_unit_test(test_home),
		cmocka_unit_test(test_none), cmocka_unit_test(test_reopen),
	};

	return cmocka_run_group_tests_name("docroot", tests, planted_make, planted_remove);
}
