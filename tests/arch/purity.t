#!/usr/bin/env bash
# A decision is a pure function: no I/O, no clock, no environment. What the objects of the decision, of audit/ and of
# text/ ask of the outside is memory and strings, by a closed list; and no leaf prints, logs or exits.
. "$(dirname "$0")/lib.sh"

ALLOWED="malloc calloc realloc reallocarray free strdup strndup qsort bsearch
	memcpy memmove memset memcmp memchr memrchr mempcpy
	strlen strnlen strcmp strncmp strcasecmp strncasecmp strchr strrchr strstr strspn strcspn strcpy stpcpy
	strchrnul strsep strpbrk memmem
	strtoul strtoull inet_pton snprintf vsnprintf vasprintf fnmatch explicit_bzero
	__memcpy_chk __memmove_chk __memset_chk __strcpy_chk __stpcpy_chk __snprintf_chk __vsnprintf_chk
	__vasprintf_chk __stack_chk_fail
	__ctype_b_loc __ctype_tolower_loc _GLOBAL_OFFSET_TABLE_"
PURE="decide argv paths grammar options template value hold isolation verb environ arena builtin"
SPEAKING="printf fprintf vprintf vfprintf puts fputs putchar fputc putc fwrite perror warn warnx err errx error
	syslog vsyslog openlog exit _exit _Exit abort quick_exit
	__printf_chk __fprintf_chk __vfprintf_chk __syslog_chk"

objects() { # TREE of objects
	for name in $PURE; do echo "$1/policy/$name.o"; done
	ls "$1"/policy/table-*.o "$1"/text/*.o "$1"/audit/*.o
}

undefined() { # OBJECT…
	nm -u "$@" 2>&1 | awk '$1 == "U" || $1 == "w" { print $2 }' | sort -u
}

defined() { # OBJECT…
	nm --defined-only -g "$@" 2>&1 | awk 'NF == 3 { print $3 }' | sort -u
}

impure() { # OBJECTS
	local list
	list=$(objects "$1")
	# shellcheck disable=SC2086 # a list
	comm -23 <(undefined $list) <({ defined $list; printf '%s\n' $ALLOWED; } | sort -u) |
		sed 's/$/ is asked for by an object that should be pure/'
	# shellcheck disable=SC2086
	for object in $list; do [ -e "$object" ] || echo "$object is not there"; done
}

# No state that one decision could leave for the next: nothing in .data or .bss. (.data.rel.ro holds tables of
# pointers, read-only once they are relocated.)
stateful() { # OBJECTS
	local object
	for object in $(objects "$1"); do
		objdump -t "$object" | awk -v o="${object#"$1"/}" '/ O / && $0 ~ /[ \t](\.data|\.bss|\*COM\*)[ \t]/ {
			print o ": " $NF " is state" }'
	done
}

loud() { # OBJECTS
	local object speaking
	speaking=$(printf '%s\n' $SPEAKING | sort -u)
	for object in "$1"/policy/*.o "$1"/sandbox/*.o "$1"/keys/*.o "$1"/audit/*.o "$1"/text/*.o; do
		comm -12 <(undefined "$object") <(echo "$speaking") | sed "s|^|${object#"$1"/} calls |"
	done
}

none "what decides asks for memory and strings alone" impure "$BUILD"
none "and keeps nothing from one decision to the next" stateful "$BUILD"
none "no leaf prints, logs or exits" loud "$BUILD"

plant() { # FUNCTION-BODY: objects of which text/json.o has one more function
	local copy
	copy=$(mktemp -d "$scratch/objects-XXXXXX")
	cp -R "$BUILD/policy" "$BUILD/sandbox" "$BUILD/keys" "$BUILD/text" "$copy/"
	printf '#include <stdio.h>\n#include <stdlib.h>\n#include <time.h>\n#include <unistd.h>\n%s\n' "$1" >"$copy/x.c"
	${CC:-gcc} -c -o "$copy/text/json.o" "$copy/x.c"
	echo "$copy"
}
some "the clock" impure "$(plant 'long f(void) { return time(0); }')"
some "the environment" impure "$(plant 'char *f(void) { return getenv("X"); }')"
some "a file" impure "$(plant 'int open(const char *, int, ...); int f(void) { return open("x", 0); }')"
some "a static counter" stateful "$(plant 'int f(void) { static int n; return n++; }')"
some "a message" loud "$(plant 'void f(void) { puts("x"); }')"
some "an exit" loud "$(plant 'void f(void) { _exit(1); }')"
finish
