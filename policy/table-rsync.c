/*
 * rsync in server mode: what rsync 2.6.9 to 3.5 and openrsync clients send.
 * Source: rsync options.c, server_options() and long_options[]; support/rrsync; NEWS 2.6.9 to
 * 3.5.0; openrsync fargs.c; argv recorded from 3.2.3, 3.2.7, 3.4.1, 3.5.0 and 3.5.1, option by option
 * (tests/clients/). With -M a user sends any option at all: the long spellings and the no- forms are
 * here for that.
 *
 * A client sends many options to both sides, though only one obeys them: --backup-dir reaches a
 * sender, --remove-source-files a receiver. `verbs` is therefore asked for only where the option is
 * not sent to a side that ignores it, or where the lack must hold in any case (delete).
 */
#include "definition.h"

#define DELETES .verbs = (VERB_DELETE | VERB_LIST)
#define LISTS   .source_verbs = VERB_LIST
#define REFUSED .refused = true
/* Not even by a policy. */
#define NEVER(reason) REFUSED, .why = (reason), .never = "can never be accepted: " reason
/* The long spelling of a letter. */
#define SPELLS(l) .spells = (l), .why = "-" l " spelled out"
#define UNDOES  .why = "undoes an option"

static const struct option_rule options[] = {
	{"e", VALUE_CAPS, .attached = true, .why = "on a server only the client's capabilities"},
	{"s", .mode = true, .why = "secluded: paths and options come inside the protocol"},

	/* What is transferred. */
	{"r", LISTS, .why = "recursion; the view bounds it"},
	{"--recursive", LISTS, SPELLS("r")},
	{"d", LISTS, .why = "one level of a directory"},
	{"--dirs", LISTS, SPELLS("d")},
	{"--list-only", LISTS, .why = "names in place of contents"},
	{"--files-from", VALUE_PATH, .choices = "-", LISTS,
	 .why = "names to send, from the client (-) or from a file of the docroot"},
	{"--from0", .spells = "0", .why = "the names are NUL-terminated"},
	{"R", .why = "keeps the operands' parent directories"},
	{"--relative", SPELLS("R")},
	{"--no-relative", .why = "undoes the -R of --files-from"},
	{"--no-implied-dirs", .why = "-R without the parents' modes"},
	{"--no-r", .why = "-d without recursion"},
	{"--no-dirs", .why = "undoes the -d of --files-from"},
	{"--no-inc-recursive", .why = "the whole file list at once"},
	{"--no-i-r", .spells = "--no-inc-recursive", .why = "the same"},
	{"x", .why = "stays on one file system"},
	{"m", .why = "leaves out empty directories"},
	{"C", .why = "leaves out what CVS would; .cvsignore is read in the view"},
	{"u", .why = "leaves out what is newer here"},
	{"I", .why = "transfers what seems unchanged too"},
	{"--ignore-times", SPELLS("I")},
	{"c", .why = "compares by checksum"},
	{"--size-only", .why = "compares by size"},
	{"--existing", .why = "creates nothing"},
	{"--ignore-non-existing", .spells = "--existing", .why = "--existing as openrsync sends it"},
	{"--ignore-existing", .why = "overwrites nothing"},
	{"--ignore-missing-args", .why = "a missing operand is no error"},
	{"--max-size", VALUE_SIZE, .why = "leaves out what is larger"},
	{"--min-size", VALUE_SIZE, .why = "leaves out what is smaller"},
	{"@", VALUE_SIGNED, .why = "slack in comparing times"},
	{"--modify-window", VALUE_SIGNED, .spells = "@", .why = "the same"},

	/* Links: followed inside the view, which ends at the docroot. */
	{"l", .why = "copies symbolic links"},
	{"L", .why = "follows symbolic links; the view bounds them"},
	{"k", .why = "follows links to directories; the view bounds them"},
	{"K", .why = "writes through links to directories; the view bounds them"},
	{"H", .why = "keeps hard links"},
	{"--copy-unsafe-links", .why = "follows links that leave the tree; the view bounds them"},
	{"--safe-links", .why = "leaves out links that leave the tree"},
	{"--munge-links", .why = "makes links unusable here"},

	/* Attributes: the kernel lets an owner do no more than chmod(1) would. */
	{"p", .why = "keeps modes; the docroot is nosuid"},
	{"E", .why = "keeps the x bit; the docroot is noexec"},
	{"--executability", SPELLS("E")},
	{"t", .why = "keeps times"},
	{"U", .why = "keeps access times"},
	{"N", .why = "keeps creation times"},
	{"O", .why = "leaves times of directories"},
	{"J", .why = "leaves times of links"},
	{"o", .why = "keeps owners, which needs a privilege nobody has here"},
	{"g", .why = "keeps groups, of those the account is in"},
	{"A", .why = "keeps ACLs of the account's own files"},
	{"X", .why = "keeps user extended attributes"},
	{"D", .why = "devices need a privilege nobody has here; the docroot is nodev"},
	{"--specials", .why = "FIFOs and sockets: names only"},
	{"--no-specials", .why = "-D without these"},
	{"--no-D", .why = "neither devices nor specials"},
	{"--drop-D", .why = "the receiver creates neither (3.5)"},
	{"--chmod", VALUE_WORD, .why = "modes of what is written; the docroot is nosuid"},
	{"--super", .why = "tries what only root may; it fails"},
	{"--no-super", .why = "does not try"},
	{"--fake-super", .why = "keeps owners in an extended attribute"},
	{"--numeric-ids", .why = "looks no names up"},
	{"--usermap", VALUE_TEXT, .why = "maps names of owners"},
	{"--groupmap", VALUE_TEXT, .why = "maps names of groups"},
	{"--open-noatime", .why = "reading leaves access times"},

	/* How files are written. */
	{"n", .why = "writes nothing"},
	{"b", .why = "renames what it would overwrite"},
	{"--backup", SPELLS("b")},
	{"--backup-dir", VALUE_BESIDE, .why = "where -b moves it; stays in the docroot"},
	{"--suffix", VALUE_NAME, .why = "what -b appends to a name"},
	{"--temp-dir", VALUE_BESIDE, .why = "where temporary files go; stays in the docroot"},
	{"--partial", .why = "keeps what an interrupted transfer brought"},
	{"--partial-dir", VALUE_BESIDE, .verbs = VERB_MKDIR,
	 .why = "makes a directory for that; stays in the docroot"},
	{"--delay-updates", .verbs = VERB_MKDIR, .why = "makes a directory to gather new files"},
	{"--mkpath", .verbs = VERB_MKDIR, .why = "makes the destination's parents"},
	{"--inplace", .why = "writes into the file itself"},
	{"--append", .why = "writes behind the file's end; twice means verify"},
	{"--append-verify", .why = "the same"},
	{"S", .why = "makes holes"},
	{"--preallocate", .why = "reserves space"},
	{"--fsync", .why = "waits for the disk"},
	{"--only-write-batch", VALUE_CHOICE, .choices = "X",
	 .why = "the client keeps a batch: X is a placeholder, and the server writes nothing"},

	/* What is read beside the destination. */
	{"--link-dest", VALUE_BESIDE, .why = "links unchanged files from there; in the docroot"},
	{"--copy-dest", VALUE_BESIDE, .why = "copies unchanged files from there; in the docroot"},
	{"--compare-dest", VALUE_BESIDE, .why = "compares with files there; in the docroot"},
	{"y", .verbs = VERB_LIST, .why = "looks through the destination for a similar file"},
	{"--fuzzy", .verbs = VERB_LIST, SPELLS("y")},

	/* What is removed. A receiver deletes; a sender removes only what it sent. */
	{"--delete", DELETES, .why = "deletes what the source has not"},
	{"--delete-before", DELETES, .why = "the same, first"},
	{"--delete-during", DELETES, .why = "the same, on the way"},
	{"--del", DELETES, .spells = "--delete-during", .why = "the same"},
	{"--delete-delay", DELETES, .why = "the same, found on the way"},
	{"--delete-after", DELETES, .why = "the same, last"},
	{"--delete-excluded", DELETES, .why = "deletes what is excluded too"},
	{"--delete-missing-args", DELETES, .why = "deletes what a missing operand names"},
	{"--force", DELETES, .why = "deletes a full directory where a file goes"},
	{"--remove-source-files", .verbs = VERB_DELETE, .why = "the sender deletes what it sent"},
	{"--remove-sent-files", .verbs = VERB_DELETE, .spells = "--remove-source-files",
	 .why = "the same, as rsync 2.6 sends it"},
	{"--max-delete", VALUE_SIGNED, .why = "deletes no more than this"},
	{"--ignore-errors", .why = "deletes after errors too, if it may delete"},

	/* How it travels. */
	{"z", .why = "compresses"},
	{"--old-compress", .why = "picks zlib"},
	{"--new-compress", .why = "picks zlibx"},
	{"--compress-choice", VALUE_WORD, .why = "names of algorithms"},
	{"--compress-level", VALUE_SIGNED, .why = "rsync clamps it"},
	{"--skip-compress", VALUE_TEXT, .why = "suffixes that are not compressed"},
	{"--checksum-choice", VALUE_WORD, .why = "names of algorithms"},
	{"--checksum-seed", VALUE_SIGNED, .why = "a number in the checksums"},
	{"W", .why = "whole files, no deltas"},
	{"--no-W", .why = "deltas"},
	{"B", VALUE_SIZE, .why = "block size, which rsync bounds"},
	{"--block-size", VALUE_SIZE, .spells = "B", .why = "the same"},
	{"--bwlimit", VALUE_SIZE, .why = "only slows"},
	{"--timeout", VALUE_NUMBER, .why = "ends an idle session"},
	{"--stop-after", VALUE_NUMBER, .why = "ends a long session"},
	{"--time-limit", VALUE_NUMBER, .spells = "--stop-after", .why = "the same"},
	{"--stop-at", VALUE_WORD, .why = "the same, at a time"},
	{"--max-alloc", VALUE_SIZE, .why = "rsync's own bound on memory; limits stand above it"},
	{"--iconv", VALUE_CHARSET, .why = "a character set by its name, without a path"},
	{"--no-iconv", .why = "no conversion"},
	{"--use-qsort", .why = "a sort algorithm"},

	/* What is said. */
	{"v", .why = "messages to the client"},
	{"q", .why = "fewer messages"},
	{"h", .why = "readable numbers"},
	{"8", .why = "file names unescaped, to the client's own terminal"},
	{"--progress", .why = "the client shows it"},
	{"--stats", .why = "numbers to the client"},
	{"--info", VALUE_WORD, .why = "names of messages, to the client"},
	{"--debug", VALUE_WORD, .why = "the same; -vv asks for as much"},
	{"--log-format", VALUE_CHOICE, .choices = "%i %i%I %o X",
	 .why = "whether the client itemizes; goes to no log"},
	{"--out-format", VALUE_WORD, .spells = "--log-format", .why = "the same, as openrsync sends it"},
	{"--msgs2stderr", .why = "messages on stderr"},
	{"--no-msgs2stderr", .why = "messages inside the protocol"},
	{"--stderr", VALUE_CHOICE, .choices = "errors all client e a c", .why = "one of these two"},
	{"--outbuf", VALUE_CHOICE, .choices = "N L B", .why = "buffering of messages"},

	/* Spelled out, and undone: nothing of it asks for more. */
	{"i", .why = "lines about changes, to the client"},
	{"--itemize-changes", SPELLS("i")},
	{"0", .why = "--from0"},
	{"--verbose", SPELLS("v")},
	{"--quiet", SPELLS("q")},
	{"--human-readable", SPELLS("h")},
	{"--8-bit-output", SPELLS("8")},
	{"--dry-run", SPELLS("n")},
	{"--links", SPELLS("l")},
	{"--copy-links", SPELLS("L")},
	{"--copy-dirlinks", SPELLS("k")},
	{"--keep-dirlinks", SPELLS("K")},
	{"--hard-links", SPELLS("H")},
	{"--perms", SPELLS("p")},
	{"--times", SPELLS("t")},
	{"--atimes", SPELLS("U")},
	{"--crtimes", SPELLS("N")},
	{"--omit-dir-times", SPELLS("O")},
	{"--omit-link-times", SPELLS("J")},
	{"--owner", SPELLS("o")},
	{"--group", SPELLS("g")},
	{"--acls", SPELLS("A")},
	{"--xattrs", SPELLS("X")},
	{"--devices", .why = "-D without specials"},
	{"--sparse", SPELLS("S")},
	{"--whole-file", SPELLS("W")},
	{"--checksum", SPELLS("c")},
	{"--cvs-exclude", SPELLS("C")},
	{"--update", SPELLS("u")},
	{"--one-file-system", SPELLS("x")},
	{"--prune-empty-dirs", SPELLS("m")},
	{"--compress", SPELLS("z")},
	{"--no-verbose", UNDOES}, {"--no-v", UNDOES}, {"--no-human-readable", UNDOES},
	{"--no-h", UNDOES}, {"--no-recursive", UNDOES}, {"--no-d", UNDOES}, {"--no-perms", UNDOES},
	{"--no-p", UNDOES}, {"--no-acls", UNDOES}, {"--no-A", UNDOES}, {"--no-xattrs", UNDOES},
	{"--no-X", UNDOES}, {"--no-times", UNDOES}, {"--no-t", UNDOES}, {"--no-atimes", UNDOES},
	{"--no-U", UNDOES}, {"--no-open-noatime", UNDOES}, {"--no-crtimes", UNDOES},
	{"--no-N", UNDOES}, {"--no-omit-dir-times", UNDOES}, {"--no-O", UNDOES},
	{"--no-omit-link-times", UNDOES}, {"--no-J", UNDOES}, {"--no-owner", UNDOES},
	{"--no-o", UNDOES}, {"--no-group", UNDOES}, {"--no-g", UNDOES}, {"--no-devices", UNDOES},
	{"--no-links", UNDOES}, {"--no-l", UNDOES}, {"--no-hard-links", UNDOES},
	{"--no-H", UNDOES}, {"--no-R", UNDOES}, {"--no-i-d", UNDOES},
	{"--no-one-file-system", UNDOES}, {"--no-x", UNDOES}, {"--no-sparse", UNDOES},
	{"--no-S", UNDOES}, {"--no-inplace", UNDOES}, {"--no-append", UNDOES},
	{"--no-force", UNDOES}, {"--no-ignore-errors", UNDOES}, {"--no-whole-file", UNDOES},
	{"--no-checksum", UNDOES}, {"--no-c", UNDOES}, {"--no-fuzzy", UNDOES}, {"--no-y", UNDOES},
	{"--no-compress", UNDOES}, {"--no-z", UNDOES}, {"--no-progress", UNDOES},
	{"--no-partial", UNDOES}, {"--no-delay-updates", UNDOES},
	{"--no-prune-empty-dirs", UNDOES}, {"--no-m", UNDOES}, {"--no-itemize-changes", UNDOES},
	{"--no-i", UNDOES}, {"--no-bwlimit", UNDOES}, {"--no-backup", UNDOES},
	{"--no-numeric-ids", UNDOES}, {"--no-timeout", UNDOES}, {"--no-mkpath", UNDOES},
	{"--no-8-bit-output", UNDOES}, {"--no-8", UNDOES}, {"--no-from0", UNDOES},

	/* Runs a program, or turns the server into something else. */
	{"--server", NEVER("stands first")},
	{"--sender", NEVER("stands right behind --server or nowhere")},
	{"--rsh", VALUE_TEXT, NEVER("names a program to run (CVE-2012-2252)")},
	{"--rsync-path", VALUE_TEXT, NEVER("names a program to run")},
	{"--remote-option", VALUE_TEXT, NEVER("hides an option; a client unwraps it")},
	{"M", VALUE_TEXT, NEVER("hides an option; a client unwraps it")},
	{"--daemon", NEVER("a daemon reads a configuration (CVE-2019-3463)")},
	{"--config", VALUE_PATH, NEVER("a daemon's configuration (CVE-2019-3463)")},
	{"--dparam", VALUE_TEXT, NEVER("a daemon's configuration")},
	{"--detach", NEVER("belongs to a daemon")},
	{"--no-detach", NEVER("belongs to a daemon")},
	{"--address", VALUE_TEXT, REFUSED, .why = "belongs to connections of its own"},
	{"--port", VALUE_NUMBER, REFUSED, .why = "belongs to connections of its own"},
	{"--sockopts", VALUE_TEXT, REFUSED, .why = "belongs to connections of its own"},
	{"--contimeout", VALUE_NUMBER, REFUSED, .why = "belongs to connections of its own"},
	{"--copy-as", VALUE_TEXT, NEVER("changes the user")},
	{"--protocol", VALUE_NUMBER, REFUSED, .why = "the versions are agreed inside the protocol"},

	/* Reads or writes a file that is no part of the transfer. */
	{"--log-file", VALUE_PATH, REFUSED, .why = "writes a file"},
	{"--log-file-format", VALUE_TEXT, REFUSED, .why = "what is written to that file"},
	{"--write-batch", VALUE_PATH, REFUSED, .why = "writes a file"},
	{"--read-batch", VALUE_PATH, REFUSED, .why = "reads a file"},
	{"--password-file", VALUE_PATH, REFUSED, .why = "reads a file"},
	{"--early-input", VALUE_PATH, REFUSED, .why = "reads a file"},
	{"--filter", VALUE_TEXT, NEVER("rules come in the protocol; merge reads a file")},
	{"f", VALUE_TEXT, NEVER("rules come in the protocol; merge reads a file")},
	{"F", REFUSED, .why = "rules come in the protocol"},
	{"--exclude", VALUE_TEXT, REFUSED, .why = "rules come in the protocol"},
	{"--include", VALUE_TEXT, REFUSED, .why = "rules come in the protocol"},
	{"--exclude-from", VALUE_PATH, REFUSED, .why = "reads a file"},
	{"--include-from", VALUE_PATH, REFUSED, .why = "reads a file"},

	/* Takes a protection away, or costs without need. */
	{"--write-devices", REFUSED, .why = "writes into devices"},
	{"--copy-devices", REFUSED, .why = "reads devices"},
	{"--insecure-links", REFUSED, .why = "follows links of untrusted owners"},
	{"--no-munge-links", REFUSED, .why = "undoes a protection"},
	{"--confine-root", VALUE_PATH, REFUSED, .why = "for wrappers to insert; the view confines"},
	{"--trust-sender", REFUSED, .why = "skips checks of the file list"},
	{"--compress-threads", VALUE_NUMBER, REFUSED, .why = "threads cost memory (CVE-2026-70455)"},
	{"--protect-args", NEVER("paths and options would come unseen; clients send -s")},
	{"--secluded-args", NEVER("paths and options would come unseen; clients send -s")},
	{"a", REFUSED, .why = "several options in one; clients send -rlptgoD"},
	{"--archive", REFUSED, .spells = "a", .why = "several options in one; clients send -rlptgoD"},
	{"P", REFUSED, .why = "several options in one; clients send --partial"},
	{"--version", REFUSED, .why = "transfers nothing"},
	{"--help", REFUSED, .why = "transfers nothing"},
	{""},
};

/* A sender writes nothing; --remove-source-files has it delete. */
#define SOURCE                                                                                     \
	.program = "rsync", .needs = VERB_DOWNLOAD, .most = VERB_DOWNLOAD | VERB_LIST | VERB_DELETE

/*
 * A receiver renames its temporary file into place, deletes it after a failure, and opens the old
 * file for reading. Without --delete and -y it reads no directory.
 */
#define SINK                                                                                       \
	.program = "rsync", .most = VERBS_ALL,                                                     \
	.needs = VERB_UPLOAD | VERB_OVERWRITE | VERB_RENAME | VERB_DELETE | VERB_DOWNLOAD

/*
 * Uploads stand first: of two forms that fail at one word the first is reported, and its reason
 * is the better one. Secluded options are not seen here: refusing options upholds nothing there.
 */
static const struct form forms[] = {
	/* Without an operand: rsync before 3.0 sends none for the start directory. */
	{"rsync --server %o . %p?", SINK, .refusable = VERB_LIST},
	{"rsync --server %o", .requires = "s", .unseen = true, SINK},
	{"rsync --server --sender %o . %P?", SOURCE, .refusable = VERB_LIST | VERB_DELETE},
	{"rsync --server --sender %o", .requires = "s", .unseen = true, SOURCE},
	{0},
};

static const struct program programs[] = {{"rsync", "/usr/bin/rsync"}, {0}};

const struct definition definition_rsync = {
	.name = "rsync",
	.spellings = "rsync /usr/bin/rsync",
	.forms = forms,
	.options = options,
	.programs = programs,
	.runs = RUNS_FORK, /* no tmp: a temporary file lies beside what it becomes */
	.clusters = true,
	.mark = true,
	.unfit = "!#:+", /* popt takes the next word that is no option away and puts it there */
};
