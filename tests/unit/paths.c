/*
 * Goal: a rule of `access /DIR` is for the directory of the docroot that was opened and checked, or the session ends: not
 * for one outside, nor for one that was put in its place since (I2, I4).
 */
#include "test.h"

#include "planted.h"
#include "sandbox/kernel.h"
#include "sandbox/step.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct sandbox sandbox_of(const struct sandbox_view *view)
{
	int docroot = open(planted_at("docroot"), O_PATH | O_DIRECTORY | O_CLOEXEC);

	assert_true(docroot >= 0);
	return (struct sandbox){.view = view, .docroot = docroot};
}

static int begin(void **state)
{
	return planted_make(state) == 0 && mkdir(planted_at("docroot"), 0755) == 0 &&
			       mkdir(planted_at("docroot/in"), 0755) == 0 && mkdir(planted_at("beside"), 0755) == 0
		       ? 0
		       : -1;
}

/* Puts another directory in the place of the one that a rule names. */
static bool swap(void)
{
	return rename(planted_at("docroot/in"), planted_at("docroot/aside")) == 0 &&
	       mkdir(planted_at("docroot/in"), 0755) == 0;
}

static bool swap_back(void)
{
	return rmdir(planted_at("docroot/in")) == 0 &&
	       rename(planted_at("docroot/aside"), planted_at("docroot/in")) == 0;
}

static void test_beneath(void **state)
{
	const struct sandbox_view in = {.path = {{.directory = "/in"}}, .paths_count = 1};
	const struct sandbox_view out = {.path = {{.directory = "/../beside"}}, .paths_count = 1};
	struct sandbox sandbox = sandbox_of(&in);
	struct sandbox_fault fault;

	(void)state;
	assert_true(paths_open(&sandbox, &fault));
	close(sandbox.path[0]);
	sandbox.view = &out;
	assert_false(paths_open(&sandbox, &fault));
	assert_string_equal(fault.step, "access");
	close(sandbox.docroot);
}

static void test_moved(void **state)
{
	const struct sandbox_view view = {.path = {{.directory = "/in"}}, .paths_count = 1};
	struct sandbox sandbox = sandbox_of(&view);
	struct sandbox_fault fault;

	(void)state;
	assert_true(paths_open(&sandbox, &fault));
	assert_true(paths_reopen(&sandbox, &fault));
	assert_true(swap());
	assert_false(paths_reopen(&sandbox, &fault));
	assert_true(swap_back());
	close(sandbox.path[0]);
	close(sandbox.docroot);
}

/* In a child with mounts of its own, and what is opened there: 0 when the tree was attached, 1 when it was refused. */
static void attach(const struct sandbox_view *view, bool swapped)
{
	struct sandbox_fault fault;
	int tree[SANDBOX_PATHS_MAX];

	if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		_exit(99);
	struct sandbox sandbox = sandbox_of(view);
	if (!paths_open(&sandbox, &fault))
		_exit(98);
	for (size_t i = 0; i < ROWS(tree); i++)
		tree[i] = -1;
	tree[0] = kernel_open_tree(sandbox.path[0], "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);
	if (tree[0] < 0 || (swapped && !swap()))
		_exit(97);
	_exit(paths_attach(&sandbox, sandbox.docroot, tree, &fault) ? 0 : 1);
}

static void test_attach(void **state)
{
	const struct sandbox_view view = {.path = {{.directory = "/in"}}, .paths_count = 1};

	(void)state;
	if (getuid() != 0)
		skip(); /* mounts are root's */
	for (int swapped = 0; swapped < 2; swapped++) {
		int status;
		pid_t pid = fork();
		if (pid == 0)
			attach(&view, swapped);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(WEXITSTATUS(status), swapped);
	}
	assert_true(swap_back());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_beneath),
		cmocka_unit_test(test_moved),
		cmocka_unit_test(test_attach),
	};

	return cmocka_run_group_tests_name("paths", tests, begin, planted_remove);
}
