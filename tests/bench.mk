# make bench: how long the gate takes to start a program, beside dash, bwrap and other restricted shells, and what
# its steps cost. BENCH_TRANSFER=1 measures transfer rates too; BENCH_ROUNDS=N sets the rounds. Needs root. Nothing
# is left behind (stage.sh), and nothing fails for being slow.

BENCH_BUILD := build/bench
BENCH_TOOLS := $(addprefix $(BUILD)/tests/bench/,floor floor-libc filter runner atexec)

.PHONY: bench bench-tools
bench:
	@test "$$(id -u)" = 0 || { echo "make bench: needs root, for namespaces and file capabilities"; exit 1; }
	@$(MAKE) --no-print-directory BUILD=$(BENCH_BUILD) PREFIX=/opt/sallyport \
		SYSCONFDIR=/opt/sallyport/etc all bench-tools
	@BUILD=$(abspath $(BENCH_BUILD)) CAPS=$(CAPS) bash tests/bench/start.sh
	@test -z "$(BENCH_TRANSFER)" || \
		BUILD=$(abspath $(BENCH_BUILD)) CAPS=$(CAPS) bash tests/bench/transfer.sh

bench-tools: $(BENCH_TOOLS)

# keys serve beside sshd's own scan of a file; keys check beside ssh-keygen. BENCH_KEYS="1 1000" sets the sizes.
.PHONY: bench-keys
bench-keys:
	@test "$$(id -u)" = 0 || { echo "make bench-keys: needs root"; exit 1; }
	@bash tests/bench/keys.sh

$(BUILD)/tests/bench/%: tests/bench/%.c $(BUILD)/config tests/bench.mk
	@mkdir -p $(@D)
	$(call Q,CC,$@)$(CC) $(CPPFLAGS) $(CFLAGS) -o $@ $(filter %.c %.o,$^)

# One that begins at main(), without a C library's start, and one with it.
$(BUILD)/tests/bench/floor: CFLAGS += -static -nostartfiles -Wl,-e,main
$(BUILD)/tests/bench/floor-libc: tests/bench/floor.c $(BUILD)/config
	@mkdir -p $(@D)
	$(call Q,CC,$@)$(CC) $(CPPFLAGS) $(CFLAGS) -static -o $@ $<
$(BUILD)/tests/bench/filter: $(BUILD)/filters.o
