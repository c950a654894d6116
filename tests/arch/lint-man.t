#!/usr/bin/env bash
# The pages are sound mdoc, and every page that they refer to among themselves is there.
. "$(dirname "$0")/lint.sh"
need mandoc

pages() { # FILES
	mandoc -Tlint -W warning "$@"
}

# .Xr sallyport.ini 5
lost_references() { # DIRECTORY
	awk '$1 == ".Xr" && $2 ~ /^sallyport/ { print $2 "." $3 }' "$1"/*.[1-8] | sort -u |
		while read -r page; do [ -e "$1/$page" ] || echo "$page is referred to and not there"; done
}

none "mandoc -Tlint" pages man/*.[1-8]
none "pages refer to pages that are there" lost_references man
printf '.Dd x\n.Sh NAME\n.Bl\n' >"$scratch/x.8"
some "a page with faults" pages "$scratch/x.8"
printf '.Xr sallyport-nowhere 8\n' >"$scratch/x.8"
some "a reference to nothing" lost_references "$scratch"
finish
