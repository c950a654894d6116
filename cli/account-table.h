/*
 * account-table - all accounts and groups that the name service lists, read once.
 *
 *	account_table_read()    reads them
 *	account_table_…()       answers from memory
 *	account_table_free()
 */
#ifndef CLI_ACCOUNT_TABLE_H
#define CLI_ACCOUNT_TABLE_H

#include <pwd.h>
#include <stdbool.h>
#include <sys/types.h>

struct account_table;

/* NULL: no memory. */
struct account_table *account_table_read(void);

/*
 * Whether all are listed: some name services answer by name alone. Without all groups the last two must not be asked.
 */
bool account_table_has_users(const struct account_table *table);
bool account_table_has_groups(const struct account_table *table);

/* NULL: it is not listed. What it points to is the table's. */
const struct passwd *account_table_find(const struct account_table *table, const char *name);

/* All gids of the account, its own first, *count of them, to be freed. NULL: no memory. */
gid_t *account_table_gids(const struct account_table *table, const struct passwd *entry, int *count);

/* The table's; NULL: the number has none. */
const char *account_table_group(const struct account_table *table, gid_t gid);

/* Accepts NULL. */
void account_table_free(struct account_table *table);

#endif
