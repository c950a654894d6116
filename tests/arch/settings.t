#!/usr/bin/env bash
# What the pages say is what the tables have: settings (sallyport.ini.5), exit statuses (sallyport-shell.8),
# subcommands (sallyport.8), findings; and README has every source file.
. "$(dirname "$0")/lib.sh"

differ() { # CODE PAGE, two sorted lists in files
	comm -3 "$1" "$2" | sed -e "s/^\t\(.*\)/\1 is in the page and not in the code/;t" \
		-e 's/$/ is in the code and not in the page/'
	[ -s "$1" ] || echo "nothing found in the code"
	[ -s "$2" ] || echo "nothing found in the page"
}

# Names of the items of one kind: ".It Cm docroot" , ".It Cm env Ar NAME".
items() { # PAGE MACRO
	awk -v macro="$2" '$1 == ".It" && $2 == macro { print $3 }' "$1" | sort -u
}

settings() { # TREE
	sed -n '/^const struct setting [a-z]*_table/,/^};/s/^\t{"\([^"]*\)".*/\1/p' "$1/policy/setting.c" \
		"$1/policy/expectation.c" | sort -u >"$scratch/code"
	items "$1/man/sallyport.ini.5" Cm >"$scratch/page"
	differ "$scratch/code" "$scratch/page"
}

statuses() { # TREE
	sed -n '/^enum exit_status/,/^};/s/.*= \([0-9]*\),.*/\1/p' "$1/shell/exit.h" | sort -u >"$scratch/code"
	sed -n '/^\.Sh EXIT STATUS/,/^\.Sh [^E]/s/^\.It *\(Li\|Cm\|Sy\)* *\([0-9][0-9]*\).*/\2/p' "$1/man/sallyport-shell.8" |
		sort -u >"$scratch/page"
	differ "$scratch/code" "$scratch/page"
}

# The tool's statuses are the gate's, and 1 for "there is something to look at".
tool_statuses() { # TREE
	sed -n '/^enum cli_status/,/^};/s/.*= \([0-9]*\),.*/\1/p' "$1/cli/cli.h" | grep -vx -e 0 -e 1 | sort -u >"$scratch/code"
	sed -n '/^enum exit_status/,/^};/s/.*= \([0-9]*\),.*/\1/p' "$1/shell/exit.h" | sort -u >"$scratch/gate"
	comm -23 "$scratch/code" "$scratch/gate" | sed 's/$/ is a status of the tool and not of the gate/'
}

subcommands() { # TREE
	sed -n '/^} commands\[\]/,/^};/s/^\t{"\([^"]*\)".*/\1/p' "$1/cli/main.c" | sort -u >"$scratch/code"
	items "$1/man/sallyport.8" Cm >"$scratch/page"
	differ "$scratch/code" "$scratch/page"
}

findings() { # TREE
	grep -oE '^	\{"[a-z0-9-]+", JUDGE_[A-Z]+' "$1/keys/judge-rows.c" | sed -E 's/.*"(.*)", JUDGE_(.*)/\1 \L\2/' >"$scratch/code"
	sed -n '/^\.Sh OUTPUT OF CHECK/,/^\.Ss JSON/s/^\.It Sy \([^ ]*\) Pq \(.*\)/\1 \2/p' "$1/man/sallyport-keys.8" \
		>"$scratch/page"
	diff "$scratch/code" "$scratch/page"
	[ -s "$scratch/code" ] || echo "nothing found in the code"
}

checks() { # TREE
	grep -oE '^	\{"[a-z0-9-]+", AUDIT_[A-Z]+' "$1/audit/checks.c" | sed -E 's/.*"(.*)", AUDIT_(.*)/\1 \L\2/' >"$scratch/code"
	sed -n '/^\.Ss Checks/,/^\.Ss JSON/s/^\.It Sy \([^ ]*\) Pq \(.*\)/\1 \2/p' "$1/man/sallyport-audit.8" >"$scratch/page"
	diff "$scratch/code" "$scratch/page"
	[ -s "$scratch/code" ] || echo "nothing found in the code"
}

told() { # TREE
	grep -oE '^	\{"[a-z0-9-]+", LOGS_[A-Z]+' "$1/cli/audit-logs-kinds.c" | sed -E 's/.*"(.*)", LOGS_(.*)/\1 \L\2/' >"$scratch/code"
	sed -n '/^\.Ss Findings/,/^\.Ss JSON/s/^\.It Sy \([^ ]*\) Pq \(.*\)/\1 \2/p' "$1/man/sallyport-audit-logs.8" >"$scratch/page"
	diff "$scratch/code" "$scratch/page"
	[ -s "$scratch/code" ] || echo "nothing found in the code"
}

# Which filter a definition's programs run under: the table, and the list of doctor --trace.
profiles() { # TREE
	local table name profile
	for table in "$1"/policy/table-*.c; do
		name=$(sed -n 's/^\t\.name = "\(.*\)",.*/\1/p' "$table")
		profile=$(sed -n 's/^\t\.runs = RUNS_\([A-Z]*\),.*/\L\1/p' "$table")
		[ "$profile" = probe ] || grep -A1 "^\.Ql $profile\$" "$1/man/sallyport.8" |
			grep -qE "^\.Pq (.*, )?${name:-without a name}( |,|\$)" || echo "$name: not $profile in the page"
	done
}

# README: "`room/`, ..." and below it rows "| `a.c` `.h` `b.c`, ... |"; `.h` is of the name before it.
sources() { # TREE
	awk '/^## / { room = ""; inside = $0 == "## Every source file" }
		inside && /^`[a-z]*\/`/ { split($0, cell, "`"); room = cell[2] }
		room && /^\| `/ {
			split($0, cell, "|")
			while (match(cell[2], /`[^`]*`/)) {
				name = substr(cell[2], RSTART + 1, RLENGTH - 2)
				cell[2] = substr(cell[2], RSTART + RLENGTH)
				if (name == ".h") name = stem ".h"
				stem = name; sub(/\.[ch]$/, "", stem)
				print room name
			}
		}' "$1/README.md" | sort -u >"$scratch/page"
	(cd "$1" && ls shell/*.[ch] policy/*.[ch] sandbox/*.[ch] keys/*.[ch] audit/*.[ch] text/*.[ch] cli/*.[ch]) |
		sort -u >"$scratch/code"
	differ "$scratch/code" "$scratch/page"
}

none "settings: policy/setting.c and sallyport.ini(5)" settings .
none "exit statuses: shell/exit.h and sallyport-shell(8)" statuses .
none "exit statuses of the tool are the gate's" tool_statuses .
none "subcommands: cli/main.c and sallyport(8)" subcommands .

plant() { # FILE SED
	local tree
	tree=$(plant_tree)
	sed -i "$2" "$tree/$1"
	echo "$tree"
}
none "findings, in their order: keys/judge-rows.c and sallyport-keys(8)" findings .
none "checks, in their order: audit/checks.c and sallyport-audit(8)" checks .
none "findings of logs, in their order: cli/audit-logs-kinds.c and sallyport-audit-logs(8)" told .
none "profiles: the tables and sallyport(8)" profiles .
none "source files: the rooms and README" sources .
some "a setting without a word in the page" settings "$(plant policy/setting.c 's/^\t{"umask", /\t{"umusk", /')"
some "a page that promises more" settings "$(plant man/sallyport.ini.5 '0,/^\.It Cm umask/s//.It Cm turbo\n&/')"
some "a status that moved" statuses "$(plant shell/exit.h 's/= 77/= 76/')"
some "a status of the tool's own" tool_statuses "$(plant cli/cli.h 's/= 71/= 70/')"
some "a subcommand that nobody knows of" subcommands "$(plant cli/main.c 's/^\t{"check"/\t{"chick"/')"
some "a finding with another severity" findings "$(plant keys/judge-rows.c 's/"tunnel", JUDGE_HIGH/"tunnel", JUDGE_LOW/')"
some "a finding of logs that the page does not have" told "$(plant man/sallyport-audit-logs.8 '/^\.It Sy probing/d')"
some "a definition under another filter" profiles "$(plant policy/table-borg.c 's/RUNS_PLAIN/RUNS_FORK/')"
some "a source file that README does not have" sources "$(plant README.md '/^| `paths.c` | the same/d')"
some "a source file that is gone" sources "$(plant README.md 's/^| `state.c` |/| `stale.c` |/')"
some "a check with another severity" checks "$(plant audit/checks.c 's/"docroot-home", AUDIT_HIGH/"docroot-home", AUDIT_LOW/')"
finish
