/*
 * Goal: the sets of Landlock are what each isolation needs and no more. For plans of each kind, what can be done in every
 * place is compared with what this file says; then each right that was handled, each that was granted and each scope
 * is taken out, one by one, and what can be done must change or the session be refused: a right whose removal nobody
 * notices is not needed, or not tested (I5).
 *
 * The rights are taken out on their way to the kernel, so whatever landlock.c asks for is found by itself.
 */
#include "test.h"

#include "landlock-world.h"
#include "sandbox/step.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RULES_MAX = 64, PLACES_SAID = 32, SCOPED_ABI = 6 };

/* What was asked of the kernel. */
struct asked {
	uint64_t handled[3]; /* files, network, scopes */
	size_t count;
	uint64_t rule[RULES_MAX];
	char name[RULES_MAX][48];
};

static struct asked asked;

/* What is taken out: rule RULES_MAX and above are handled[]; 0 in `bits`: nothing. */
static struct removal {
	size_t rule;
	uint64_t bits;
} removal;

static uint64_t left(size_t rule, uint64_t bits) { return rule == removal.rule ? bits & ~removal.bits : bits; }

long __real_syscall(long number, ...);
long __wrap_syscall(long number, long a, long b, long c, long d, long e);

static long make_ruleset(const uint64_t *attributes, long size)
{
	uint64_t sets[3] = {0};

	memcpy(sets, attributes, (size_t)size);
	for (size_t i = 0; i < 3; i++)
		sets[i] = asked.handled[i] = left(RULES_MAX + i, sets[i]);
	return __real_syscall(SYS_landlock_create_ruleset, sets, size, 0);
}

static long add_rule(long ruleset, const struct landlock_path_beneath_attr *attributes)
{
	struct landlock_path_beneath_attr rule = *attributes;
	size_t n = asked.count++;

	if (n == RULES_MAX)
		_exit(98);
	asked.rule[n] = rule.allowed_access;
	snprintf(asked.name[n], sizeof asked.name[n], "%s", world_name(rule.parent_fd));
	/* The kernel refuses a rule for what is not handled, and one without rights. */
	rule.allowed_access = left(n, rule.allowed_access) & asked.handled[0];
	return rule.allowed_access ? __real_syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0)
				   : 0;
}

long __wrap_syscall(long number, long a, long b, long c, long d, long e)
{
	if (number == SYS_landlock_create_ruleset && a)
		return make_ruleset((const uint64_t *)a, b);
	if (number == SYS_landlock_add_rule)
		return add_rule(a, (const struct landlock_path_beneath_attr *)c);
	return __real_syscall(number, a, b, c, d, e);
}

/* ---- plans ---- */

struct place {
	const char *path, *letters;
};

struct plan {
	const char *name;
	enum sandbox_isolation isolation;
	enum sandbox_profile profile;
	unsigned files;
	struct sandbox_files_at at;  /* or none */
	const char *program;
	const char *inside;          /* or NULL */
	const char *without;         /* of the world; NULL: the state directory, unless it is said */
	bool state, others_state, package;
	bool no_tmp;
	/* what Landlock lets through: anywhere, beneath these places as well (the deepest that is named), and once */
	const char *anywhere;
	struct place places[PLACES_SAID];
	const char *once;
};

#define EVERYTHING (SANDBOX_READ | SANDBOX_WRITE | SANDBOX_LIST | SANDBOX_CREATE | SANDBOX_MKDIR | SANDBOX_REMOVE | \
		    SANDBOX_MOVE | SANDBOX_SYMLINK)
#define DROP (SANDBOX_WRITE | SANDBOX_CREATE | SANDBOX_MKDIR)
#define LOOK (SANDBOX_READ | SANDBOX_LIST)

#define SEEN \
	{"/usr/", "rl"}, {"/lib/", "rl"}, {"/lib64/", "rl"}, {"/lib32/", "rl"}, {"/libx32/", "rl"}, {"/bin/", "rl"}, \
		{"/sbin/", "rl"}
#define LIBRARIES(letters) \
	{"/usr/lib/x86_64-linux-gnu/", letters}, {"/usr/lib/aarch64-linux-gnu/", letters}, \
		{"/lib/x86_64-linux-gnu/", letters}, {"/lib/aarch64-linux-gnu/", letters}, {"/usr/lib64/", letters}, \
		{"/lib64/", letters}, {"/usr/lib/locale/", letters}, {"/usr/share/locale/", letters}, \
		{"/usr/share/zoneinfo/", letters}, {"/usr/share/git-core/", letters}
#define NAMES \
	{"/etc/passwd", "r"}, {"/etc/group", "r"}, {"/etc/nsswitch.conf", "r"}, {"/etc/ld.so.cache", "r"}, \
		{"/etc/localtime", "r"}, {"/dev/null", "rw"}, {"/dev/zero", "r"}, {"/dev/urandom", "r"}, \
		{"/dev/random", "r"}
#define PROGRAM {"/usr/bin/program", "rx"}, {"/lib/ld.so", "rx"}
#define INSIDE  PROGRAM, {"/usr/bin/inside", "rx"}
#define ALL_BUT_SPECIAL "rwtlcdfsyuDm"

static const struct plan plans[] = {
	{"namespace, all verbs: mounts hold the rest", SANDBOX_NAMESPACE, SANDBOX_PLAIN, EVERYTHING,
	 .anywhere = "rwtlcdyuD", .places = {{"/files/", "fsm"}, {"/tmp/", "m"}, PROGRAM}},
	{"namespace, all verbs, no /tmp", SANDBOX_NAMESPACE, SANDBOX_PLAIN, EVERYTHING, .no_tmp = true,
	 .anywhere = "rwtlcdyuD", .places = {{"/files/", "fsm"}, PROGRAM}},
	{"namespace, no verb that writes, no /tmp", SANDBOX_NAMESPACE, SANDBOX_PLAIN, LOOK, .no_tmp = true, .anywhere = "rl",
	 .places = {{"/dev/", "w"}, PROGRAM}},
	{"namespace, read-only", SANDBOX_NAMESPACE, SANDBOX_PLAIN, LOOK, .anywhere = "rl",
	 .places = {{"/tmp/", "wtcduDm"}, {"/dev/", "w"}, PROGRAM}},
	{"namespace, drop-box", SANDBOX_NAMESPACE, SANDBOX_PLAIN, DROP, .anywhere = "wtcd",
	 .places = {SEEN, {"/opt/", "rl"}, {"/etc/", "rl"}, {"/session/", "rl"}, {"/home/", "rl"},
		    {"/dev/", "rl"}, {"/tmp/", "rluDm"},
		    {"/files/", "fs"}, PROGRAM}},
	{"namespace, one directory", SANDBOX_NAMESPACE, SANDBOX_PLAIN, SANDBOX_LIST, {"/in", EVERYTHING},
	 .anywhere = "l",
	 .places = {SEEN, {"/opt/", "r"}, {"/etc/", "r"}, {"/session/", "r"}, {"/home/", "r"},
		    {"/dev/", "rw"}, {"/tmp/", "rwtcduDm"},
		    {"/files/in/", ALL_BUT_SPECIAL}, PROGRAM}},
	{"namespace, what starts others", SANDBOX_NAMESPACE, SANDBOX_SPAWN, EVERYTHING, .inside = "/usr/bin/inside",
	 .anywhere = "wtlcdyuD",
	 .places = {LIBRARIES("r"), {"/opt/", "r"}, {"/etc/", "r"}, {"/session/", "r"}, {"/home/", "r"},
		    {"/dev/", "r"}, {"/tmp/", "rm"},
		    {"/files/", "rfsm"}, INSIDE}},
	{"namespace, with state of its own", SANDBOX_NAMESPACE, SANDBOX_FORK, SANDBOX_MKDIR, .state = true,
	 .anywhere = "d",
	 .places = {SEEN, {"/opt/", "rl"}, {"/etc/", "rl"}, {"/session/", "rl"}, {"/home/", "rl"}, {"/dev/", "rlw"},
		    {"/tmp/", "rwtlcuDm"}, {"/state/", "rwtlcuDm"}, PROGRAM}},
	{"namespace, beside another's state", SANDBOX_NAMESPACE, SANDBOX_PLAIN, EVERYTHING, .others_state = true,
	 .anywhere = "",
	 .places = {SEEN, {"/opt/", "rl"}, {"/etc/", "rl"}, {"/session/", "rl"}, {"/home/", "rl"}, {"/dev/", "rlw"},
		    {"/tmp/", "rwtlcduDm"}, {"/files/", ALL_BUT_SPECIAL}, PROGRAM}},
	{"namespace, sockets", SANDBOX_NAMESPACE, SANDBOX_NET, EVERYTHING, .anywhere = "rwtlcdyuD",
	 .places = {{"/files/", "fsm"}, {"/tmp/", "m"}, PROGRAM}, .once = "nN"},
	{"chroot, all verbs", SANDBOX_CHROOT, SANDBOX_PLAIN, EVERYTHING, .anywhere = "",
	 .places = {{"/", ALL_BUT_SPECIAL}, PROGRAM}},
	{"chroot, one verb", SANDBOX_CHROOT, SANDBOX_FORK, SANDBOX_MKDIR, .anywhere = "",
	 .places = {{"/", "d"}, SEEN, {"/opt/", "rl"}, {"/etc/", "rl"}, {"/dev/", "rlw"}, PROGRAM}},
	{"chroot, what starts others", SANDBOX_CHROOT, SANDBOX_SPAWN, SANDBOX_MKDIR, .inside = "/usr/bin/inside",
	 .anywhere = "",
	 .places = {{"/", "d"}, LIBRARIES("rl"), {"/opt/", "rl"}, {"/etc/", "rl"}, {"/dev/", "rlw"}, INSIDE}},
	{"chroot, without multiarch", SANDBOX_CHROOT, SANDBOX_SPAWN, SANDBOX_MKDIR, .without = "-linux-gnu",
	 .anywhere = "",
	 .places = {{"/", "d"}, LIBRARIES("rl"), {"/usr/lib/", "rl"}, {"/lib/", "rl"}, {"/opt/", "rl"}, {"/etc/", "rl"},
		    {"/dev/", "rlw"}, PROGRAM}},
	{"landlock, all verbs", SANDBOX_LANDLOCK, SANDBOX_PLAIN, EVERYTHING, .program = "/srv/bin/program",
	 .anywhere = "",
	 .places = {SEEN, NAMES, {"/srv/a/", ALL_BUT_SPECIAL}, {"/srv/bin/program", "rx"}, {"/lib/ld.so", "x"}}},
	{"landlock, one verb, a package", SANDBOX_LANDLOCK, SANDBOX_FORK, SANDBOX_MKDIR, .package = true, .anywhere = "",
	 .places = {SEEN, NAMES, {"/srv/a/", "d"}, {"/opt/package/", "rl"}, PROGRAM}},
	{"landlock, what starts others", SANDBOX_LANDLOCK, SANDBOX_SPAWN, EVERYTHING, .inside = "/usr/bin/inside",
	 .anywhere = "", .places = {LIBRARIES("rl"), NAMES, {"/srv/a/", ALL_BUT_SPECIAL}, INSIDE}},
	{"landlock, without multiarch", SANDBOX_LANDLOCK, SANDBOX_SPAWN, LOOK, .without = "-linux-gnu", .anywhere = "",
	 .places = {LIBRARIES("rl"), {"/usr/lib/", "rl"}, {"/lib/", "rl"}, NAMES, {"/srv/a/", "rl"}, PROGRAM}},
	{"landlock, sockets", SANDBOX_LANDLOCK, SANDBOX_NET, LOOK, .anywhere = "",
	 .places = {SEEN, NAMES, {"/srv/a/", "rl"}, PROGRAM}, .once = "nN"},
};

static const char *without(const struct plan *plan)
{
	return plan->without ? plan->without : plan->state || plan->others_state ? "//" : "/state/";
}

/* ---- one session of a plan ---- */

struct session {
	struct asked asked;
	struct world_outcome outcome;
	bool refused;
	char reason[64];
};

static void be_confined(const struct plan *plan, struct session *session)
{
	static const char *const docroots[] = {"/files", "", "/srv/a"};
	const char *const inside[] = {plan->inside, NULL};
	struct sandbox_view view = {
		.isolation = plan->isolation, .docroot = "x", .files = docroots[plan->isolation],
		.state = plan->state || plan->others_state ? "x" : NULL,
		.tmp = plan->isolation == SANDBOX_NAMESPACE && !plan->no_tmp};
	struct sandbox_grant grant = {
		.view = &view,
		.program = plan->program ? plan->program : "/usr/bin/program",
		.files = plan->files,
		.profile = plan->profile,
		.inside = inside,
		.state = plan->state,
		.landlock = sandbox_landlock_abi(),
		.at = {plan->at},
		.at_count = plan->at.directory != NULL,
	};
	struct sandbox_fault fault;

	if (plan->package)
		strcpy(view.opt[view.opt_count++], "package");
	session->refused = !landlock_close(&grant, &fault);
	if (session->refused)
		snprintf(session->reason, sizeof session->reason, "%s: %s", fault.step, fault.reason);
	else
		world_try(&session->outcome);
	session->asked = asked;
}

static void run(const struct plan *plan, struct session *session)
{
	int ends[2], status;

	assert_int_equal(pipe(ends), 0);
	pid_t pid = fork();
	if (pid == 0) {
		*session = (struct session){0};
		if (!world_begin(without(plan)) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
			_exit(97);
		be_confined(plan, session);
		_exit(write(ends[1], session, sizeof *session) == sizeof *session ? 0 : 96);
	}
	close(ends[1]);
	size_t used = 0;
	ssize_t n;
	while (used < sizeof *session && (n = read(ends[0], (char *)session + used, sizeof *session - used)) > 0)
		used += (size_t)n;
	close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (status != 0 || used != sizeof *session)
		FAIL("%s: no session: status %x (97: namespaces or mounts are not to be had here)", plan->name, status);
}

static bool same(const struct session *a, const struct session *b)
{
	return a->refused == b->refused && memcmp(&a->outcome, &b->outcome, sizeof a->outcome) == 0;
}

/* ---- the tests ---- */

static uint32_t said(const struct plan *plan, const char *place)
{
	uint32_t bits = world_letters(place, plan->anywhere);

	for (const struct place *p = plan->places; p->path; p++)
		if (strncmp(place, p->path, strlen(p->path)) == 0)
			bits |= world_letters(place, p->letters);
	return bits;
}

static int compare(const struct plan *plan, const struct session *session)
{
	int wrong = 0;

	world_suppose(without(plan));
	for (size_t i = 0; world_places[i]; i++) {
		uint32_t want = said(plan, world_places[i]), got = session->outcome.place[i];

		for (size_t l = 0; l < WORLD_LETTERS_MAX; l++)
			if ((want ^ got) & 1u << l) {
				print_message("# %s: '%c' in %s is %s\n", plan->name, WORLD_LETTERS[l], world_places[i],
					      got & 1u << l ? "let through" : "refused");
				wrong++;
			}
	}
	for (size_t l = 0; l < WORLD_ONCE_MAX; l++)
		if (!(session->outcome.once & 1u << l) != !(plan->once && strchr(plan->once, WORLD_ONCE[l]))) {
			print_message("# %s: '%c' is another way\n", plan->name, WORLD_ONCE[l]);
			wrong++;
		}
	return wrong;
}

static bool is_old(void)
{
	if (sandbox_landlock_abi() >= SCOPED_ABI)
		return false;
	print_message("# this kernel's Landlock is older than what the plans say\n");
	return true;
}

static void test_plans(void **state)
{
	struct session session;
	int wrong = 0;

	(void)state;
	if (is_old())
		skip();
	removal = (struct removal){0};
	for (size_t i = 0; i < ROWS(plans); i++) {
		run(&plans[i], &session);
		if (session.refused)
			FAIL("%s: %s", plans[i].name, session.reason);
		wrong += compare(&plans[i], &session);
	}
	assert_int_equal(wrong, 0);
}

static bool is_granted(const struct asked *a, uint64_t bit)
{
	for (size_t rule = 0; rule < a->count; rule++)
		if (a->rule[rule] & bit)
			return true;
	return false;
}

/*
 * Goal: what is handled is needed in every plan that handles it. But for one: what nobody is granted of REFER is denied
 * whether it is handled or not (landlock(7)).
 */
static void test_handled(void **state)
{
	struct session whole, lacking;
	int unnoticed = 0, removed = 0;

	(void)state;
	if (is_old())
		skip();
	for (size_t i = 0; i < ROWS(plans); i++) {
		removal = (struct removal){0};
		run(&plans[i], &whole);
		for (size_t set = 0; set < 3; set++)
			for (uint64_t bit = 1; bit && bit <= whole.asked.handled[set]; bit <<= 1) {
				if (!(whole.asked.handled[set] & bit) ||
				    (set == 0 && bit == LANDLOCK_ACCESS_FS_REFER && !is_granted(&whole.asked, bit)))
					continue;
				removal = (struct removal){RULES_MAX + set, bit};
				run(&plans[i], &lacking);
				removed++;
				if (!same(&whole, &lacking))
					continue;
				print_message("# %s: without %s right %#lx nothing changes\n", plans[i].name,
					      (const char *const[]){"file", "network", "scope"}[set],
					      (unsigned long)bit);
				unnoticed++;
			}
	}
	print_message("# %d handled rights taken out\n", removed);
	assert_int_equal(unnoticed, 0);
}

/* A right in a place, in an isolation. */
struct grant {
	enum sandbox_isolation isolation;
	char name[48];
	uint64_t bit;
	bool needed;
};

static struct grant grants[1024];
static size_t grants_count;

static struct grant *find(enum sandbox_isolation isolation, const char *name, uint64_t bit)
{
	struct grant *g = grants;

	while (g < grants + grants_count && (g->isolation != isolation || g->bit != bit || strcmp(g->name, name) != 0))
		g++;
	if (g == grants + grants_count) {
		assert_true(++grants_count < ROWS(grants));
		*g = (struct grant){.isolation = isolation, .bit = bit};
		snprintf(g->name, sizeof g->name, "%s", name);
	}
	return g;
}

/* Goal: what is granted is needed by one plan of its isolation at least: where another rule covers it, not by each. */
static void test_granted(void **state)
{
	struct session whole, lacking;
	int unnoticed = 0;

	(void)state;
	if (is_old())
		skip();
	for (size_t i = 0; i < ROWS(plans); i++) {
		removal = (struct removal){0};
		run(&plans[i], &whole);
		for (size_t rule = 0; rule < whole.asked.count; rule++)
			for (uint64_t bit = 1; bit && bit <= whole.asked.rule[rule]; bit <<= 1) {
				if (!(whole.asked.rule[rule] & bit))
					continue;
				struct grant *g = find(plans[i].isolation, whole.asked.name[rule], bit);
				if (g->needed)
					continue;
				removal = (struct removal){rule, bit};
				run(&plans[i], &lacking);
				g->needed = !same(&whole, &lacking);
			}
	}
	for (const struct grant *g = grants; g < grants + grants_count; g++)
		if (!g->needed) {
			print_message("# isolation %d: without right %#lx in %s nothing changes\n", (int)g->isolation,
				      (unsigned long)g->bit, g->name);
			unnoticed++;
		}
	print_message("# %zu granted rights taken out\n", grants_count);
	assert_int_equal(unnoticed, 0);
}

/* Goal: a rule is for the directory that it names: a link in its place, which an account could make, ends the session. */
static void test_links(void **state)
{
	static const struct plan plan = {
		"a link", SANDBOX_NAMESPACE, SANDBOX_PLAIN, SANDBOX_LIST, .at = {"/link", EVERYTHING}};
	struct session session;

	(void)state;
	removal = (struct removal){0};
	run(&plan, &session);
	assert_true(session.refused);
	assert_string_equal(session.reason, "landlock: a directory of the docroot cannot be opened");
}

/* Goal: without Landlock nothing goes on, unless the policy names it and something else is there (I4). */
static void test_absent(void **state)
{
	(void)state;
	for (int may = 0; may < 2; may++)
		for (int isolation = 0; isolation < SANDBOX_ISOLATIONS; isolation++)
			for (int profile = 0; profile < SANDBOX_WAIT; profile++) {
				const struct sandbox_view view = {.isolation = (enum sandbox_isolation)isolation};
				struct sandbox_grant grant = {.view = &view,
							      .profile = (enum sandbox_profile)profile,
							      .may_lack_landlock = may};
				struct sandbox_fault fault;

				assert_int_equal(landlock_close(&grant, &fault),
						 may && isolation != SANDBOX_LANDLOCK && profile != SANDBOX_SPAWN);
			}
}

static int begin(void **state)
{
	(void)state;
	return world_outside() ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plans), cmocka_unit_test(test_handled), cmocka_unit_test(test_granted),
		cmocka_unit_test(test_links), cmocka_unit_test(test_absent),
	};

	return cmocka_run_group_tests_name("landlock", tests, begin, NULL);
}
