# make check and its kin. Everything that proves something is one TAP file; one `prove` runs them all.
#
#	check     all of it		unit, replay, arch, lint, e2e	parts of it
#	removal   each step of a door and each group of a profile is taken out, and a test must fail
#	check-clients  every client against the gate, as a table
#	lab       older kernels, systemd, NFS, SELinux: Debian in qemu
#	fuzz      FUZZ_SECONDS each (fuzz-NAME: one)	coverage   lines of policy/ and text/ that unit tests reach; 95 % or it fails

FUZZ_SECONDS ?= 60
# For two processors: of three tests one waits, for a server or a clock.
TEST_JOBS    ?= 3

SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
# -O1: the sanitizers' own advice. _FORTIFY_SOURCE hides overflows from ASan.
TESTFLAGS = -std=gnu17 $(WARN) -O1 -g $(SANITIZE)
ASAN     := $(BUILD)/asan

# ---- unit tests: tests/unit/NAME.c and the objects it needs, nothing more ----

# The policy room through its public header: decide() is what is tested, so all that it is made of is linked.
ROOM := $(POLICYC:.c=) text/words text/list text/pathname text/pattern text/when

UNIT_words    := text/words
UNIT_escape   := text/escape
UNIT_json     := text/json
UNIT_logfmt   := text/logfmt text/escape
UNIT_pathname := text/pathname text/list
UNIT_pattern  := text/pattern
UNIT_when     := text/when
UNIT_template := policy/template
UNIT_value    := policy/value text/list
UNIT_nearest  := policy/nearest
UNIT_isolation := policy/isolation text/pathname text/list
UNIT_verb     := policy/verb
UNIT_source   := policy/source policy/fault tests/unit/planted
UNIT_inih     :=
UNIT_base64   := text/base64
UNIT_sha256   := keys/sha256
KEY           := keys/key keys/cert keys/sha256 text/base64
UNIT_key      := $(KEY)
UNIT_authinfo := keys/authinfo $(KEY)
# A line is options and a key; to enforce it, the gate's call.
KEYLINE       := keys/keyline keys/keyopts $(KEY)
UNIT_keyline  := keys/enforce keys/gatecall $(KEYLINE)
UNIT_judge    := keys/judge keys/judge-rows keys/enforce keys/gatecall $(KEYLINE) text/pattern
UNIT_index    := keys/index keys/keyfile $(KEYLINE)
AUDIT         := $(patsubst %.c,%,$(filter-out audit/log%,$(wildcard audit/*.c))) text/escape
UNIT_audit    := $(AUDIT)
UNIT_audit-sshd := $(AUDIT)
UNIT_keystream := keys/keystream keys/keyfile
UNIT_private  := keys/private keys/sha256 text/base64
# The engine is two files, on two parsers, an arena and the text room.
UNIT_grammar  := policy/grammar policy/options policy/paths policy/template policy/value policy/arena text/words \
		 text/pathname text/list
UNIT_hold     := policy/hold
UNIT_environ  := policy/environ policy/arena text/list
UNIT_learn-line := cli/learn-line text/logfmt text/escape
UNIT_from     := cli/from text/pattern
UNIT_sshd-tokens := cli/sshd-tokens
UNIT_image    := cli/image tests/unit/planted
UNIT_image-glob := cli/image-glob cli/image cli/names cli/grow tests/unit/planted
UNIT_way      := cli/way cli/image tests/unit/planted
UNIT_asconf   := text/asconf
UNIT_import-user := cli/import-user text/asconf
# A setter sees the whole model; a file is read by the whole room.
UNIT_setting  := $(ROOM) tests/unit/scratch
UNIT_expectation := $(ROOM) tests/unit/scratch
UNIT_load     := $(ROOM) tests/unit/scratch
UNIT_merge    := $(ROOM) tests/unit/scratch
UNIT_decide   := $(ROOM) tests/unit/scratch tests/unit/grant
UNIT_options  := $(ROOM) tests/unit/scratch tests/unit/grant
UNIT_corpus   := $(ROOM) tests/unit/scratch tests/unit/grant
UNIT_property := $(ROOM) tests/unit/scratch tests/unit/grant
UNIT_memory   := $(ROOM) shell/expand tests/unit/scratch
UNIT_request  := shell/request
UNIT_expand   := shell/expand text/pathname text/list
UNIT_journal  := shell/journal text/escape
UNIT_transfers := shell/transfers
UNIT_plan     := shell/plan policy/hold policy/isolation text/pathname text/list
LOGLINE       := $(addprefix audit/,loghead logsshd logsaid loggate logtail logaddr logstamp) text/logfmt text/escape text/when
UNIT_logline  := $(LOGLINE)
UNIT_logjoin  := audit/logjoin audit/logaddr
UNIT_logruns  := audit/logruns audit/logaddr
UNIT_logrows  := audit/logrows audit/logbars
UNIT_logentry := audit/logentry $(LOGLINE)
UNIT_program  := sandbox/program
UNIT_docroot  := sandbox/docroot sandbox/chroot tests/unit/planted
UNIT_slot     := sandbox/slot tests/unit/planted
UNIT_paths    := sandbox/paths sandbox/tree sandbox/docroot sandbox/chroot text/pathname text/list tests/unit/planted
UNIT_state    := sandbox/state tests/unit/planted
UNIT_landlock := sandbox/landlock sandbox/reach sandbox/program tests/unit/landlock-world
UNIT_filters  := sandbox/seccomp sandbox/answer filters names tests/unit/calls
# Filters are made anew, with a group left out.
UNIT_groups   := sandbox/filters-make sandbox/syscalls sandbox/answer filters names tests/unit/calls
UNIT_compact  := sandbox/compact
UNIT_pinned   := sandbox/pinned sandbox/accounts sandbox/base sandbox/tree sandbox/caps tests/unit/planted

# Helpers, no tests.
UNIT_HELPERS := scratch grant planted calls landlock-world
UNIT_ALL     := $(filter-out $(UNIT_HELPERS:%=tests/unit/%.c),$(wildcard tests/unit/*.c))
UNITS        := $(patsubst tests/unit/%.c,%,$(UNIT_ALL))
UNIT_BIN     := $(UNITS:%=$(ASAN)/unit/%)

# How large a page is, the test says.
LD_filters := -Wl,--wrap=mmap,--wrap=getpagesize
# What is asked of Landlock goes through the test, which takes rights out.
LD_landlock := -Wl,--wrap=syscall
# Every allocation of these goes through the test, which makes the Nth fail.
LD_memory := -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup

asan_obj  = $(patsubst %,$(ASAN)/%.o,$(1))

$(ASAN)/%.o: %.c $(BUILD)/config
	@mkdir -p $(@D)
	$(call Q,CC,$@)$(CC) $(CPPFLAGS) $(TESTFLAGS) -MMD -MP -c -o $@ $<

$(ASAN)/filters.o $(ASAN)/names.o: $(ASAN)/%.o: $(BUILD)/%.c
	@mkdir -p $(@D)
	$(call Q,CC,$@)$(CC) $(CPPFLAGS) $(TESTFLAGS) -c -o $@ $<

.SECONDEXPANSION:
$(UNIT_BIN): $(ASAN)/unit/%: $(ASAN)/tests/unit/%.o $$(call asan_obj,$$(UNIT_$$*))
	@mkdir -p $(@D)
	$(call Q,LD,$@)$(CC) $(TESTFLAGS) $(LD_$*) -o $@ $^ -linih -lcdb -lseccomp -lcmocka

# ---- a gate whose allocations can be made to fail, for tests/e2e/faults.bats ----

FAULT_GATE := $(BUILD)/fault/sallyport-shell
$(FAULT_GATE): private LDFLAGS += -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
$(FAULT_GATE): $(GATE_O) $(GATE_DIR)/tests/e2e/fault-heap.o
	@mkdir -p $(@D)
	$(call Q,LD,$@)$(GATE_LD)

# ---- fuzzing: one harness each; explored by libFuzzer, replayed by make check ----

comma         := ,
FUZZ_words    := text/words
FUZZ_pattern  := text/pattern
FUZZ_when     := text/when
FUZZ_escape   := text/escape
FUZZ_logfmt   := text/logfmt text/escape
FUZZ_learn    := cli/learn-line text/logfmt text/escape
FUZZ_pathname := text/pathname text/list
FUZZ_program  := sandbox/program
FUZZ_policy   := $(ROOM) tests/unit/scratch
FUZZ_decide   := $(ROOM) tests/unit/grant tests/unit/scratch
FUZZ_keyline  := $(UNIT_judge)
FUZZ_authinfo := $(UNIT_authinfo)
FUZZ_private  := $(UNIT_private)
FUZZ_keystream := $(UNIT_keystream)
FUZZ_audit    := $(AUDIT)
FUZZ_import   := $(UNIT_import-user)
FUZZ_logline  := $(LOGLINE)
# Whole sessions: the gate's own steps, with tests/fuzz/world.c where the kernel, the account files and exec would be.
FUZZ_session  := $(ROOM) $(addprefix shell/,expand identity journal own plan report request session transfers) $(UNIT_authinfo) \
		 text/escape text/logfmt tests/fuzz/world tests/fuzz/breach tests/unit/grant tests/unit/scratch
FUZZLD_session := $(addprefix -Wl$(comma)--wrap=,_exit write connect dup2 time open lstat policy_load)
FUZZERS       := words pattern when escape logfmt learn pathname program policy decide keyline authinfo keystream private \
		 audit import session logline
REPLAY_BIN    := $(FUZZERS:%=$(ASAN)/replay/%)

$(REPLAY_BIN): $(ASAN)/replay/%: $(ASAN)/tests/fuzz/fuzz_%.o $(ASAN)/tests/fuzz/replay.o \
		$$(call asan_obj,$$(FUZZ_$$*))
	@mkdir -p $(@D)
	$(call Q,LD,$@)$(CC) $(TESTFLAGS) $(FUZZLD_$*) -o $@ $^ -linih

$(BUILD)/fuzz/fuzz_%: tests/fuzz/fuzz_%.c \
		$$(addsuffix .c,$$(FUZZ_$$*))
	@mkdir -p $(@D)
	$(call Q,CLANG,$@)$(CLANG) $(CPPFLAGS) -std=gnu17 -O1 -g \
		-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all $(FUZZLD_$*) -o $@ \
		$(filter %.c,$(sort $^)) -linih

# New finds stay in FUZZ_DIR/NAME and are where the next run begins; `make clean` takes them away unless FUZZ_DIR lies
# elsewhere. What is worth keeping is copied to tests/fuzz/corpus/NAME by hand. One that fails does not stop the others.
FUZZ_DIR ?= $(BUILD)/fuzz
.PHONY: fuzz $(FUZZERS:%=fuzz-%)
fuzz:
	@$(MAKE) --no-print-directory -k $(FUZZERS:%=fuzz-%)
$(FUZZERS:%=fuzz-%): fuzz-%: $(BUILD)/fuzz/fuzz_%
	@tests/fuzz/run.sh $* $< $(FUZZ_DIR) $(FUZZ_SECONDS)

# ---- running ----

PROVE    := prove -j$(TEST_JOBS) --timer \
	    --exec tests/prove-exec
ARCH_T   := $(wildcard tests/arch/*.t)
LINT_T   := $(filter tests/arch/lint-%,$(ARCH_T))
E2E_T    := $(wildcard tests/e2e/*.bats)
TOOL_T   := $(wildcard tests/tool/*.bats)
export CC CLANG BUILD

.PHONY: check unit replay arch lint tool e2e coverage packages tests
packages:
	@test "$$(id -u)" = 0 || { \
		echo "make check installs what it needs, and makes throw-away servers and accounts in namespaces."; \
		echo "That takes root. Run:"; echo "  sudo make check"; \
		echo "(Without root: make unit replay arch lint.)"; exit 1; }
	@tests/packages.sh check

tests: $(UNIT_BIN) $(REPLAY_BIN)

# The long ones first, so that the last seconds are not spent waiting for one of them.
# What failed says so at the end, where it is looked for.
check: packages
	@$(MAKE) --no-print-directory all tests
	@: >$(BUILD)/failures
	FAILURES=$(BUILD)/failures $(PROVE) \
		$(LINT_T) $(TOOL_T) $(E2E_T) $(UNIT_BIN) $(REPLAY_BIN) $(filter-out $(LINT_T),$(ARCH_T)) || \
		{ cat $(BUILD)/failures; exit 1; }

unit: $(UNIT_BIN)
	$(PROVE) $(UNIT_BIN)

replay: $(REPLAY_BIN)
	$(PROVE) $(REPLAY_BIN)

arch: all
	$(PROVE) $(filter-out $(LINT_T),$(ARCH_T))

lint: all
	$(PROVE) $(LINT_T)

tool: all
	$(PROVE) $(TOOL_T)

e2e: all
	$(PROVE) $(E2E_T)

# Every client there is, and those of other releases; prints a table. CLIENTS=tests/clients/rsync.bash: one of them.
.PHONY: check-clients
check-clients:
	@tests/clients/run.sh $(CLIENTS)

# An hour; ROWS=REGEX: the rows of tests/removal whose id matches.
.PHONY: removal
removal:
	@TEST_JOBS=$(TEST_JOBS) tests/removal/run.sh $(ROWS)

# Hours, mostly qemu's; see tests/lab/lab.sh for single steps.
.PHONY: lab
lab:
	@tests/lab/lab.sh all

# The same tests, counted by gcov in place of checked by ASan. policy/table-* are data and have no lines that run.
# Fails when a test does, or when fewer than COVERAGE_LEAST per cent of the lines are reached.
COVERAGE_LEAST := 95
coverage:
	@$(MAKE) -s --no-print-directory BUILD=$(BUILD)/cov SANITIZE=--coverage \
		$(UNITS:%=$(BUILD)/cov/asan/unit/%)
	@find $(BUILD)/cov -name '*.gcda' -delete
	@for t in $(UNITS); do CMOCKA_MESSAGE_OUTPUT=TAP $(BUILD)/cov/asan/unit/$$t >/dev/null 2>&1 || \
		{ echo "make coverage: tests/unit/$$t.c fails: make unit says why" >&2; exit 1; }; done
	@gcov -n $(patsubst %.c,$(BUILD)/cov/asan/%.gcda,$(filter-out policy/table-%,$(POLICYC)) $(TEXT)) \
		2>/dev/null | awk -v least=$(COVERAGE_LEAST) -f tests/coverage.awk

-include $(wildcard $(ASAN)/*/*.d $(ASAN)/tests/*/*.d)
