/*
 * escape: memory, semaphores and queues that processes of the host share. The victim made one of each.
 */
#include "escape.h"

#include <mqueue.h>
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <time.h>

static struct {
	long type;
	char text[8];
} message = {1, "escape"};

static int key(void) { return (int)number("key"); }

static int find_memory(void) { return CALL(shmget, key(), 0UL, 0); }
static int attach_memory(void) { return syscall(SYS_shmat, (int)number("shm"), NULL, 0) == -1 ? -1 : 0; }

static int attach_executable(void)
{
	return syscall(SYS_shmat, (int)number("shm"), NULL, SHM_EXEC) == -1 ? -1 : 0;
}

static int ask_memory(void)
{
	struct shmid_ds ds;

	return CALL(shmctl, (int)number("shm"), IPC_STAT, &ds);
}

static int find_semaphore(void) { return CALL(semget, key(), 1, 0); }

static int raise_semaphore(void)
{
	struct sembuf up = {0, 1, 0};

	return CALL(semop, (int)number("sem"), &up, 1UL);
}

static int raise_semaphore_timed(void)
{
	struct sembuf up = {0, 1, 0};

	return CALL(semtimedop, (int)number("sem"), &up, 1UL, NULL);
}

static int ask_semaphore(void) { return CALL(semctl, (int)number("sem"), 0, GETVAL, 0); }
static int find_queue(void) { return CALL(msgget, key(), 0); }
static int send(void) { return CALL(msgsnd, (int)number("msg"), &message, sizeof message.text, IPC_NOWAIT); }

static int receive(void)
{
	msgsnd((int)number("msg"), &message, sizeof message.text, IPC_NOWAIT);
	return CALL(msgrcv, (int)number("msg"), &message, sizeof message.text, 0L, IPC_NOWAIT);
}

static int ask_queue(void)
{
	struct msqid_ds ds;

	return CALL(msgctl, (int)number("msg"), IPC_STAT, &ds);
}

static int open_queue(void) { return (int)syscall(SYS_mq_open, given("mq"), O_RDWR | O_NONBLOCK, 0, NULL); }
static int open_posix_queue(void) { return open_queue() < 0 ? -1 : 0; }
static int send_posix(void) { return CALL(mq_timedsend, open_queue(), "x", 1UL, 0, NULL); }

static int receive_posix(void)
{
	char bytes[8192];
	int queue = open_queue();

	syscall(SYS_mq_timedsend, queue, "x", 1UL, 0, NULL);
	return CALL(mq_timedreceive, queue, bytes, sizeof bytes, NULL, NULL);
}

static int notify_posix(void) { return CALL(mq_notify, open_queue(), NULL); }

static int ask_posix(void)
{
	struct mq_attr attributes;

	return CALL(mq_getsetattr, open_queue(), NULL, &attributes);
}

static int remove_posix(void) { return CALL(mq_unlink, given("mq-doomed")); }

const struct attempt escape_ipc[] = {
	{"shmget", "shmget", ACCOUNT, find_memory},
	{"shmat", "shmat", ACCOUNT, attach_memory},
	{"shmat-exec", "shmat", ACCOUNT, attach_executable},
	{"shmctl", "shmctl", ACCOUNT, ask_memory},
	{"semget", "semget", ACCOUNT, find_semaphore},
	{"semop", "semop", ACCOUNT, raise_semaphore},
	{"semtimedop", "semtimedop", ACCOUNT, raise_semaphore_timed},
	{"semctl", "semctl", ACCOUNT, ask_semaphore},
	{"msgget", "msgget", ACCOUNT, find_queue},
	{"msgsnd", "msgsnd", ACCOUNT, send},
	{"msgrcv", "msgrcv", ACCOUNT, receive},
	{"msgctl", "msgctl", ACCOUNT, ask_queue},
	{"mq-open", "mq_open", ACCOUNT, open_posix_queue},
	{"mq-send", "mq_timedsend", ACCOUNT, send_posix},
	{"mq-receive", "mq_timedreceive", ACCOUNT, receive_posix},
	{"mq-notify", "mq_notify", ACCOUNT, notify_posix},
	{"mq-attributes", "mq_getsetattr", ACCOUNT, ask_posix},
	{"mq-unlink", "mq_unlink", ACCOUNT, remove_posix},
	{0},
};
