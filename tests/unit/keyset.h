/*
 * keyset - public keys and certificates of which nobody has the private half any more, and what ssh-keygen says of them.
 */
#ifndef TESTS_UNIT_KEYSET_H
#define TESTS_UNIT_KEYSET_H

/* ssh-ed25519 */
#define ED25519 \
	"AAAAC3NzaC1lZDI1NTE5AAAAIC17fhY5eutc1nmclfl0FxC5eUC5/brbofSmGi9Mqebg"

#define ED25519_FINGERPRINT "SHA256:JNXdGWNd637HskiDvWFlVcikp7Osy50pwTZJkZeZsOQ"

/* ecdsa-sha2-nistp256 */
#define ECDSA \
	"AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBGOJBIZSiFJ3C0DzZyfG1dMzotk8X0PejWbC+0" \
	"ex1BV9uJ47j5SrTCqoqbavsBwIdx30dXtJ5pbMTL2iguWAIOI="

#define ECDSA_FINGERPRINT "SHA256:FhryqY3+Ssc8/rW7XDZna9Epy9171Q2H6Zm13qznWwg"

/* ssh-rsa, of 1024 bits */
#define RSA \
	"AAAAB3NzaC1yc2EAAAADAQABAAAAgQDSsLOLmVuF37jWUqVc4vjwhvYrsaKy2SfMYHkKoE2b4vg1uEb852QMlv8MVe" \
	"Dknlxc7rb7pwXL/9ybhVM+gktA/mvB9XDObRbGNhMId8aXtDWwb3W8WmQIUFgujCGL22LD3jbIumzmSgIXBCV/NsTM" \
	"5JxkFnvmbl9Almio46lplw=="

#define RSA_FINGERPRINT "SHA256:f+xvJnKFXHGGmisqmxNHIo7dUguchnTw/7FW2P6gGiA"

#define CA_FINGERPRINT "SHA256:L734sTxNej4UWlAk9GlYu0fMAOWMqn1OtoXMo3kAevQ"

/* ssh-ed25519-cert-v01@openssh.com of ED25519: identity "nightly 7", serial 42, for alice and bob in 2026; signed with
 * -O force-command="/x/gate -t",source-address=10.0.0.0/8 as one option, and every extension */
#define CERT_SWALLOWED \
	"AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAIFannQusFJFEy81TN991rcpQN9zXqJN9xh3CVj" \
	"7ebZt6AAAAIC17fhY5eutc1nmclfl0FxC5eUC5/brbofSmGi9MqebgAAAAAAAAACoAAAABAAAACW5pZ2h0bHkgNwAA" \
	"ABAAAAAFYWxpY2UAAAADYm9iAAAAAGlVuQAAAAAAazbsgAAAAD0AAAANZm9yY2UtY29tbWFuZAAAACgAAAAkL3gvZ2" \
	"F0ZSAtdCxzb3VyY2UtYWRkcmVzcz0xMC4wLjAuMC84AAAAggAAABVwZXJtaXQtWDExLWZvcndhcmRpbmcAAAAAAAAA" \
	"F3Blcm1pdC1hZ2VudC1mb3J3YXJkaW5nAAAAAAAAABZwZXJtaXQtcG9ydC1mb3J3YXJkaW5nAAAAAAAAAApwZXJtaX" \
	"QtcHR5AAAAAAAAAA5wZXJtaXQtdXNlci1yYwAAAAAAAAAAAAAAMwAAAAtzc2gtZWQyNTUxOQAAACCWVN08P5PDHj2Z" \
	"Y/Gt5wmkRE8qwmPr7Jl9+cvkikJCCwAAAFMAAAALc3NoLWVkMjU1MTkAAABAzkbHjVcTUA+m/pPHSdoUJfIj3+Psd6" \
	"YwgxrUkycZFlyRUii8aewTleAhw9XiX+LZIaqxDyJmoWuuNDORMrcvDQ=="

/* The same key: identity "good", serial 7, alice, until 2099, -O clear, the two options apart */
#define CERT_SOUND \
	"AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAIMWDdArsyw1p3aDbWjgg0GsaJPRERjTjvl6dxk" \
	"iYOiQHAAAAIC17fhY5eutc1nmclfl0FxC5eUC5/brbofSmGi9MqebgAAAAAAAAAAcAAAABAAAABGdvb2QAAAAJAAAA" \
	"BWFsaWNlAAAAAGlVuQAAAAAA8qUjgAAAAEcAAAANZm9yY2UtY29tbWFuZAAAAA4AAAAKL3gvZ2F0ZSAtdAAAAA5zb3" \
	"VyY2UtYWRkcmVzcwAAAA4AAAAKMTAuMC4wLjAvOAAAAAAAAAAAAAAAMwAAAAtzc2gtZWQyNTUxOQAAACCWVN08P5PD" \
	"Hj2ZY/Gt5wmkRE8qwmPr7Jl9+cvkikJCCwAAAFMAAAALc3NoLWVkMjU1MTkAAABAHU9ir+iOIaMIa7/2yU3ey0z/mC" \
	"66KmOMOki4tGS+nkeclS6+UwOkoE6TDiNKWIURjGCYYh9BL6rKTywsN+kSAQ=="

#endif
