#!/usr/bin/env bash
# Above 400 lines a file, above 60 a function: think again. There is no exception.
. "$(dirname "$0")/lib.sh"

FILE_MOST=400
FUNCTION_MOST=60
COLUMNS_MOST=120 # 100 is the aim, and .clang-format's; a reason or a table row may stand out

sources() { # TREE
	(cd "$1" && for room in $ROOMS; do ls "$room"/*.[ch] 2>/dev/null; done)
}

long_files() { # TREE
	sources "$1" | while read -r file; do
		lines=$(wc -l <"$1/$file")
		[ "$lines" -le $FILE_MOST ] || echo "$file: $lines lines"
	done
}

long_functions() { # TREE
	sources "$1" | grep '\.c$' | while read -r file; do
		awk -v most=$FUNCTION_MOST -v file="$file" '
		/^[a-zA-Z_].*\(/ && !/;$/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
		/^{$/ { start = NR }
		/^}$/ && start { if (NR - start - 1 > most) print file ": " name "() has " NR - start - 1 " lines"; start = 0 }
		' "$1/$file"
	done
}

wide_lines() { # TREE
	sources "$1" | while read -r file; do
		expand "$1/$file" | awk -v most=$COLUMNS_MOST -v file="$file" \
			'length($0) > most { print file ":" NR ": " length($0) " columns" }'
	done
}

none "no file has more than $FILE_MOST lines" long_files .
none "no function has more than $FUNCTION_MOST" long_functions .
none "no line has more than $COLUMNS_MOST columns" wide_lines .

tree=$(plant_tree)
{ echo "int longer(void)"; echo "{"; yes "	f();" | head -n 61; echo "}"; } >>"$tree/text/json.c"
some "a long function" long_functions "$tree"
yes "/* more */" | head -n 400 >>"$tree/text/json.c"
some "a long file" long_files "$tree"
printf '/*%0130d*/\n' 1 >>"$tree/text/json.c"
some "a wide line" wide_lines "$tree"
finish
