#include "index.h"

#include "keyline.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static const char source_key[] = "sallyport-keys-1"; /* the format's name too; no digest has this length */

/* What tells one state of a file from another. ctime is the kernel's alone: nobody can set it back. */
struct source {
	uint64_t device, inode, size;
	int64_t modified[2], changed[2];
};

static struct source source_of(const struct stat *status)
{
	return (struct source){
		.device = status->st_dev,
		.inode = status->st_ino,
		.size = (uint64_t)status->st_size,
		.modified = {status->st_mtim.tv_sec, status->st_mtim.tv_nsec},
		.changed = {status->st_ctim.tv_sec, status->st_ctim.tv_nsec},
	};
}

/* 0, or -1 with errno. */
static int add_line(struct cdb_make *make, struct keyline *line, size_t *count)
{
	unsigned char digest[SHA256_BYTES];

	if (line->kind != KEYLINE_KEY && line->kind != KEYLINE_FOREIGN)
		return 0;
	sha256(line->key.blob.at, line->key.blob.length, digest);
	++*count;
	return cdb_make_add(make, digest, sizeof digest, line->text, (unsigned)line->length);
}

static int add_all(struct cdb_make *make, const struct keyfile *file, struct keyline *line, size_t *count)
{
	struct source source = source_of(&file->status);
	size_t at = 0, length, offset;
	const char *text;
	int result = cdb_make_add(make, source_key, sizeof source_key, &source, sizeof source);

	while (result == 0 && keyfile_next(file, &at, &text, &length)) {
		if (keyline_fault(text, length, &offset))
			continue;
		keyline_read(text, length, line);
		result = add_line(make, line, count);
	}
	return result;
}

const char *index_write(int fd, const struct keyfile *file, size_t *count)
{
	struct keyline *line = malloc(sizeof *line);
	struct cdb_make make;
	const char *reason = NULL;

	*count = 0;
	if (!line)
		return "no memory for the index";
	if (cdb_make_start(&make, fd) != 0 || add_all(&make, file, line, count) != 0)
		reason = "the index cannot be written";
	if (cdb_make_finish(&make) != 0 && !reason) /* frees, too */
		reason = "the index cannot be written";
	free(line);
	return reason;
}

const char *index_open(int fd, const struct stat *status, struct index *index)
{
	struct source now = source_of(status), then;

	errno = 0;
	if (cdb_init(&index->cdb, fd) != 0)
		return "the index is damaged";
	if (cdb_find(&index->cdb, source_key, sizeof source_key) > 0 &&
	    cdb_datalen(&index->cdb) == sizeof then && cdb_readdata(&index->cdb, &then) == 0) {
		if (memcmp(&now, &then, sizeof now) == 0)
			return NULL;
		cdb_free(&index->cdb);
		return "the index is older than the file";
	}
	cdb_free(&index->cdb);
	return "the index is damaged";
}

void index_close(struct index *index)
{
	cdb_free(&index->cdb);
}

bool index_find(struct index *index, struct bytes blob)
{
	sha256(blob.at, blob.length, index->digest);
	return cdb_findinit(&index->find, &index->cdb, index->digest, sizeof index->digest) >= 0;
}

bool index_next(struct index *index, const char **text, size_t *length)
{
	if (cdb_findnext(&index->find) <= 0)
		return false;
	*length = cdb_datalen(&index->cdb);
	*text = cdb_getdata(&index->cdb);
	return *text != NULL;
}
