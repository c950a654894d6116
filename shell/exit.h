/*
 * exit - the gate's own exit statuses; sallyport-shell(8) has the table. After exec the status is the program's.
 */
#ifndef SHELL_EXIT_H
#define SHELL_EXIT_H

enum exit_status {
	EXIT_USAGE = 64,         /* called in a way that is none of its forms */
	EXIT_CONFINEMENT = 71,   /* a door could not be closed */
	EXIT_LATER = 75,         /* a limit is reached */
	EXIT_REFUSED = 77,
	EXIT_CONFIGURATION = 78, /* the policy, or what it names, is at fault */
};

#endif
