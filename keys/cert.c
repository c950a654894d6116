#include "cert.h"

static const struct {
	const char *name;
	unsigned extension;
} extensions[] = {
	{"permit-port-forwarding", CERT_PORT}, {"permit-agent-forwarding", CERT_AGENT},
	{"permit-X11-forwarding", CERT_X11},   {"permit-pty", CERT_PTY},
	{"permit-user-rc", CERT_RC},           {"no-touch-required", CERT_NO_TOUCH},
};

/* A string that holds one string, which goes to *out once. */
static const char *read_text(struct bytes data, struct bytes *out)
{
	struct wire wire = wire_of(data);
	struct bytes text = wire_string(&wire);

	if (!wire_done(&wire) || memchr(text.at, '\0', text.length))
		return "an option of the certificate is damaged";
	if (out->at)
		return "an option of the certificate is there twice";
	*out = text;
	return NULL;
}

static const char *read_critical(struct bytes list, struct cert *cert)
{
	struct wire wire = wire_of(list);
	const char *reason = NULL;

	while (!reason && !wire.failed && wire.rest.length > 0) {
		struct bytes name = wire_string(&wire), data = wire_string(&wire);

		if (bytes_are(name, "force-command"))
			reason = read_text(data, &cert->command);
		else if (bytes_are(name, "source-address"))
			reason = read_text(data, &cert->source);
		else if (bytes_are(name, "verify-required"))
			cert->verify = true;
		else
			reason = "a critical option that sshd does not know";
	}
	return wire.failed ? "the certificate's options are damaged" : reason;
}

static const char *read_extensions(struct bytes list, struct cert *cert)
{
	struct wire wire = wire_of(list);

	while (!wire.failed && wire.rest.length > 0) {
		struct bytes name = wire_string(&wire);
		unsigned found = CERT_OTHER;

		wire_string(&wire);
		for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++)
			if (bytes_are(name, extensions[i].name))
				found = extensions[i].extension;
		cert->extensions |= found;
	}
	return wire.failed ? "the certificate's extensions are damaged" : NULL;
}

const char *cert_read(const struct key *key, struct cert *cert)
{
	struct wire wire = wire_of(key->body);

	*cert = (struct cert){.serial = wire_number(&wire, 8), .kind = (uint32_t)wire_number(&wire, 4)};
	cert->id = wire_string(&wire);
	cert->principals = wire_string(&wire);
	cert->after = wire_number(&wire, 8);
	cert->before = wire_number(&wire, 8);
	struct bytes critical = wire_string(&wire), extension = wire_string(&wire);
	wire_string(&wire); /* reserved */
	cert->ca = wire_string(&wire);
	wire_string(&wire); /* the signature */
	if (!wire_done(&wire))
		return "the certificate is cut short, or goes on behind its end";
	if (cert->kind != CERT_USER && cert->kind != CERT_HOST)
		return "neither a user's certificate nor a host's";
	const struct key_type *ca = key_blob_type(cert->ca);
	if (!ca || ca->certifies)
		return "what signed the certificate is no key";
	const char *reason = read_critical(critical, cert);
	return reason ? reason : read_extensions(extension, cert);
}

bool cert_principal(struct wire *wire, struct bytes *principal)
{
	if (wire->failed || wire->rest.length == 0)
		return false;
	*principal = wire_string(wire);
	return !wire->failed;
}
