/*
 * index - the lines of a file of keys by the key they hold: a constant database (cdb) beside a huge file.
 *
 *	index_write(fd, &file)                         builds; fd is an empty file, open for reading and writing
 *	index_open(fd, &status, &index)                NULL, or why the index is not to be used
 *	index_find(&index, blob) → index_next(&index, &text, &length)
 *	index_close(&index)
 *
 * The record of a key is its line as it stood in the file; the key of the record is the SHA-256 of the blob, and
 * records of one key come in the file's order. One record more says of which file: device, inode, size, times. An
 * index of any other state of the file is not used. Nothing here is believed: a line found is judged like one read.
 */
#ifndef KEYS_INDEX_H
#define KEYS_INDEX_H

#include "keyfile.h"
#include "sha256.h"
#include "wire.h"

#include <cdb.h>

struct index {
	struct cdb cdb;
	struct cdb_find find;
	unsigned char digest[SHA256_BYTES];
};

/* *count: keys taken. Lines that are no keys are left out. */
const char *index_write(int fd, const struct keyfile *file, size_t *count);

/* fd stays the caller's. status is that of the file as it is now. */
const char *index_open(int fd, const struct stat *status, struct index *index);
void index_close(struct index *index);

/* Begins a search; false: the index is damaged. */
bool index_find(struct index *index, struct bytes blob);

/* The next line with that key; false: no more. It lives as long as the index is open. */
bool index_next(struct index *index, const char **text, size_t *length);

#endif
