/*
 * user-tool - runs one of the system's own programs for its user database: useradd, usermod, userdel, groupadd and
 * their like. No shell; an environment of nothing but PATH and LC_ALL.
 */
#ifndef CLI_USER_TOOL_H
#define CLI_USER_TOOL_H

#include <stdbool.h>

enum { USER_TOOL_SAID = 512 };

struct user_tool {
	int lock;                  /* stays open in the program: whoever takes it next waits for the program, too */
	char said[USER_TOOL_SAID]; /* why it failed: what it printed on stderr */
};

/*
 * argv[0] is a bare name, looked for where such programs are. input is its stdin, NULL: none. It has a process group of
 * its own, so that a ^C at the terminal does not cut it off between two files.
 */
bool user_tool_run(struct user_tool *tool, const char *const argv[], const char *input);

#endif
