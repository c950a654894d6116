/*
 * sallyport-shell - the gate. This file is the order of everything (HACKING, "How a session flows"); each step either
 * succeeds or ends the session with a line to the client, a line in the log, and no exec (I4).
 */
#include "parent.h"
#include "session.h"

int main(int argc, char **argv)
{
	static struct session s; /* zero, and pages that nobody touches cost nothing */

	session_begin(&s);             /* 1. fds 0, 1, 2 are valid; nothing is believed yet */
	session_identify(&s);          /* 2. who: the kernel and the account files say it; the log is opened */
	session_read_call(&s, argc, argv); /* 3. which of sshd's forms; where the command stands */
	session_load_policy(&s);       /* 4. root's files; merged into settings */
	session_close_door_one(&s);    /* 5. the view is entered; privilege gone */
	session_decide(&s);            /* 6. only now are the client's bytes parsed */
	session_take_slot(&s);         /* 7. one of max-sessions, for a grant */
	session_log_verdict(&s);       /* 8. and a denial ends here */
	parent_part(&s);               /* 9. where the gate has to stay, it does so here, and the program goes on */
	session_run(&s);               /* 10. door two, environment, exec; does not return */
}
