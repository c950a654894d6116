/*
 * fault-judge - what may become of a session with a fault in it: it ends without exec, with a status of exit.h's and its
 * reason said; or the program runs, confined as without the fault. Everything else is a finding.
 */
#define _GNU_SOURCE
#include "fault.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define ANY UINT64_MAX

enum { SET_MDWE = 65 }; /* Linux 6.3; linux/prctl.h */

/* What confinement is made of: when one of these fails nothing may be executed. */
static const struct {
	long number;
	uint64_t first; /* argument, or ANY */
} needed[] = {
	{SYS_unshare, ANY},       {SYS_mount, ANY},         {SYS_umount2, ANY},
	{SYS_pivot_root, ANY},    {SYS_move_mount, ANY},    {SYS_mount_setattr, ANY},
	{SYS_fsopen, ANY},        {SYS_fsconfig, ANY},      {SYS_fsmount, ANY},
	{SYS_chroot, ANY},        {SYS_capset, ANY},        {SYS_seccomp, ANY},
	{SYS_setsid, ANY},        {SYS_close_range, ANY},   {SYS_landlock_restrict_self, ANY},
	{SYS_sethostname, ANY},   {SYS_personality, ANY},   {SYS_landlock_add_rule, ANY},
	{SYS_setitimer, ANY},     {SYS_prlimit64, ANY},
	{SYS_prctl, PR_SET_NO_NEW_PRIVS}, {SYS_prctl, PR_SET_SECUREBITS}, {SYS_prctl, PR_CAPBSET_DROP},
	{SYS_prctl, PR_SET_CHILD_SUBREAPER},
	{SYS_prctl, PR_CAP_AMBIENT},      {SYS_prctl, PR_SET_PDEATHSIG},  {SYS_prctl, SET_MDWE},
};

/* The passwd and group that lie ready in a pinned view; where they are not there, the session makes its own. */
static bool can_be_absent(const struct fault *fault)
{
	return fault->at.number == SYS_mount && fault->at.argument[3] == MS_BIND && fault->error == ENOENT;
}

static bool is_needed(const struct call *call)
{
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
		if (needed[i].number == call->number &&
		    (needed[i].first == ANY || needed[i].first == call->argument[0]))
			return call->result >= 0;
	return false;
}

/* The fault takes the log away, or the client's line. */
static bool hits_log(const struct fault *fault)
{
	static const long numbers[] = {SYS_socket, SYS_connect, SYS_setsockopt};

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (numbers[i] == fault->at.number)
			return true;
	return fault->at.number == SYS_write && fault->at.argument[0] == 3 &&
	       !(fault->kind == FAULT_ERROR && fault->error == EINTR);
}

static bool hits_client(const struct fault *fault)
{
	bool retried = fault->kind == FAULT_ERROR && fault->error == EINTR;

	return fault->at.number == SYS_write && fault->at.argument[0] == 2 &&
	       (fault->kind == FAULT_ERROR || fault->kind == FAULT_LIE) && !retried;
}

static bool is_documented(int status)
{
	static const int statuses[] = {64, 71, 75, 77, 78}; /* shell/exit.h */

	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
		if (WIFEXITED(status) && WEXITSTATUS(status) == statuses[i])
			return true;
	return false;
}

static bool is_told(const struct run *run)
{
	return strncmp(run->err, "sallyport: refused: ", 20) == 0 && strchr(run->err, '\n');
}

static bool is_logged_refusal(const struct run *run)
{
	return strstr(run->log, " reason=") && (strstr(run->log, " verdict=deny ") || strstr(run->log, " verdict=error "));
}

/* libc's own start, before main(): it ends the process itself when one of these fails. */
static bool is_libc_start(const struct fault *fault)
{
	return fault->at.process == 0 && fault->at.nth == 0 &&
	       (fault->at.number == SYS_arch_prctl || fault->at.number == SYS_poll);
}

static const char *refusal(const struct run *run, const struct fault *fault)
{
	if (WIFSIGNALED(run->status) && is_libc_start(fault))
		return NULL;
	if (!is_documented(run->status))
		return WIFSIGNALED(run->status) ? "the gate died of a signal" : "a status that is not the gate's";
	if (!is_told(run) && !hits_client(fault))
		return "nothing was said to the client";
	if (!is_logged_refusal(run) && !hits_log(fault))
		return "nothing was logged";
	return NULL;
}

/* A line, without its end. */
struct line {
	const char *text;
	int length;
};

static struct line line_at(const char *text)
{
	return (struct line){text, (int)strcspn(text, "\n")};
}

static const char *behind(struct line line)
{
	return line.text + line.length + (line.text[line.length] == '\n');
}

static bool is_equal(struct line a, struct line b)
{
	return a.length == b.length && memcmp(a.text, b.text, (size_t)a.length) == 0;
}

/* "ATTEMPT: ERROR", where the same attempt may have succeeded: less than was meant, but no way out. */
static bool is_narrower(struct line sound, struct line found)
{
	const char *colon = memrchr(found.text, ':', (size_t)found.length);
	int name = colon ? (int)(colon - found.text) : 0;

	return colon && strncmp(colon, ": E", 3) == 0 && sound.length > name &&
	       memcmp(sound.text, found.text, (size_t)name + 1) == 0;
}

/* The first line in which two texts differ, but for what is narrower; a mount that is missing is, too. */
static const char *differ(const char *kind, const char *sound, const char *found)
{
	static char why[512];

	while (*sound || *found) {
		struct line want = line_at(sound), have = line_at(found);
		if (is_equal(want, have) || is_narrower(want, have)) {
			sound = behind(want);
			found = behind(have);
		} else if (strncmp(sound, "mount ", 6) == 0) {
			sound = behind(want);
		} else {
			snprintf(why, sizeof why, "%s: '%.*s' in place of '%.*s'", kind, have.length, have.text, want.length,
				 want.text);
			return why;
		}
	}
	return NULL;
}

/* The parent that waits may be hit behind the exec: then the program is killed, whatever it had said by then. */
static bool is_cut_short(const struct run *sound, const struct fault *fault, const struct run *run)
{
	return fault->at.process == 0 && is_documented(run->status) &&
	       strncmp(sound->out, run->out, strlen(run->out)) == 0 && !refusal(run, fault);
}

/*
 * What a program says is logged, or counted as lost. It is read packet by packet (pipe(7)): of one that is read in part the
 * rest is gone, but no kernel does that.
 */
static bool is_unheard(const struct run *sound, const struct fault *fault, const struct run *run)
{
	static const char said[] = " said=\"probe speaks\"";
	bool in_part = fault->at.number == SYS_read && fault->kind == FAULT_BYTE;

	return strstr(sound->log, said) && !strstr(run->log, said) && !strstr(run->log, " lost=1") && !in_part &&
	       !hits_log(fault);
}

static const char *completion(const struct run *sound, const struct fault *fault, const struct run *run)
{
	const char *other = differ("the kernel says", sound->facts, run->facts);

	if (other)
		return other;
	if (is_cut_short(sound, fault, run))
		return NULL;
	other = differ("the program says", sound->out, run->out);
	if (other)
		return other;
	if (!WIFEXITED(run->status) || WEXITSTATUS(run->status) != PROBE_STATUS)
		return "the program's status was not passed on";
	if (run->err[0])
		return "something was said to the client";
	if (!strstr(run->log, " verdict=allow ") && !hits_log(fault))
		return "no record of the session";
	if (is_unheard(sound, fault, run))
		return "what it said is not in the log";
	if (fault->kind == FAULT_ERROR && is_needed(&fault->at) && !can_be_absent(fault))
		return "executed although a step of the confinement failed";
	return NULL;
}

static const char *either(const struct run *sound, const struct run *plain, const struct fault *fault,
			  const struct run *run)
{
	return completion(plain, fault, run) ? completion(sound, fault, run) : NULL;
}

enum verdict judge(const struct session *session, const struct run *sound, const struct run *plain,
		   const struct fault *fault, const struct run *run, const char **why)
{
	*why = NULL;
	if (run->hangs)
		*why = "hangs";
	else if (!run->came)
		*why = "the call was never made";
	else if (run->host_changed)
		*why = "the host has other mounts, or another name";
	else if (run->helper_privileged)
		*why = "getent has capabilities";
	else if (run->executed && session->denied)
		*why = "executed although denied";
	else if (run->executed && session->logged && !strstr(run->log, " verdict=allow "))
		*why = "executed without the record that the policy requires";
	else if (!run->executed && run->out[0])
		*why = "the gate wrote to stdout (I6)";
	else
		*why = run->executed ? either(sound, plain, fault, run) : refusal(run, fault);
	return *why ? FINDING : run->executed ? CONFINED : REFUSED;
}
