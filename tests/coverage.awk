# coverage.awk - what gcov -n says of policy/ and text/, a file a line and all together. -v least=PERCENT: exit status 1
# when fewer of the lines are reached, or none are counted.
BEGIN { FS = "[\047:%]" }
/^File/ { file = $2 }
/^Lines executed/ && file ~ /^(policy|text)\/.*\.c$/ {
	split($0, part, /of /)
	lines = part[2]
	printf "%-24s %6.2f%% of %d\n", file, $2, lines
	all += lines
	hit += lines * $2 / 100
	file = ""
}
END {
	share = all ? 100 * hit / all : 0
	printf "%-24s %6.2f%% of %d\n", "together", share, all
	if (share >= least)
		exit 0
	printf "make coverage: less than %d%%\n", least
	exit 1
}
