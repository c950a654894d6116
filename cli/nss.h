/*
 * nss - where the name service has accounts and groups from: a line of nsswitch.conf(5).
 */
#ifndef CLI_NSS_H
#define CLI_NSS_H

#include <stdbool.h>

struct nss_sources {
	bool other; /* one beside the files */
	bool hides; /* one that may have entries and list none of them */
};

/* Those of a database in the file's text; without a text, or a line for it, the files alone. */
struct nss_sources nss_sources(const char *text, const char *database);

#endif
