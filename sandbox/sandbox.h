/*
 * sandbox - a plan becomes a confined process, through two doors.
 *
 *	sandbox_prepare(&view, &sandbox, &fault)   opens what will be seen; changes nothing
 *	sandbox_close_door_one(&sandbox, &fault)   the view is entered, every privilege gone; irreversible
 *	... the client's bytes are parsed here ...
 *	sandbox_part(&wait, &fault)                a parent that waits, where one is needed
 *	sandbox_close_door_two(&grant, &fault)     Landlock and seccomp; then
 *	sandbox_exec(&grant, argv, envp)           once, and only this program
 *
 * Each step that fails ends the session: the caller must not go on to exec (I4).
 */
#ifndef SANDBOX_SANDBOX_H
#define SANDBOX_SANDBOX_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Where things are in the view of SANDBOX_NAMESPACE. */
#define SANDBOX_FILES "/files" /* the docroot */
#define SANDBOX_HOME  "/home"  /* empty, read-only */
#define SANDBOX_STATE "/state" /* what a program keeps between sessions, for accounts that have some */

/* What keeps the rest of the file system away; each has a row in sandbox.c. */
enum sandbox_isolation {
	SANDBOX_NAMESPACE, /* a private root, made of mounts */
	SANDBOX_CHROOT,    /* the docroot is the root; the program lies in it */
	SANDBOX_LANDLOCK,  /* the real names; Landlock alone */
	SANDBOX_ISOLATIONS,
};

struct sandbox_fault {
	const char *step;   /* "docroot", "mount namespace" …; static */
	const char *reason; /* static */
	const char *want;   /* what the administrator can do; static, or NULL */
	char place[PATH_MAX + 2]; /* the file that the reason is about, for the log; or "" */
	int error;          /* errno, or 0 */
	bool configuration; /* the policy or the system's set-up is at fault (78), not the kernel (71) */
};

enum { SANDBOX_OPT_MAX = 4, SANDBOX_OPT_NAME = 64, SANDBOX_PATHS_MAX = 16, SANDBOX_KEEP_OUT_MAX = 2 };

/* A directory of the docroot where other rights hold than around it. */
struct sandbox_path {
	const char *directory; /* "/in"; a directory comes before those that lie in it */
	bool read_only;
	bool guarded;          /* the account can rename directories around it: they must not be its own */
};

enum sandbox_limit {
	SANDBOX_CPU,       /* seconds */
	SANDBOX_FILE_SIZE, /* bytes */
	SANDBOX_OPEN_FILES,
	SANDBOX_MEMORY,    /* bytes of address space */
	SANDBOX_PROCESSES, /* of the uid, on the whole host */
	SANDBOX_LIMITS,
};
#define SANDBOX_UNLIMITED UINT64_MAX

/* Door one: nothing here comes from the client (I2). */
struct sandbox_view {
	enum sandbox_isolation isolation;
	uid_t uid;
	gid_t gid;
	const char *user;        /* for the view's passwd */
	const char *home;        /* the real one; "" if there is none */
	const char *docroot;     /* absolute; NULL: none, for SANDBOX_NAMESPACE only */
	const char *files;       /* where that is for the program: SANDBOX_FILES, "" or its own path */
	bool docroot_read_only;
	bool docroot_home;       /* it may hold the home directory */
	const char *keep_out[SANDBOX_KEEP_OUT_MAX]; /* directories that must not lie in the docroot, or NULL */
	struct sandbox_path path[SANDBOX_PATHS_MAX];
	size_t paths_count;
	const char *start;       /* "/" or "/dir" inside the docroot */
	int nice;                /* at least this */
	uint64_t limit[SANDBOX_LIMITS]; /* SANDBOX_UNLIMITED: as it is */
	uint64_t tmp;            /* bytes of a private /tmp, in SANDBOX_NAMESPACE; 0: nothing is written there */
	mode_t umask;
	char opt[SANDBOX_OPT_MAX][SANDBOX_OPT_NAME]; /* packages that belong to the runtime: /opt/NAME */
	size_t opt_count;
	const char *state;       /* where state directories are, one for each uid; NULL: not wanted */
	bool names;              /* how hosts are found and told apart: resolver, hosts, certificates */
	bool keep_log;           /* SANDBOX_KEPT_FD is the log; otherwise it is closed like the rest */
	bool keep_slot;          /* the same of SANDBOX_SLOT_FD */
	bool keep_identity;      /* and of SANDBOX_IDENTITY_FD */
	bool apart;              /* children are born into a process namespace of their own */
	const char *pinned;      /* the directory of the pinned view; NULL: this session's is built for it */
};

/* ---- the pinned view: what does not depend on the account, built once by root, entered by sessions ---- */

enum sandbox_pin {
	SANDBOX_PIN_ABSENT,
	SANDBOX_PIN_STALE, /* it was made of other files than the host has */
	SANDBOX_PIN_FRESH,
	SANDBOX_PIN_FOUL,  /* others could have put it there, or it is not what we put there: *fault */
};

enum { SANDBOX_PIN_NAME = 42 }; /* STAMP-MOUNTS-NUMBER, in hexadecimal */

struct sandbox_pinned {
	enum sandbox_pin state;
	int ns;              /* open where it is FRESH, or -1 */
	unsigned directories; /* base_stamp()'s */
	char name[SANDBOX_PIN_NAME + 1];
};

/* What a session would find in the directory. Opens pinned->ns; changes nothing. Any user may ask. */
void sandbox_pin_look(const char *directory, struct sandbox_pinned *pinned, struct sandbox_fault *fault);

/* Whose passwd and group a pinned view holds: a session that finds its own there makes none. */
struct sandbox_account {
	uid_t uid;
	gid_t gid;
	const char *user;
};

enum { SANDBOX_PIN_ACCOUNTS_MAX = 4096 };

/*
 * Makes one of the host's files, as root in the host's mount namespace, and puts it in the place of the one before
 * it, which stays with the sessions that are in it. False: *fault; what was pinned before it still is, and the
 * process, which may be in another mount namespace by then, has to end. An account may be there twice; one whose
 * name is none for a file is left out, and served all the same.
 */
bool sandbox_pin_make(const char *directory, const struct sandbox_account *accounts, size_t count,
		      struct sandbox_fault *fault);

struct sandbox_pin_accounts {
	size_t in;
	size_t absent; /* of those that were asked for */
};

/* How many accounts are in it, for root: the process enters it and comes back, to "/". False: it cannot. */
bool sandbox_pin_accounts(const struct sandbox_pinned *pinned, const struct sandbox_account *accounts,
			  size_t count, struct sandbox_pin_accounts *found);

/* Takes it away, and the directory with it. None being there is no fault; something else in its place is. */
bool sandbox_pin_remove(const char *directory, struct sandbox_fault *fault);
/* Whether what is mounted in the runtime is what was when it was made: too much to ask at every session. */
bool sandbox_pin_has_mounts(const struct sandbox_pinned *pinned, bool *same,
			    struct sandbox_fault *fault);

/* What door one works with. Opaque but for its size. */
struct sandbox {
	const struct sandbox_view *view;
	bool user_namespace; /* for want of file capabilities */
	bool bounded;        /* the bounding set could be emptied, and must be empty */
	int docroot;         /* O_PATH, or -1; closed with door one */
	dev_t device;        /* which directory that is */
	ino_t inode;
	int state;           /* O_PATH, or -1 */
	struct sandbox_pinned pinned;
	int path[SANDBOX_PATHS_MAX]; /* the view's directories, O_PATH, if there is a docroot */
};

/* What files may be used for beneath the docroot. */
enum sandbox_files {
	SANDBOX_READ = 1 << 0,
	SANDBOX_WRITE = 1 << 1,  /* open for writing, truncate */
	SANDBOX_LIST = 1 << 2,
	SANDBOX_CREATE = 1 << 3, /* files, hard links, fifos, sockets: new names */
	SANDBOX_MKDIR = 1 << 4,
	SANDBOX_REMOVE = 1 << 5, /* names of files and directories */
	SANDBOX_MOVE = 1 << 6,   /* between directories */
	SANDBOX_SYMLINK = 1 << 7,
};

/* What of them may be used beneath one directory more than around it. */
struct sandbox_files_at {
	const char *directory; /* "/in" */
	unsigned files;
};

/* What the process may do: one seccomp filter each. */
enum sandbox_profile {
	SANDBOX_PLAIN, /* one process */
	SANDBOX_FORK,  /* forks; one exec */
	SANDBOX_SPAWN, /* forks and executes what `inside` lists */
	SANDBOX_NET,   /* forks; sockets; one exec */
	SANDBOX_WAIT,  /* no program's: the gate's own, as it waits beside one */
	SANDBOX_PROFILES,
};

/* Door two: for one granted program. */
struct sandbox_grant {
	const struct sandbox_view *view;
	const char *program;       /* absolute, in the view */
	unsigned files;            /* SANDBOX_READ | … */
	struct sandbox_files_at at[SANDBOX_PATHS_MAX];
	size_t at_count;
	enum sandbox_profile profile;
	const char *const *inside; /* SANDBOX_SPAWN: further files to execute; NULL-terminated */
	bool state;                /* it may use SANDBOX_STATE; nobody else may */
	bool one_by_one;           /* it removes by whole paths alone: no tree by its directories' descriptors */
	int landlock;              /* what sandbox_landlock_abi() said */
	bool may_lack_landlock;
	/* out */
	char *exec_path;           /* the program's path at an address nobody knows */
};

bool sandbox_prepare(const struct sandbox_view *view, struct sandbox *sandbox,
		     struct sandbox_fault *fault);
bool sandbox_close_door_one(struct sandbox *sandbox, struct sandbox_fault *fault);

enum sandbox_heard {
	SANDBOX_HEARD_FAILED, /* errno; the program shall not go on unheard */
	SANDBOX_HEARD,
	SANDBOX_HEARD_ENOUGH, /* for a while */
	SANDBOX_HEARD_LAST,   /* nothing will come any more */
};

/* A program and the gate that waits for it. */
struct sandbox_wait {
	bool waits;        /* the gate stays */
	bool sweeps;       /* the view was made without `apart`: what the program leaves is killed one by one */
	pid_t parent;      /* this process's, as it was when the session began */
	unsigned duration; /* seconds after which the program is ended; 0: never */
	int said;          /* where the program can be heard, by hear(): it reads what is there, some of it at least, */
	enum sandbox_heard (*hear)(void *context); /* and does not wait. NULL: it says nothing */
	void *context;
	/* out */
	int signals;       /* for sandbox_await(), where it hears */
	pid_t program;
	int children;      /* the kernel's list of this process's, for sandbox_await() */
	int status;        /* as waitpid(2) has it */
	bool expired;      /* we ended it: the duration was over */
};

enum sandbox_side {
	SANDBOX_FAILED,
	SANDBOX_PROGRAM, /* go on to door two: this process becomes the program, and dies with its parent */
	SANDBOX_PARENT,  /* sandbox_await() next */
};

enum sandbox_side sandbox_part(struct sandbox_wait *wait, struct sandbox_fault *fault);

/*
 * Waits until the program has ended, and all that it started. From then on this process can read and write what is
 * open, and end. False: it could not be shut in, or could not wait or hear, and has killed the program.
 */
bool sandbox_await(struct sandbox_wait *wait, struct sandbox_fault *fault);

/* Dies of the signal that the program died of. Returns if it was none. */
void sandbox_pass_on(int status);

bool sandbox_close_door_two(struct sandbox_grant *grant, struct sandbox_fault *fault);

/* Returns only if it failed; errno tells. */
void sandbox_exec(const struct sandbox_grant *grant, char *const argv[], char *const envp[]);

/* ---- how many sessions at once ---- */

enum { SANDBOX_SLOTS_MAX = 4096 };

/* Opens the account's slot file in the directory, as SANDBOX_SLOT_FD. Before door one; locks nothing. */
bool sandbox_slots_open(const char *directory, uid_t uid, struct sandbox_fault *fault);

enum sandbox_slot { SANDBOX_SLOT_FAILED, SANDBOX_SLOT_FULL, SANDBOX_SLOT_TAKEN };

/* One of `most` slots of the account (key NULL) or of one of its keys, held until this process ends. */
enum sandbox_slot sandbox_slot_take(const char *key, unsigned most, struct sandbox_fault *fault);

/* Which fds, besides 0, 1 and 2, door one leaves open (close-on-exec). */
enum { SANDBOX_KEPT_FD = 3, SANDBOX_SLOT_FD = 4, SANDBOX_IDENTITY_FD = 5 };

/* The Landlock ABI of this kernel; 0: none. */
int sandbox_landlock_abi(void);

/* Whether this process could raise any capability at all. */
bool sandbox_is_privileged(void);

/*
 * One directory on the way to a chroot, path[0..length): root's, and written by nobody else, as sshd(8) asks
 * of ChrootDirectory and in its words. False: *fault, place and all.
 */
bool sandbox_chroot_component(const char *path, size_t length, struct sandbox_fault *fault);

#endif
