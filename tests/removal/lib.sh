# shellcheck shell=bash
# lib.sh - the tables of removals, read: for run.sh, which takes each thing out, and for tests/arch/removal.t, which holds
# the tables to the code. From the top of a tree.
#
# A row of steps.tsv: id, file, text, what stands in its place, test, why. Text and replacement as printf's %b reads
# them, each text once in its file. A row of groups.tsv: group, profile, test, why; sandbox/syscalls.c has the group.
# A test: the path under tests/ without its ending, a colon, and the name of a test in it: of a bats test the beginning
# of its title, of a unit test the function.

removal_rows() { # TABLE: its rows alone
	grep -v '^#\|^$' "tests/removal/$1.tsv"
}

# removal_parse TABLE LINE: sets id, file, text, instead, named, why; for a group, text is "GROUP PROFILE" and file empty.
removal_parse() {
	# a tab is white space to read, and white space at a border is lost
	local fields
	mapfile -t -d $'\t' fields < <(printf '%s' "$2")
	if [ "$1" = groups ]; then
		id=${fields[0]}.${fields[1]} file='' text="${fields[0]} ${fields[1]}" instead=''
		named=${fields[2]} why=${fields[3]}
		return
	fi
	id=${fields[0]} file=${fields[1]} named=${fields[4]} why=${fields[5]}
	printf -v text '%b.' "${fields[2]}"
	printf -v instead '%b.' "${fields[3]}"
	text=${text%.} instead=${instead%.}
}

removal_read() { # TABLE ID: the same of the one row that has the id
	local lines
	mapfile -t lines < <(removal_rows "$1" |
		awk -F'\t' -v id="$2" -v table="$1" '(table == "steps" ? $1 : $1 "." $2) == id')
	[ ${#lines[@]} = 1 ] && removal_parse "$1" "${lines[0]}"
}

removal_ids() { # TABLE
	removal_rows "$1" | awk -F'\t' -v table="$1" '{ print (table == "steps" ? $1 : $1 "." $2) }'
}

# How often the text stands in the file.
removal_count() { # FILE TEXT
	local all without
	all=$(<"$1")
	without=${all//"$2"/}
	echo $(((${#all} - ${#without}) / ${#2}))
}

# Puts the replacement in the place of the text, which must stand there once.
removal_apply() { # FILE TEXT INSTEAD
	local all
	[ "$(removal_count "$1" "$2")" = 1 ] || return
	all=$(cat "$1"; echo .)
	all=${all%.}
	printf '%s' "${all/"$2"/"$3"}" >"$1"
}

removal_file_of() { # TEST: the file that it is in
	local file=tests/${1%%:*}
	if [ -f "$file.bats" ]; then
		echo "$file.bats"
	else
		echo "$file.c"
	fi
}

# The whole name of the one test that is meant.
removal_title() { # TEST
	local file want=${1#*: } titles
	file=$(removal_file_of "$1")
	case $file in
	*.bats) titles=$(sed -n 's/^@test "\(.*\)" {.*/\1/p' "$file" | WANT=$want awk 'index($0, ENVIRON["WANT"]) == 1') ;;
	*) titles=$(grep -o 'cmocka_unit_test([a-z0-9_]*)' "$file" | sed 's/.*(\(.*\))/\1/' | grep -xF -- "$want") ;;
	esac
	[ "$(grep -c . <<<"$titles")" = 1 ] && printf '%s\n' "$titles"
}
