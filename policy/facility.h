/*
 * facility - the words for syslog's facilities: those of sshd's SyslogFacility.
 */
#ifndef POLICY_FACILITY_H
#define POLICY_FACILITY_H

#include "nearest.h"

#include <stdbool.h>

/* *facility as syslog(3) has it. False: not the name of one; *near is offered them all. */
bool facility_parse(const char *word, int *facility, struct nearest *near);

#endif
