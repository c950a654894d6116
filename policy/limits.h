/*
 * limits - the bounds of this room. sallyport.ini(5) lists those that an administrator meets.
 */
#ifndef POLICY_LIMITS_H
#define POLICY_LIMITS_H

enum {
	POLICY_LINE_MAX = 190,      /* bytes; inih 55 cuts at 198 */
	POLICY_FILE_MAX = 1 << 20,  /* bytes */
	POLICY_SECTIONS_MAX = 4096, /* in the policy and one file of users/ */
	POLICY_NAME_MAX = 48,       /* of a setting with its argument, and of a section; inih 55 cuts at 49 */
	POLICY_PATH_MAX = 4096,
	POLICY_COMMANDS_MAX = 32,   /* in one `commands` */
	POLICY_LIST_MAX = 16,       /* settings that may be given several times for one account */
	POLICY_OPTIONS_MAX = 32,    /* definitions whose options a policy changes: as many as have options */
	POLICY_CONDITIONS_MAX = 3,  /* from, hours: the account's, the profile's and the key's */
	POLICY_DURATION_MAX = 366 * 86400, /* seconds */
	POLICY_SESSIONS_MAX = 4096,
	POLICY_GROUPS_MAX = 255,    /* of an account, where the policy has [group] sections */
	POLICY_VALUE_MAX = 4095,    /* of a value that goes on in name.2, name.3 … */
};

#endif
