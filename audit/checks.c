#include "check.h"

const char *const audit_severities[AUDIT_SEVERITIES] = {"low", "medium", "high", "critical"};

const struct audit_check audit_checks[AUDIT_CHECKS] = {
	{"passwd-line", AUDIT_MEDIUM, AUDIT_HOST, AUDIT_HOLE_NONE, "AA-10",
	 "programs differ in what they make of such a line; who is in it is not looked at here",
	 "# mend {file}, line {line}, with vipw or vigr\npwck -r"},
	{"account-odd", AUDIT_LOW, AUDIT_ACCOUNT, AUDIT_HOLE_NONE, "AA-10",
	 "names with such bytes are read differently by programs, and cannot stand in a Match line as they are",
	 "usermod -l NAME {user}"},
	{"empty-password", AUDIT_CRITICAL, AUDIT_ACCOUNT, AUDIT_HOLE_NONE, "AA-12 SC-08",
	 "whoever knows the name needs no password, where sshd, su or a console takes an empty one",
	 "usermod -p '*' {user}"},
	{"docroot-home", AUDIT_HIGH, AUDIT_ACCOUNT, AUDIT_HOLE_DOCROOT, "AA-07 AA-08 DS-03",
	 "who can write the home can put keys and start-up files there",
	 "# {file}: docroot of {user}: a directory beneath the home, or elsewhere"},
	{"policy-refuses", AUDIT_MEDIUM, AUDIT_ACCOUNT, AUDIT_HOLE_NONE, "AA-08 DS-01",
	 "the policy has a place for the account and refuses each of its sessions",
	 "sallyport check -C user={user}"},
};
