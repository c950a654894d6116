/*
 * when - hours of the week and points in time, all in UTC.
 *
 *	hours  = window *( "," window )
 *	window = [ day [ "-" day ] " " ] HH:MM "-" HH:MM	an end before its begin is on the next day
 *	day    = "Mon" / "Tue" / "Wed" / "Thu" / "Fri" / "Sat" / "Sun"
 *	time   = YYYYMMDD [ HHMM [ SS ] ] [ "Z" ]		as sshd(8) expiry-time, but always UTC
 */
#ifndef TEXT_WHEN_H
#define TEXT_WHEN_H

#include <stdbool.h>
#include <stdint.h>

/* A static reason, or NULL. */
const char *when_check_hours(const char *hours);

/* Whether the second (since 1970, UTC) is inside one of the windows. Begin counts, end does not. */
bool when_in_hours(const char *hours, int64_t now);

/* Reads a time to seconds since 1970. A static reason, or NULL. */
const char *when_read_time(const char *text, int64_t *seconds);

/* The calendar: years from 1970, months from 1, days from 1. Days since 1970-01-01. */
bool when_is_leap(int year);
int when_month_days(int year, int month);
int64_t when_days(int year, int month, int day);

#endif
