/*
 * Goal: whoever can change a file is found, by whatever directory, owner, mode or list; and nobody is made up.
 */
#include "test.h"

#include "cli/way.h"
#include "planted.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { ACCOUNT = 4321, STRANGER = 4322, OWN_GROUP = 4400, OTHER_GROUP = 4401 };

static struct image image;
static const gid_t gids[] = {OWN_GROUP};

static void own(const char *name, uid_t uid, gid_t gid, mode_t mode)
{
	assert_int_equal(chown(planted_at(name), uid, gid), 0);
	assert_int_equal(chmod(planted_at(name), mode), 0);
}

/* home/.ssh/keys: sound, and the account's. */
static void plant_sound(void)
{
	own("", 0, 0, 0755);
	own("home", ACCOUNT, OWN_GROUP, 0755);
	own("home/.ssh", ACCOUNT, OWN_GROUP, 0700);
	own("home/.ssh/keys", ACCOUNT, OWN_GROUP, 0600);
}

static int set_up(void **state)
{
	if (planted_make(state) != 0)
		return -1;
	assert_int_equal(mkdir(planted_at("home"), 0755), 0);
	assert_int_equal(mkdir(planted_at("home/.ssh"), 0755), 0);
	close(open(planted_at("home/.ssh/keys"), O_WRONLY | O_CREAT, 0600));
	assert_int_equal(symlink("home/.ssh/keys", planted_at("link")), 0);
	return image_enter(&image, planted_at("")) ? 0 : -1;
}

static int tear_down(void **state)
{
	image_leave(&image);
	return planted_remove(state);
}

static struct way look(const char *path)
{
	const struct way_who who = {.uid = ACCOUNT, .gids = gids, .gids_count = 1, .home = "/home"};
	struct way way;

	assert_true(way_look(&image, path, &who, &way));
	return way;
}

static void same(const char *what, const struct way *way, const struct way_spot *spot, const char *place)
{
	if (spot->length != strlen(place) || memcmp(way->real, place, spot->length) != 0)
		FAIL("%s: %.*s, not %s", what, (int)spot->length, way->real, place);
}

static void test_spots(void **state)
{
	static const struct {
		const char *name;
		uid_t uid;
		gid_t gid;
		mode_t mode;
		const char *others, *strict, *own, *shut;
	} rows[] = {
		/* what one change of a sound way makes of it; "" for nowhere */
		{"home/.ssh/keys", ACCOUNT, OWN_GROUP, 0600, "", "", "/home/.ssh/keys", ""},
		{"home/.ssh/keys", ACCOUNT, OWN_GROUP, 0620, "/home/.ssh/keys", "/home/.ssh/keys", "/home/.ssh/keys", ""},
		{"home/.ssh/keys", STRANGER, OWN_GROUP, 0644, "/home/.ssh/keys", "/home/.ssh/keys", "/home/.ssh", ""},
		{"home/.ssh/keys", 0, 0, 0644, "", "", "/home/.ssh", ""},
		{"home/.ssh/keys", 0, 0, 0600, "", "", "/home/.ssh", "/home/.ssh/keys"},
		{"home/.ssh/keys", 0, OWN_GROUP, 0660, "/home/.ssh/keys", "/home/.ssh/keys", "/home/.ssh/keys", ""},
		{"home/.ssh", ACCOUNT, OWN_GROUP, 0777, "/home/.ssh", "/home/.ssh", "/home/.ssh/keys", ""},
		{"home/.ssh", 0, OTHER_GROUP, 0750, "", "", "/home/.ssh/keys", "/home/.ssh"},
		{"home", ACCOUNT, OTHER_GROUP, 0775, "/home", "/home", "/home/.ssh/keys", ""},
		{"home", STRANGER, 0, 0755, "/home", "/home", "/home/.ssh/keys", ""},
		/* above the home sshd does not look, and root's sticky directories protect what lies in them */
		{"", 0, 0, 0777, "/", "", "/home/.ssh/keys", ""},
		{"", 0, 0, 01777, "", "", "/home/.ssh/keys", ""},
		{"home", 0, 0, 01777, "", "/home", "/home/.ssh/keys", ""},
	};

	(void)state;
	if (getuid() != 0)
		skip(); /* only root can make files of others */
	for (size_t i = 0; i < ROWS(rows); i++) {
		char row[32];

		plant_sound();
		own(rows[i].name, rows[i].uid, rows[i].gid, rows[i].mode);
		struct way way = look("/home/.ssh/keys");
		snprintf(row, sizeof row, "row %zu", i);
		same(row, &way, &way.others, rows[i].others);
		same(row, &way, &way.strict, rows[i].strict);
		same(row, &way, &way.own, rows[i].own);
		same(row, &way, &way.shut, rows[i].shut);
		assert_int_equal(way.acl.length, 0);
	}
}

/* Root's file in root's directories: the account can change nothing. */
static void test_locked(void **state)
{
	(void)state;
	if (getuid() != 0)
		skip();
	own("home", 0, 0, 0755);
	own("home/.ssh", 0, 0, 0755);
	own("home/.ssh/keys", 0, 0, 0644);
	struct way way = look("/link");
	assert_string_equal(way.real, "/home/.ssh/keys");
	assert_int_equal(way.own.length + way.others.length + way.strict.length + way.shut.length, 0);
	/* in a sticky directory of root's it could make a file, and not touch this one */
	own("home/.ssh", 0, 0, 01777);
	way = look("/home/.ssh/keys");
	assert_int_equal(way.own.length, 0);
	way = look("/home/.ssh/absent/deeper");
	assert_true(way.absent);
	assert_string_equal(way.real, "/home/.ssh");
	same("absent", &way, &way.own, "/home/.ssh");
}

static void test_lists(void **state)
{
	static const struct {
		unsigned tag, permits, id;
		bool found;
	} rows[] = {
		{2, 6, STRANGER, true},    {2, 4, STRANGER, false},    {2, 6, 0, false},
		{2, 6, ACCOUNT, false},    {8, 6, OTHER_GROUP, true},  {8, 4, OTHER_GROUP, false},
	};

	(void)state;
	if (getuid() != 0)
		skip();
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct {
			uint32_t version;
			struct {
				uint16_t tag, permits;
				uint32_t id;
			} entry[5];
		} list = {htole32(2), {{htole16(1), htole16(6), htole32(~0U)},
				       {htole16((uint16_t)rows[i].tag), htole16((uint16_t)rows[i].permits), htole32(rows[i].id)},
				       {htole16(4), 0, htole32(~0U)},
				       {htole16(0x10), htole16(7), htole32(~0U)},
				       {htole16(0x20), 0, htole32(~0U)}}};

		if (rows[i].tag == 8) { /* a named group stands behind the owning one */
			uint16_t permits = list.entry[1].permits;

			list.entry[1].tag = htole16(4), list.entry[1].permits = 0, list.entry[1].id = htole32(~0U);
			list.entry[2].tag = htole16(8), list.entry[2].permits = permits;
			list.entry[2].id = htole32(rows[i].id);
		}
		plant_sound();
		if (setxattr(planted_at("home/.ssh/keys"), "system.posix_acl_access", &list, sizeof list, 0) != 0) {
			assert_int_equal(errno, EOPNOTSUPP);
			skip();
		}
		struct way way = look("/home/.ssh/keys");
		same("list", &way, &way.acl, rows[i].found ? "/home/.ssh/keys" : "");
		assert_true(!rows[i].found || (way.acl_id == rows[i].id && way.acl_group == (rows[i].tag == 8)));
		removexattr(planted_at("home/.ssh/keys"), "system.posix_acl_access");
	}
}

static void test_remote(void **state)
{
	(void)state;
	assert_string_equal(way_remote(0x6969), "NFS");
	assert_string_equal(way_remote(0xff534d42), "CIFS");
	assert_string_equal(way_remote(0x65735546), "FUSE");
	assert_null(way_remote(0xef53)); /* ext4 */
	assert_null(way_remote(0x01021994)); /* tmpfs */
	assert_null(look("/link").remote);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spots),
		cmocka_unit_test(test_locked),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_remote),
	};

	return cmocka_run_group_tests_name("way", tests, set_up, tear_down);
}
