/*
 * crowd - starts many sessions at once, kills some of them at random moments, and waits for all.
 *
 *	crowd SEED KILLS SECONDS <sessions
 *
 * A line of the input is a session: the uid to run it as, the uid that a client's session has on the server (0: it is
 * no client), and the words of the command, blanks between; "\_" stands for a blank inside a word. Whom a kill hits is
 * chosen among the processes of the session at that moment: what was started here, its descendants, and for a client
 * half the time whatever runs under its uid: sshd's own process, the gate, the parent, the program. The input of all is
 * one pipe, which ends when the last kill has been: so there is somebody to kill on a slow machine too.
 *
 * Prints "killed N", "status S COUNT" for each way a session ended ("signal S COUNT" if it was killed), and the line of
 * each that was still there SECONDS after the start, which is also the exit status.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SESSIONS = 4096, WORDS = 64, TREE = 64, KILL_PAUSE_MS = 4 };

struct session {
	char *line, *words[WORDS];
	unsigned uid, behind; /* whose the process is; of a client, whose the session */
	pid_t pid;
	int status;
	int over;
};

static struct session sessions[SESSIONS];
static size_t count, over;
static unsigned long long dice;

static unsigned roll(unsigned sides)
{
	dice ^= dice << 13; /* xorshift64 */
	dice ^= dice >> 7;
	dice ^= dice << 17;
	return (unsigned)((dice >> 20) % sides);
}

static void fail(const char *what)
{
	perror(what);
	exit(2);
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- the input ---- */

static void split(struct session *s)
{
	size_t n = 0;
	char *at = strdup(s->line);

	for (char *word = strtok(at, " "); word && n + 1 < WORDS; word = strtok(NULL, " "))
		s->words[n++] = word;
	if (n < 3)
		fail("a line needs two uids and a command");
	s->uid = (unsigned)atoi(s->words[0]);
	s->behind = (unsigned)atoi(s->words[1]);
	for (size_t i = 2; i < n; i++) {
		for (char *blank; (blank = strstr(s->words[i], "\\_"));) {
			*blank = ' ';
			memmove(blank + 1, blank + 2, strlen(blank + 2) + 1);
		}
		s->words[i - 2] = s->words[i];
	}
	s->words[n - 2] = NULL;
}

static void read_sessions(void)
{
	size_t room = 0;
	ssize_t n;

	for (char *line = NULL; count < SESSIONS && (n = getline(&line, &room, stdin)) > 0; line = NULL, room = 0) {
		line[n - 1] = '\0';
		sessions[count].line = line;
		split(&sessions[count++]);
	}
}

/* ---- starting ---- */

/* All wait for the end of one pipe, and so begin together. */
static void begin(const struct session *s, const int gun[2], const int input[2])
{
	char byte, name[32];

	/* Opened anew: a client makes its input one that does not block, which others must not share. */
	snprintf(name, sizeof name, "/proc/self/fd/%d", input[0]);
	int own = open(name, O_RDONLY | O_CLOEXEC);
	if (own < 0 || dup2(own, STDIN_FILENO) < 0)
		_exit(97);
	close(gun[1]);
	close(input[1]);
	if (s->uid && (setgroups(0, NULL) != 0 || setgid(s->uid) != 0 || setuid(s->uid) != 0))
		_exit(99);
	if (read(gun[0], &byte, 1) != 0)
		_exit(99);
	execv(s->words[0], s->words);
	_exit(98);
}

static void start(int input[2])
{
	int gun[2];

	if (pipe2(gun, O_CLOEXEC) != 0 || pipe2(input, O_CLOEXEC) != 0)
		fail("pipe");
	fflush(stdout);
	for (size_t i = 0; i < count; i++) {
		sessions[i].pid = fork();
		if (sessions[i].pid < 0)
			fail("fork");
		if (sessions[i].pid == 0)
			begin(&sessions[i], gun, input);
	}
	close(gun[0]);
	close(gun[1]);
}

/* ---- killing ---- */

static size_t read_children(pid_t pid, pid_t *out, size_t room)
{
	char path[64], text[1024];
	size_t n = 0;

	snprintf(path, sizeof path, "/proc/%d/task/%d/children", pid, pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
	if (fd >= 0)
		close(fd);
	if (length <= 0)
		return 0;
	text[length] = '\0';
	for (char *at = text, *end; n < room; at = end) {
		long child = strtol(at, &end, 10);
		if (end == at)
			break;
		out[n++] = (pid_t)child;
	}
	return n;
}

/* Every process of that uid: sshd's for the session, the gate, the program. */
static size_t read_owned(unsigned uid, pid_t *out, size_t room)
{
	size_t n = 0;
	FILE *list = popen("ps -e -o pid=,uid=", "r");
	int pid;
	unsigned owner;

	if (!list)
		fail("ps");
	while (fscanf(list, "%d %u", &pid, &owner) == 2)
		if (owner == uid && n < room)
			out[n++] = pid;
	pclose(list);
	return n;
}

/* The session's processes, the one that was started here first. */
static size_t read_tree(const struct session *s, pid_t *tree)
{
	size_t n = 1;

	tree[0] = s->pid;
	for (size_t i = 0; i < n; i++)
		n += read_children(tree[i], tree + n, TREE - n);
	if (s->behind && roll(2))
		n += read_owned(s->behind, tree + n, TREE - n);
	return n;
}

static void reap(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (size_t i = 0; i < count; i++)
			if (sessions[i].pid == pid && !sessions[i].over) {
				sessions[i].status = status;
				sessions[i].over = 1;
				over++;
			}
}

/* In an order of the dice's, one every few milliseconds, until `wanted` sessions were hit or none is left. */
static size_t kill_some(size_t wanted)
{
	static size_t order[SESSIONS];
	pid_t tree[TREE];
	size_t killed = 0;

	for (size_t i = 0; i < count; i++) {
		size_t j = roll((unsigned)i + 1);
		order[i] = order[j];
		order[j] = i;
	}
	for (size_t i = 0; i < count && killed < wanted; i++) {
		const struct session *s = &sessions[order[i]];

		reap();
		if (s->over)
			continue;
		size_t n = read_tree(s, tree);
		killed += kill(tree[roll((unsigned)n)], SIGKILL) == 0;
		poll(NULL, 0, (int)roll(2 * KILL_PAUSE_MS));
	}
	return killed;
}

/* ---- the end ---- */

static void tell(size_t killed)
{
	unsigned ways[512] = {0};

	printf("killed %zu\n", killed);
	for (size_t i = 0; i < count; i++)
		if (sessions[i].over)
			ways[WIFEXITED(sessions[i].status) ? WEXITSTATUS(sessions[i].status)
							  : 256 + WTERMSIG(sessions[i].status)]++;
	for (int i = 0; i < 512; i++)
		if (ways[i])
			printf("%s %d %u\n", i < 256 ? "status" : "signal", i % 256, ways[i]);
	for (size_t i = 0; i < count; i++)
		if (!sessions[i].over)
			printf("still there: %s\n", sessions[i].line);
}

int main(int argc, char *argv[])
{
	if (argc != 4)
		fail("usage: crowd SEED KILLS SECONDS <sessions");
	int input[2];
	dice = strtoull(argv[1], NULL, 10) * 2685821657736338717ull + 1;
	long deadline = now_ms() + 1000 * atol(argv[3]);
	read_sessions();
	start(input);
	size_t killed = kill_some(strtoul(argv[2], NULL, 10));
	close(input[1]);
	while (over < count && now_ms() < deadline) {
		reap();
		poll(NULL, 0, 20);
	}
	tell(killed);
	return over < count;
}
