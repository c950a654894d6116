# shellcheck shell=bash
# lint.sh - for tests/arch/lint-*.t: run a tool over every source, take away what ACCEPTED names with a reason, and
# fail on the rest; and on what is accepted and no longer said.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

SOURCES=$(for room in $ROOMS; do ls "$room"/*.c; done)
FLAGS='-std=gnu17 -I. -D_GNU_SOURCE -DSALLYPORT_VERSION="0" -DSALLYPORT_SHELL="/x/sallyport-shell"
	-DSALLYPORT_POLICY="/x/policy.ini" -DSALLYPORT_SLOTS="/x/slots" -DSALLYPORT_STATE="/x/state" -DSALLYPORT_SBIN="/x"
	-DSALLYPORT_PINNED="/x/view" -DSALLYPORT_ACCOUNTS="/x/accounts"
	-DSALLYPORT_CAPS="cap_sys_admin=p"'

need() { # TOOL
	command -v "$1" >/dev/null && return
	echo "1..1"
	echo "not ok 1 - $1 is not installed: tests/packages.sh check"
	exit 1
}

# Findings as "FILE:LINE:… [check]" lines on stdin; prints those that ACCEPTED does not name.
# ACCEPTED: "FILE CHECK<tab>reason" a line.
unaccepted() {
	awk -v accepted="$ACCEPTED" '
	BEGIN { n = split(accepted, rows, "\n")
		for (i = 1; i <= n; i++) if (split(rows[i], w, /[ \t]+/) > 2) wanted[w[1] " " w[2]] = 0 }
	{ hit = 0
	  for (key in wanted) { split(key, w, " ")
		if (index($0, w[1] ":") && index($0, "[" w[2])) { wanted[key]++; hit = 1 } }
	  if (!hit) print }
	END { for (key in wanted) if (!wanted[key]) print key " is accepted, and nothing says it any more" }'
}
