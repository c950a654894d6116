/*
 * escape-world - what lies outside for tests/e2e/escape.bats: the things that attempts are after.
 *
 *	escape-world reset OUTSIDE DOCROOT UID	as root: makes every file that an attempt wants, anew
 *	escape-world serve OUTSIDE DOCROOT	as the account, unconfined: the victim, and the accomplice in races
 *
 * serve prints `set KEY VALUE` lines for `escape` and then `ready`. It lives until it is killed; what it has in
 * the kernel goes with the stage's namespaces.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <termios.h>
#include <unistd.h>

static const char *outside, *docroot;
static char text[8192] = "outside"; /* what vm-read wants; more than a page, so that one is all ours */
static volatile sig_atomic_t signalled;

static void die(const char *what)
{
	fprintf(stderr, "escape-world: %s: %s\n", what, strerror(errno));
	exit(1);
}

static const char *in(const char *directory, const char *name)
{
	static char buffer[4][4096];
	static unsigned next;
	char *to = buffer[next++ % 4];

	snprintf(to, sizeof buffer[0], "%s/%s", directory, name);
	return to;
}

/* ---- reset ---- */

static uid_t owner;

static void make_file(const char *directory, const char *name, const char *content)
{
	int fd = open(in(directory, name), O_WRONLY | O_CREAT | O_EXCL, 0644);

	if (fd < 0 || write(fd, content, strlen(content)) < 0 || fchown(fd, owner, owner) != 0)
		die(name);
	close(fd);
}

static void make_directory(const char *directory, const char *name)
{
	if (mkdir(in(directory, name), 0755) != 0 || lchown(in(directory, name), owner, owner) != 0)
		die(name);
}

static void make_link(const char *directory, const char *name, const char *target)
{
	if (symlink(target, in(directory, name)) != 0 || lchown(in(directory, name), owner, owner) != 0)
		die(name);
}

/* What nobody changes stays: the uploads, which are large, and the secret, whose handle is known. */
static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st, (void)type;
	static const char *const stays[] = {"uploaded", "uploaded-dynamic", "script", "secret"};

	for (size_t i = 0; where->level == 1 && i < sizeof stays / sizeof *stays; i++)
		if (strcmp(path + where->base, stays[i]) == 0)
			return 0;
	if (where->level == 0)
		return 0;
	return remove(path) == 0 || errno == ENOENT ? 0 : -1;
}

static void empty(const char *directory)
{
	if (nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT) != 0)
		die(directory);
}

static void reset(void)
{
	static const char *const outer[] = {"file",     "doomed-1", "doomed-2", "doomed-3", "moved-1",
					    "moved-2", "bare-1",   "bare-2"};
	static const char *const inner[] = {"inside-1", "inside-2", "inside-3", "inside-4", "attributed"};
	static const char *const attributed[] = {"secret", "bare-1", "bare-2"};

	/* First this one: it stops an accomplice that still renames. */
	if (access(in(docroot, "race"), F_OK) == 0) {
		unlink(in(docroot, "race"));
		for (int i = 0; i < 20000 && access(in(docroot, "race-done"), F_OK) == 0; i++)
			usleep(1000);
	}
	empty(outside);
	empty(docroot);
	if (access(in(outside, "secret"), F_OK) != 0)
		make_file(outside, "secret", "outside");
	for (size_t i = 0; i < sizeof outer / sizeof *outer; i++)
		make_file(outside, outer[i], "a file");
	make_directory(outside, "doomed-directory");
	make_directory(outside, "moved-directory");
	make_link(outside, "link", "secret");
	for (size_t i = 0; i < sizeof inner / sizeof *inner; i++)
		make_file(docroot, inner[i], "inside");
	make_directory(docroot, "directory");
	make_directory(docroot, "racing");
	make_file(docroot, "racing/secret", "inside!");
	make_link(docroot, "racing-link", outside);
	make_directory(docroot, "moving-1");
	make_directory(docroot, "moving-2");
	make_directory(docroot, "moving-3");
	make_directory(docroot, "moving-4");
	make_link(docroot, "link", in(outside, "secret"));
	make_link(docroot, "relative-link", in("../../../../../../../..", in(outside, "secret") + 1));
	/* Without extended attributes here the rows that want one do not count. */
	for (size_t i = 0; i < sizeof attributed / sizeof *attributed; i++)
		setxattr(in(outside, attributed[i]), "user.escape", "x", 1, 0);
	setxattr(in(docroot, "attributed"), "user.escape", "x", 1, 0);
}

/* ---- the victim ---- */

static void say(const char *key, long value) { printf("set %s %ld\n", key, value); }

static void say_text(const char *key, const char *value) { printf("set %s %s\n", key, value); }

static void say_file_handle(void)
{
	union {
		struct file_handle head;
		unsigned char bytes[sizeof(struct file_handle) + 128];
	} handle = {.head.handle_bytes = 128};
	int mount;

	if (name_to_handle_at(AT_FDCWD, in(outside, "secret"), &handle.head, &mount, 0) != 0) {
		/* Attempts with it do not succeed unconfined either, and do not count. */
		printf("set handle-type 0\nset handle 00\n");
		return;
	}
	printf("set handle-type %d\nset handle ", handle.head.handle_type);
	for (unsigned i = 0; i < handle.head.handle_bytes; i++)
		printf("%02x", handle.bytes[sizeof handle.head + i]);
	putchar('\n');
}

/* Bound and listening, and its port or name said. */
static void listen_at(const char *key, int domain, int type)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_un local;
	} to = {.any.sa_family = (sa_family_t)domain};
	socklen_t length = domain == AF_UNIX ? sizeof(sa_family_t) : sizeof to.in;
	int fd = socket(domain, type, 0);

	if (domain == AF_INET)
		to.in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	/* a local socket without a name gets an abstract one */
	if (fd < 0 || bind(fd, &to.any, length) != 0 || (type == SOCK_STREAM && listen(fd, 100) != 0))
		die(key);
	length = sizeof to;
	if (getsockname(fd, &to.any, &length) != 0)
		die(key);
	if (domain == AF_INET) {
		say(key, ntohs(to.in.sin_port));
	} else {
		to.local.sun_path[length - sizeof(sa_family_t)] = '\0';
		say_text(key, to.local.sun_path + 1);
	}
}

static void share(void)
{
	const int key = 0x5a11;
	struct mq_attr attributes = {.mq_maxmsg = 10, .mq_msgsize = 64};
	int shm = shmget(key, 4096, IPC_CREAT | 0700), sem = semget(key, 1, IPC_CREAT | 0600),
	    msg = msgget(key, IPC_CREAT | 0600);

	if (shm < 0 || sem < 0 || msg < 0 || mq_open("/escape", O_CREAT | O_RDWR, 0600, &attributes) < 0)
		die("ipc");
	say("key", key);
	say("shm", shm);
	say("sem", sem);
	say("msg", msg);
	/* the system call takes the name without the slash */
	say_text("mq", "escape");
	say_text("mq-doomed", "escape-doomed");
	listen_at("abstract", AF_UNIX, SOCK_STREAM);
	listen_at("abstract-datagram", AF_UNIX, SOCK_DGRAM);
	listen_at("tcp", AF_INET, SOCK_STREAM);
	listen_at("udp", AF_INET, SOCK_DGRAM);
}

/* A terminal for sessions; what is written to it comes to nothing. */
static int open_terminal(void)
{
	int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);

	if (terminal < 0 || grantpt(terminal) != 0 || unlockpt(terminal) != 0)
		die("terminal");
	/* held open, so that it lives between sessions; and ours, with us in the foreground */
	if (open(ptsname(terminal), O_RDWR) < 0 || tcgetpgrp(terminal) != getpid())
		die("terminal");
	say_text("terminal", ptsname(terminal));
	return terminal;
}

static void on_signal(int sig)
{
	(void)sig;
	signalled = 1;
}

/* ---- the accomplice ---- */

static bool asked(const char *what) { return access(in(docroot, what), F_OK) == 0; }

static void done(const char *what)
{
	char name[64];

	snprintf(name, sizeof name, "%s-done", what);
	close(open(in(docroot, name), O_WRONLY | O_CREAT, 0666));
}

/* The directory and the link change places for as long as somebody races. */
static void swap(void)
{
	done("race");
	for (int i = 0; i % 256 || asked("race"); i++)
		renameat2(AT_FDCWD, in(docroot, "racing"), AT_FDCWD, in(docroot, "racing-link"), RENAME_EXCHANGE);
	unlink(in(docroot, "race-done"));
}

/* What is asked for by move-1 moves moving-1 outside. */
static void move(void)
{
	char what[] = "move-0", directory[] = "moving-0";

	for (char n = '1'; n <= '4'; n++) {
		what[5] = directory[7] = n;
		if (!asked(what))
			continue;
		rename(in(docroot, directory), in(outside, directory));
		unlink(in(docroot, what));
		done(what);
	}
}

static void serve(void)
{
	char waste[4096];
	struct sigaction action = {.sa_handler = on_signal};

	setsid();
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGIO, &action, NULL);
	say("victim", getpid());
	printf("set address %p\n", (void *)text);
	say_file_handle();
	share();
	int terminal = open_terminal();
	printf("ready\n");
	if (fflush(stdout) != 0)
		die("stdout");
	for (;; usleep(1000)) {
		struct mq_attr attributes = {.mq_maxmsg = 1, .mq_msgsize = 64};

		while (read(terminal, waste, sizeof waste) > 0)
			;
		mq_close(mq_open("/escape-doomed", O_CREAT | O_RDWR, 0600, &attributes));
		if (signalled) {
			signalled = 0;
			close(open(in(docroot, "signalled"), O_WRONLY | O_CREAT, 0666));
		}
		if (asked("type")) {
			unlink(in(docroot, "type"));
			/* what was typed before was read by nobody */
			if (tcflush(terminal, TCOFLUSH) != 0 || write(terminal, "\n", 1) != 1)
				die("typing");
		}
		if (asked("race"))
			swap();
		move();
	}
}

int main(int argc, char *argv[])
{
	if (argc < 4)
		return 2;
	outside = argv[2];
	docroot = argv[3];
	umask(0);
	if (strcmp(argv[1], "serve") == 0)
		serve();
	if (strcmp(argv[1], "reset") == 0 && argc == 5) {
		owner = (uid_t)strtoul(argv[4], NULL, 10);
		reset();
		return 0;
	}
	return 2;
}
