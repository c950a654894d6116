#!/usr/bin/env bash
# The rooms are a star (HACKING): a leaf includes its own folder, text/, libc, and the one library that is its; a
# slash in the include marks a border crossing; only shell/ and cli/ cross more than that; nothing goes round in
# circles.
. "$(dirname "$0")/lib.sh"

# C library and kernel headers. A name that is not here is a library: it needs a room of its own, and a reason.
LIBC=" alloca assert ctype dirent elf errno fcntl fnmatch getopt glob grp inttypes limits link locale netdb poll pwd regex sched
 setjmp shadow signal spawn stdalign stdarg stdbool stddef stdint stdio stdlib string strings syslog termios time unistd
 wchar "
LIBC=${LIBC//$'\n'/ }

# Prints "FILE ROOM INCLUDE" for each include; INCLUDE with its <> or "".
includes() { # TREE
	(cd "$1" && grep -HoE '^[[:space:]]*#[[:space:]]*include[[:space:]]*(<[^>]*>|"[^"]*")' \
		-r --include='*.[ch]' shell policy sandbox text cli keys audit token 2>/dev/null) |
		sed -E 's/^(([^/]*)\/[^:]*):[[:space:]]*#[[:space:]]*include[[:space:]]*/\1 \2 /'
}

may_cross() { # ROOM TARGET: may ROOM include "TARGET/…"?
	case $1:$2 in
	policy:text | sandbox:text | keys:text | audit:text | token:text) return 0 ;;
	shell:policy | shell:sandbox | shell:text | shell:keys) return 0 ;;
	cli:policy | cli:sandbox | cli:text | cli:keys | cli:audit | cli:token) return 0 ;;
	esac
	return 1
}

angle_is_right() { # ROOM HEADER
	case $2 in
	ini.h) [ "$1" = policy ] ;;
	cdb.h) [ "$1" = keys ] ;;
	seccomp.h | sys/capability.h) [ "$1" = sandbox ] ;;
	sys/* | linux/* | asm/* | net/* | netinet/* | arpa/*) return 0 ;;
	*) case $LIBC in *" ${2%.h} "*) return 0 ;; *) return 1 ;; esac ;;
	esac
}

borders() { # TREE
	local file room include name
	while read -r file room include; do
		name=${include#[<\"]} name=${name%[>\"]}
		case $include in
		\<*) angle_is_right "$room" "$name" || echo "$file: $include is not of $room/" ;;
		*/*)
			if [ "${name%%/*}" = "$room" ]; then
				echo "$file: $include: its own room needs no slash"
			elif ! may_cross "$room" "${name%%/*}"; then
				echo "$file: $include: $room/ may not look into ${name%%/*}/"
			elif [ ! -e "$1/$name" ]; then
				echo "$file: $include is not there"
			fi ;;
		*) [ -e "$1/$room/$name" ] || echo "$file: $include is not in $room/" ;;
		esac
	done < <(includes "$1")
}

# Prints "A B": file A includes file B.
edges() { # TREE
	includes "$1" | while read -r file room include; do
		case $include in
		\<*) ;;
		*/*) echo "$file ${include//\"/}" ;;
		*) echo "$file $room/${include//\"/}" ;;
		esac
	done
}

file_cycles() { # TREE
	edges "$1" | tsort 2>&1 >/dev/null | head -n 20
}

# Modules (x.c with x.h). Four pairs know of each other on purpose.
MUTUAL="
policy/grammar policy/options	two files of one engine; options.h is private to grammar
shell/session shell/report	a step that fails reports; a report says of which session
policy/model policy/setting	a section holds settings; a setter looks definitions up in the sections
sandbox/step sandbox/sandbox	the room's private header builds on its public one, whose file calls the steps
"
module_cycles() { # TREE
	edges "$1" | sed -E 's/\.[ch]\b//g' | awk -v mutual="$MUTUAL" '
	BEGIN { n = split(mutual, rows, "\n")
		for (i = 1; i <= n; i++) { split(rows[i], w, /[ \t]/); together[w[1]] = w[2] } }
	function name(m) { return m in together ? together[m] : m }
	{ a = name($1); b = name($2); if (a != b) print a, b }' | tsort 2>&1 >/dev/null | head -n 20
}

none "includes cross only the borders that they may" borders .
none "no file includes itself by a detour" file_cycles .
none "no modules depend on each other, but for four named pairs" module_cycles .

plant() { # FILE LINE: a tree in which FILE has one more include
	local tree
	tree=$(plant_tree)
	printf '%s\n' "$2" >>"$tree/$1"
	echo "$tree"
}
some "a leaf looks into a leaf" borders "$(plant policy/verb.c '#include "sandbox/sandbox.h"')"
some "text looks anywhere" borders "$(plant text/json.c '#include "policy/verb.h"')"
some "a leaf looks into shell" borders "$(plant sandbox/caps.c '#include "shell/exit.h"')"
some "shell looks into cli" borders "$(plant shell/main.c '#include "cli/cli.h"')"
some "a library in the wrong room" borders "$(plant sandbox/caps.c '#include <ini.h>')"
some "seccomp outside sandbox" borders "$(plant shell/plan.c '#include <seccomp.h>')"
some "the database outside keys" borders "$(plant cli/keys.c '#include <cdb.h>')"
some "an unknown library" borders "$(plant policy/verb.c '#include <openssl/ssl.h>')"
some "a slash for its own room" borders "$(plant policy/verb.c '#include "policy/verb.h"')"
some "a border crossed without a slash" borders "$(plant shell/plan.c '#include "verb.h"')"
some "a cycle of headers" file_cycles "$(plant policy/verb.h '#include "policy.h"')"
some "a cycle of modules" module_cycles "$(plant text/pathname.c '#include "words.h"
#include "loop.h"' | { read -r t; echo '#include "pathname.h"' >"$t/text/loop.h"
	echo '#include "loop.h"' >>"$t/text/pathname.h"; echo "$t"; })"
finish
