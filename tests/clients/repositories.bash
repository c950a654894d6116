# shellcheck shell=bash disable=SC2164,SC2103 # errexit is on (run.sh), and each function has a process of its own
# repositories.bash - borg, svn, hg, unison, rdiff-backup, and restic through rclone. What each may do under the presets
# is tried by tests/e2e/NAME.bats.

export SVN_SSH=$MUX BORG_RSH=$MUX BORG_PASSPHRASE=x BORG_RELOCATED_REPO_ACCESS_IS_OK=yes RESTIC_PASSWORD=x
export HGRCPATH=/root/hgrc HGPLAIN=1
printf '[ui]\nssh = %s\nusername = client\n' "$MUX" >$HGRCPATH
"$STAGE_TOOL" state alice >/dev/null

# ---- borg ----

R=ssh://alice@$SERVER/./repo
borg_backup() { borg init -e repokey "$R"; borg create "$R::one" src; }
borg_restore() { borg_backup; mkdir got; cd got; borg extract "$R::one"; same_tree ../src src; }
borg_list() { borg_backup; borg list --short "$R" | grep -qx one; borg check "$R"; }
borg_prune() { borg_backup; borg create "$R::two" src; borg prune --keep-last 1 "$R"; borg compact "$R"; borg list --short "$R" | grep -qx two; }
borg_refused() { is_refused borg init -e none --remote-path /bin/sh "$R"; }

client borg "$(version_of borgbackup)"
for operation in backup restore list prune refused; do does "$operation" "borg_$operation"; done

# ---- Subversion ----

svn_ground() { svnadmin create "$D/repo"; mine; svn import -q -m one src "$S/trunk"; }
svn_import() { svn_ground; svn list "$S/trunk" | grep -qx plain; }
svn_checkout() { svn_ground; svn checkout -q "$S/trunk" wc; diff -r -x .svn src wc; }
svn_commit() { svn_checkout; echo two >wc/new; svn add -q wc/new; svn commit -q -m two wc; svn cat "$S/trunk/new" | grep -qx two; }
svn_copy() { svn_ground; svn copy -q -m branch "$S/trunk" "$S/branch"; svn log -q "$S" | grep -q '^r2 | alice'; }
svn_lock() { svn_ground; svn lock "$S/trunk/plain"; svn unlock "$S/trunk/plain"; }

S=svn+ssh://alice@$SERVER/repo
client svn "$(version_of subversion)"
for operation in import checkout commit copy lock; do does "$operation" "svn_$operation"; done

# ---- Mercurial ----

hg_ground() { hg init work; cp -r src/. work; hg -R work commit -q -A -m one; hg clone -q work "$H"; }
hg_init() { hg_ground; hg identify "$H"; }
hg_clone() { hg_ground; hg clone -q "$H" copy; diff -r -x .hg work copy; }
hg_push() { hg_clone; echo two >work/plain; hg -R work commit -q -m two; hg -R work push -q "$H"; hg -R copy pull -q -u; same work/plain copy/plain; }
hg_bookmark() { hg_ground; hg -R work bookmark mark; hg -R work push -q -B mark "$H" || [ $? = 1 ]; hg incoming -q -B -R "$W/work" "$H" || [ $? = 1 ]; }
hg_refused() { hg_ground; is_refused hg clone -q "ssh://alice@$SERVER/../r" x; }

H=ssh://alice@$SERVER/repo
client hg "$(version_of mercurial)"
for operation in init clone push bookmark refused; do does "$operation" "hg_$operation"; done

# ---- unison ----

sync_() { UNISON=$W/archives unison -batch -ui text -silent "$@" src "ssh://alice@$SERVER/dst"; }
unison_first() { find "$STAGE_STATE/$(id -u alice)" -mindepth 1 -delete; sync_ "$@"; same_tree src "$D/dst"; }
unison_both_ways() { unison_first; echo there >"$D/dst/new"; mine; echo here >src/plain; rm src/big; sync_; same_tree src "$D/dst"; }
unison_version_name() { unison_first -addversionno; }

client unison "$(version_of unison)"
for operation in first both_ways version_name; do does "$operation" "unison_$operation"; done

# ---- rdiff-backup ----

rdiff() { rdiff-backup --api-version "${API:-201}" --remote-schema "$MUX {h} rdiff-backup server" "$@"; }
rdiff_old() { rdiff-backup --remote-schema "$MUX {h} rdiff-backup --server" "$@"; }
rdiff_backup() { rdiff backup src "alice@$SERVER::dst"; same src/plain "$D/dst/plain"; }
rdiff_increment() { rdiff_backup; sleep 1.1; echo two >src/plain; rdiff backup src "alice@$SERVER::dst"; rdiff list increments "alice@$SERVER::dst" | grep -q increments; }
rdiff_restore() { rdiff_backup; API=200 rdiff restore "alice@$SERVER::dst" got; same_tree src got; }
rdiff_before_2_1() { rdiff_old src "alice@$SERVER::dst"; rdiff_old --restore-as-of now "alice@$SERVER::dst" got; same_tree src got; }

client rdiff-backup "$(version_of rdiff-backup)"
for operation in backup increment restore before_2_1; do does "$operation" "rdiff_$operation"; done

# ---- restic, by rclone ----

restic_() { restic -q --cache-dir "$W/cache" -o rclone.program="$MUX alice@$SERVER rclone" -r rclone:repo "$@"; }
restic_backup() { restic_ init; restic_ backup src; }
restic_restore() { restic_backup; restic_ restore latest --target got; same_tree src got/src; }
restic_prune() { restic_backup; echo more >src/more; restic_ backup src; restic_ forget --keep-last 1 --prune; restic_ check; }

client restic "$(version_of restic), rclone $(version_of rclone)"
for operation in backup restore prune; do does "$operation" "restic_$operation"; done
