# make bench: how long the gate takes to start a program, beside dash, bwrap and other restricted shells, what its
# steps cost, and what a policy costs. BENCH_TRANSFER=1 measures transfer rates too; BENCH_ROUNDS=N sets the rounds.
# Needs root. make bench-policy is the last part alone: BENCH_DECISIONS=N rounds, BENCH_ACCOUNTS="1 1000 ..." accounts
# made in BENCH_DIR; it needs none. Nothing is left behind (stage.sh), and nothing fails for being slow.

BENCH_BUILD := build/bench
BENCH_TOOLS := $(addprefix $(BUILD)/tests/bench/,floor floor-libc filter runner atexec policy)

.PHONY: bench bench-tools bench-policy bench-audit
bench:
	@test "$$(id -u)" = 0 || { echo "make bench: needs root, for namespaces and file capabilities"; exit 1; }
	@$(MAKE) --no-print-directory BUILD=$(BENCH_BUILD) PREFIX=/opt/sallyport \
		SYSCONFDIR=/opt/sallyport/etc all bench-tools
	@BUILD=$(abspath $(BENCH_BUILD)) CAPS=$(CAPS) bash tests/bench/start.sh
	@test -z "$(BENCH_TRANSFER)" || \
		BUILD=$(abspath $(BENCH_BUILD)) CAPS=$(CAPS) bash tests/bench/transfer.sh
	@$(MAKE) --no-print-directory bench-policy

# sallyport audit over BENCH_ACCOUNTS accounts and BENCH_KEYS key lines; root.
bench-audit:
	@$(MAKE) --no-print-directory BUILD=$(BENCH_BUILD) $(BENCH_BUILD)/sallyport
	@BUILD=$(abspath $(BENCH_BUILD)) bash tests/bench/audit.sh

bench-policy:
	@$(MAKE) --no-print-directory BUILD=$(BENCH_BUILD) $(BENCH_BUILD)/tests/bench/policy
	@BUILD=$(abspath $(BENCH_BUILD)) bash tests/bench/policy.sh

bench-tools: $(BENCH_TOOLS)

# keys serve beside sshd's own scan of a file; keys check beside ssh-keygen. BENCH_KEYS="1 1000" sets the sizes.
.PHONY: bench-keys
bench-keys:
	@test "$$(id -u)" = 0 || { echo "make bench-keys: needs root"; exit 1; }
	@bash tests/bench/keys.sh

# audit logs beside grep -c, on an auth.log of BENCH_BYTES in BENCH_DIR.
.PHONY: bench-logs
bench-logs:
	@$(MAKE) --no-print-directory -s BUILD=$(BENCH_BUILD) $(BENCH_BUILD)/sallyport
	@BUILD=$(BENCH_BUILD) bash tests/bench/logs.sh

$(BUILD)/tests/bench/%: tests/bench/%.c $(BUILD)/config tests/bench.mk
	@mkdir -p $(@D)
	$(call Q,CC,$@)$(CC) $(CPPFLAGS) $(CFLAGS) -o $@ $(filter %.c %.o,$^) $(LDLIBS)

# One that begins at main(), without a C library's start, and one with it.
$(BUILD)/tests/bench/floor: CFLAGS += -static -nostartfiles -Wl,-e,main
$(BUILD)/tests/bench/floor-libc: tests/bench/floor.c $(BUILD)/config
	@mkdir -p $(@D)
	$(call Q,CC,$@)$(CC) $(CPPFLAGS) $(CFLAGS) -static -o $@ $<
$(BUILD)/tests/bench/filter: $(BUILD)/filters.o
# The policy room and what it stands on; ROOM is in check.mk.
$(BUILD)/tests/bench/policy: LDLIBS := -linih -Wl,--wrap=syscall
$(BUILD)/tests/bench/policy: $(ROOM:%=$(BUILD)/%.o)
