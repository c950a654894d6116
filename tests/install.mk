# make install, make uninstall. tests/arch/modes.sh checks the modes against this list.

INSTALL     ?= install
MAN8        := man/sallyport-shell.8 man/sallyport.8 man/sallyport-keys.8 man/sallyport-audit.8 man/sallyport-audit-logs.8
MAN5        := man/sallyport.ini.5

.PHONY: install uninstall
install: all
	$(INSTALL) -d -m 755 $(DESTDIR)$(BINDIR) $(DESTDIR)$(SBINDIR) $(DESTDIR)$(MANDIR)/man5 \
		$(DESTDIR)$(MANDIR)/man8 $(DESTDIR)$(DOCDIR)
	$(INSTALL) -d -m 755 $(DESTDIR)$(SYSCONFDIR)/sallyport $(DESTDIR)$(SYSCONFDIR)/sallyport/users
	$(INSTALL) -d -m 755 $(DESTDIR)$(SLOTS)
	$(INSTALL) -d -m 711 $(DESTDIR)$(STATE)
	$(INSTALL) -m 755 $(BUILD)/sallyport-shell $(DESTDIR)$(BINDIR)/sallyport-shell
	ln -sf sallyport-shell $(DESTDIR)$(BINDIR)/sallyport-shell-r
	$(INSTALL) -m 755 $(BUILD)/sallyport $(DESTDIR)$(SBINDIR)/sallyport
	$(INSTALL) -m 644 $(MAN8) $(DESTDIR)$(MANDIR)/man8
	$(INSTALL) -m 644 $(MAN5) $(DESTDIR)$(MANDIR)/man5
	$(INSTALL) -m 644 README.md INSTALL SECURITY LICENSE $(DESTDIR)$(DOCDIR)
	$(INSTALL) -d -m 755 $(addprefix $(DESTDIR)$(DOCDIR)/fail2ban/,filter.d jail.d)
	$(INSTALL) -m 644 examples/fail2ban/filter.d/sallyport.conf $(DESTDIR)$(DOCDIR)/fail2ban/filter.d
	$(INSTALL) -m 644 examples/fail2ban/jail.d/sallyport.conf $(DESTDIR)$(DOCDIR)/fail2ban/jail.d
	@$(SETCAP) $(CAPS) $(DESTDIR)$(BINDIR)/sallyport-shell 2>/dev/null || { \
		echo "note: $(DESTDIR)$(BINDIR)/sallyport-shell has no capabilities: setcap did not work"; \
		echo "note: (not root, no setcap, or a file system without them). Without them the gate needs"; \
		echo "note: unprivileged user namespaces. To give them later, as root:"; \
		echo "note:   setcap $(CAPS) $(BINDIR)/sallyport-shell"; }
	@test -e $(DESTDIR)$(SYSCONFDIR)/sallyport/policy.ini || \
		echo "note: write $(SYSCONFDIR)/sallyport/policy.ini next: man 5 sallyport.ini"

# Policies and state stay; a slot file is empty.
uninstall:
	rm -f $(DESTDIR)$(BINDIR)/sallyport-shell $(DESTDIR)$(BINDIR)/sallyport-shell-r \
		$(DESTDIR)$(SBINDIR)/sallyport $(addprefix $(DESTDIR)$(MANDIR)/man8/,$(notdir $(MAN8))) \
		$(addprefix $(DESTDIR)$(MANDIR)/man5/,$(notdir $(MAN5)))
	rm -rf $(DESTDIR)$(DOCDIR) $(DESTDIR)$(SLOTS)
	-rmdir $(DESTDIR)$(STATE) $(DESTDIR)$(STATEDIR)/sallyport 2>/dev/null
	-rmdir $(DESTDIR)$(SYSCONFDIR)/sallyport/users $(DESTDIR)$(SYSCONFDIR)/sallyport 2>/dev/null
