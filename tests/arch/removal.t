#!/usr/bin/env bash
# The tables of make removal (tests/removal) are complete and have not rotted: what a row takes out stands in the code, once;
# its test is there; each group of each profile, each function that can fail a door and each invariant has its rows. And a few
# rows are taken out in earnest; all of them take an hour: make removal.
. "$(dirname "$0")/lib.sh"
. tests/removal/lib.sh

# What is in the way of taking each row out of the tree.
unremovable() { # TREE
	local line id file text instead named why
	while IFS= read -r line; do
		removal_parse steps "$line"
		[ -n "$why" ] && [ "$text" != "$instead" ] || echo "$id: a row without a removal, or without a reason"
		if [ ! -f "$1/$file" ]; then
			echo "$id: there is no $file"
		elif [ "$(removal_count "$1/$file" "$text")" != 1 ]; then
			echo "$id: not once in $file: $text"
		fi
	done < <(removal_rows steps)
}

untested() { # TABLE
	local line id file text instead named why
	while IFS= read -r line; do
		removal_parse "$1" "$line"
		removal_title "$named" >/dev/null || echo "$id: no test, or more than one, is $named"
	done < <(removal_rows "$1")
	removal_ids "$1" | sort | uniq -d | sed 's/$/: two rows/'
}

# Groups without a row, and rows without a group.
ungrouped() { # GENERATOR
	diff <("$1" --groups | awk '{ print $1 "." $2 }' | sort) <(removal_ids groups | sort) | sed -n 's/^[<>] //p'
}

unproved() { # TABLE's rows on stdin
	local rows i test
	rows=$(cat)
	for i in 1 2 3 4 5 6 7 8 9 10; do
		test=$(grep "^I$i-" <<<"$rows" | cut -f5 | while IFS= read -r test; do
			grep -lwE "I$i" "$(removal_file_of "$test")"
		done)
		[ -n "$test" ] || echo "I$i: no row takes it out, or no test of such a row names it"
	done
}

none "what each row takes out stands in the code, once" unremovable .
none "each step has its test" untested steps
none "each group has its test" untested groups
none "each group of each profile has its row" ungrouped "$BUILD/filters-gen"
none "each function that can fail a door has a row, or a reason to have none" perl tests/removal/unmissed.pl .
none "each invariant has a row, and its test names it" unproved < <(removal_rows steps)

tree=$(plant_tree)
sed -i 's/umask(mask);/umask(077);/' "$tree/sandbox/process.c"
some "a text that is gone" unremovable "$tree"
tree=$(plant_tree)
printf 'bool other(struct sandbox_fault *fault)\n{\n\treturn step_failed(fault, "other", "fails");\n}\n' >>"$tree/sandbox/chroot.c"
some "a new step in a file that has rows" perl tests/removal/unmissed.pl "$tree"
tree=$(plant_tree)
printf '\nstatic bool other(const struct view *v)\n{\n\treturn failed(v, "other", "fails");\n}\n' >>"$tree/sandbox/view.c"
some "a new step that fails by its file's own word" perl tests/removal/unmissed.pl "$tree"
tree=$(plant_tree)
sed -i 's/^bool base_open(/bool base_opened(/' "$tree/sandbox/base.c"
some "an exception for what is gone" perl tests/removal/unmissed.pl "$tree"
printf '#!/bin/sh\n%s --groups; echo new plain allow read\n' "$PWD/$BUILD/filters-gen" >"$scratch/generator"
chmod +x "$scratch/generator"
some "a new group without a row" ungrouped "$scratch/generator"
some "an invariant without a row" unproved < <(removal_rows steps | grep -v '^I6-')

# Unit tests alone, for time; no file of root's is needed.
SAMPLE='^(slot\.take|I3-exec-once\.plain|docroot\.links|I9-git)$'
result_of_sample() {
	TEST_JOBS=1 tests/removal/run.sh "$SAMPLE" >"$scratch/tap" 2>&1 && [ "$(grep -c '^ok' "$scratch/tap")" = 8 ]
}
result_of_sample
result $? "a sample of the rows, taken out" "$(cat "$scratch/tap")"
finish
