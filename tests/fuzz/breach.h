/*
 * breach - what holds at the end of every session, whatever was asked for: a second opinion that shares no code with
 * the gate. Each returns NULL, or what is broken.
 */
#ifndef TESTS_FUZZ_BREACH_H
#define TESTS_FUZZ_BREACH_H

#include "world.h"

/* The program that is about to run: what, with which words, which environment, and what it may do with files. */
const char *breach_program(const struct session *s, const struct sandbox_grant *grant, char *const argv[]);
const char *breach_environ(const struct session *s, char *const env[], char *const client[]);

/* A session that has ended: its status, its lines in the log, and what the client was told (I4, I8). */
const char *breach_end(const struct world *w, const struct session *s);

#endif
