#!/bin/bash
# fetch.sh DIRECTORY - rsync and the OpenSSH client of other Debian releases, unpacked with their libraries under
# DIRECTORY/RELEASE; DIRECTORY/RELEASE/run NAME ARGUMENT... starts one with its own loader. Nothing is installed.
# What cannot be had is said, and no failure: the command lines of those versions are in tests/corpus/commands.tsv.
set -u
out=$1
releases="bullseye bookworm trixie sid" # rsync 3.2.3, 3.2.7, 3.4.1, and what is newest
packages="rsync openssh-client"

command -v apt-get >/dev/null || { echo "fetch.sh: no apt here, no other releases" >&2; exit 0; }
# shellcheck disable=SC2016 # apt's own variables
uri=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Component: main' 2>/dev/null |
	grep -v security | sort -u | head -n 1)
[ -n "$uri" ] || { echo "fetch.sh: apt knows no Debian archive here, no other releases" >&2; exit 0; }
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
mkdir -p "$out"
out=$(cd "$out" && pwd -P)

fetch() { # RELEASE
	local at=$out/$1 names apt
	rm -rf "$at"
	mkdir -p "$at/apt/lists/partial" "$at/apt/cache/archives/partial" "$at/debs" "$at/root"
	echo "deb [signed-by=$keyring] $uri $1 main" >"$at/apt/sources.list"
	apt=(-o "Dir::Etc::sourcelist=$at/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null
		-o Dir::Etc::preferencesparts=/dev/null -o Dir::Etc::preferences=/dev/null
		-o "Dir::State::lists=$at/apt/lists" -o Dir::State::status=/dev/null -o "Dir::Cache=$at/apt/cache"
		-o APT::Sandbox::User=root -o APT::Install-Recommends=no)
	apt-get "${apt[@]}" -q update >/dev/null 2>&1 || return
	# shellcheck disable=SC2086 # a list
	names=$(apt-get "${apt[@]}" -y --print-uris install $packages 2>/dev/null |
		sed -n "s/^'[^']*' \([^_ ]*\)_.*/\1/p" | grep -x 'lib.*\|zlib1g\|rsync\|openssh-client') || return
	# shellcheck disable=SC2086 # a list
	(cd "$at/debs" && apt-get "${apt[@]}" -q download $names >/dev/null 2>&1) || return
	for deb in "$at"/debs/*.deb; do dpkg -x "$deb" "$at/root" || return; done
	rm -rf "$at/debs" "$at/apt"
	cat >"$at/run" <<-'END'
		#!/bin/sh
		at=$(dirname "$0")/root name=$1
		shift
		for loader in "$at"/lib/*/ld-[0-9]*.so "$at"/usr/lib/*/ld-linux-*.so.* "$at"/lib/*/ld-linux-*.so.*; do
			[ -f "$loader" ] && [ -x "$loader" ] && break
		done
		libraries=$(ls -d "$at"/lib/*-linux-gnu* "$at"/usr/lib/*-linux-gnu* 2>/dev/null | tr '\n' ':')
		exec "$loader" --library-path "$libraries" "$at/usr/bin/$name" "$@"
	END
	chmod 755 "$at/run"
	"$at/run" rsync --version >/dev/null 2>&1
}

for release in $releases; do
	[ -x "$out/$release/run" ] && "$out/$release/run" rsync --version >/dev/null 2>&1 && continue
	fetch "$release" || { rm -rf "${out:?}/$release"; echo "fetch.sh: $release cannot be had here" >&2; }
done
exit 0
