# make install, make uninstall. tests/arch/modes.t checks the modes against this list.

INSTALL     ?= install
MAN8        := $(addprefix man/,sallyport-shell.8 sallyport.8 sallyport-keys.8 sallyport-audit.8 \
	       sallyport-account.8 sallyport-audit-logs.8)
MAN5        := man/sallyport.ini.5
EXAMPLES    := $(addprefix examples/,policy.ini policy-tests.ini \
	       fail2ban/filter.d/sallyport.conf fail2ban/jail.d/sallyport.conf \
	       rsyslog/30-sallyport.conf logrotate/sallyport)
UNITS_IN    := $(wildcard systemd/*.in)
UNITS_AS_IS := $(filter-out $(UNITS_IN),$(wildcard systemd/*))

.PHONY: install uninstall
install: all
	$(INSTALL) -d -m 755 $(DESTDIR)$(BINDIR) $(DESTDIR)$(SBINDIR) $(DESTDIR)$(MANDIR)/man5 \
		$(DESTDIR)$(MANDIR)/man8 $(DESTDIR)$(DOCDIR)
	$(INSTALL) -d -m 755 $(DESTDIR)$(SYSCONFDIR)/sallyport $(DESTDIR)$(SYSCONFDIR)/sallyport/users
	$(INSTALL) -d -m 755 $(DESTDIR)$(SLOTS)
	$(INSTALL) -d -m 711 $(DESTDIR)$(STATE)
	$(INSTALL) -d -m 755 $(DESTDIR)$(ACCOUNTS)
	$(INSTALL) -m 755 $(BUILD)/sallyport-shell $(DESTDIR)$(BINDIR)/sallyport-shell
	ln -sf sallyport-shell $(DESTDIR)$(BINDIR)/sallyport-shell-r
	$(INSTALL) -m 755 $(BUILD)/sallyport $(DESTDIR)$(SBINDIR)/sallyport
	$(INSTALL) -m 644 $(MAN8) $(DESTDIR)$(MANDIR)/man8
	$(INSTALL) -m 644 $(MAN5) $(DESTDIR)$(MANDIR)/man5
	$(INSTALL) -m 644 README.md INSTALL SECURITY LICENSE $(DESTDIR)$(DOCDIR)
	$(if $(UNITDIR),$(INSTALL) -d -m 755 $(DESTDIR)$(UNITDIR))
	$(if $(UNITDIR),$(INSTALL) -m 644 $(UNITS_AS_IS) $(DESTDIR)$(UNITDIR))
	$(if $(UNITDIR),for unit in $(basename $(notdir $(UNITS_IN))); do \
		sed 's#@SBINDIR@#$(SBINDIR)#' systemd/$$unit.in > $(BUILD)/$$unit && \
		$(INSTALL) -m 644 $(BUILD)/$$unit $(DESTDIR)$(UNITDIR)/$$unit || exit 1; done)
	$(INSTALL) -d -m 755 $(sort $(dir $(addprefix $(DESTDIR)$(DOCDIR)/,$(EXAMPLES))))
	for file in $(EXAMPLES); do $(INSTALL) -m 644 $$file $(DESTDIR)$(DOCDIR)/$$file || exit 1; done
	@$(SETCAP) $(CAPS) $(DESTDIR)$(BINDIR)/sallyport-shell 2>/dev/null || { \
		echo "note: $(DESTDIR)$(BINDIR)/sallyport-shell has no capabilities: setcap did not work"; \
		echo "note: (not root, no setcap, or a file system without them). Without them the gate needs"; \
		echo "note: unprivileged user namespaces. To give them later, as root:"; \
		echo "note:   setcap $(CAPS) $(BINDIR)/sallyport-shell"; }
	@test -e $(DESTDIR)$(SYSCONFDIR)/sallyport/policy.ini || \
		echo "note: next, as root: sallyport account add --help; or write $(SYSCONFDIR)/sallyport/policy.ini (INSTALL, 4)"

# Policies and state stay; a slot file is empty. A pinned view is taken away by `sallyport view unpin`, or a boot.
uninstall:
	rm -f $(DESTDIR)$(BINDIR)/sallyport-shell $(DESTDIR)$(BINDIR)/sallyport-shell-r \
		$(DESTDIR)$(SBINDIR)/sallyport $(addprefix $(DESTDIR)$(MANDIR)/man8/,$(notdir $(MAN8))) \
		$(addprefix $(DESTDIR)$(MANDIR)/man5/,$(notdir $(MAN5)))
	$(if $(UNITDIR),rm -f $(addprefix $(DESTDIR)$(UNITDIR)/,$(notdir $(UNITS_AS_IS)) $(basename $(notdir $(UNITS_IN)))))
	rm -rf $(DESTDIR)$(DOCDIR) $(DESTDIR)$(SLOTS)
	-rmdir $(DESTDIR)$(STATE) $(DESTDIR)$(ACCOUNTS) $(DESTDIR)$(STATEDIR)/sallyport 2>/dev/null
	-rmdir $(DESTDIR)$(SYSCONFDIR)/sallyport/users $(DESTDIR)$(SYSCONFDIR)/sallyport 2>/dev/null
