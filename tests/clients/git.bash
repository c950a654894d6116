# shellcheck shell=bash disable=SC2164,SC2103 # errexit is on (run.sh), and each function has a process of its own
# git.bash - clone, fetch, push, archive, in protocol versions 0 and 2.

g() { git -c user.name=a -c user.email=a@b -c protocol.version="${VERSION:-2}" "$@"; }

git_ground() {
	stage_as alice env HOME=/tmp git init -q --bare "$D/r.git"
	g init -q work; cd work; cp ../src/plain .; g add .; g commit -qm one; cd ..
}
git_push() { git_ground; g -C work push -q "$URL" HEAD:refs/heads/main; stage_as alice git -C "$D/r.git" rev-parse -q --verify main; }
git_clone() { git_push; g clone -q -b main "$URL" copy; same src/plain copy/plain; }
git_v0() { VERSION=0 git_clone; }
git_v2() { git_push; GIT_TRACE_PACKET=$PWD/trace g clone -q -b main "$URL" copy; grep -q 'version 2' trace; same src/plain copy/plain; }
git_fetch() {
	git_clone; cd work; echo more >second; g add second; g commit -qm two; g push -q "$URL" HEAD:main
		cd ../copy; g pull -q --ff-only; [ -e second ]
}
git_shallow() { git_push; g clone -q --depth 1 -b main "$URL" copy; same src/plain copy/plain; }
git_archive() { git_push; g archive --remote="$URL" main plain | tar -xO | cmp - src/plain; }
git_deletes() { git_push; g -C work push -q "$URL" HEAD:refs/heads/b HEAD:refs/tags/t; g -C work push -q "$URL" :refs/heads/b; g ls-remote "$URL" | grep refs/tags/t >/dev/null; }
git_force() { git_push; cd work; g commit -q --amend -m other; g push -qf "$URL" HEAD:main; }
git_tilde() { URL=ssh://alice@$SERVER/~/r.git git_clone; }
git_absolute() { URL=ssh://alice@$SERVER/r.git git_clone; }
git_big() { git_ground; cd work; head -c 5000000 /dev/urandom >big; g add big; g commit -qm big; g push -q "$URL" HEAD:refs/heads/main; g clone -q -b main "$URL" ../copy; same big ../copy/big; }
git_refused() { git_ground; is_refused g clone -q "alice@$SERVER:../r.git" x; is_refused g clone -q -u 'sh -c id' "$URL" y; }

URL=alice@$SERVER:r.git
export GIT_SSH_COMMAND=$MUX
client git "$(version_of git)"
for operation in push clone fetch v0 v2 shallow archive deletes force tilde absolute big refused; do
	does "$operation" "git_$operation"
done
