/*
 * escape: the network, of every family, and local sockets. The victim listens.
 */
#include "escape.h"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

/* ---- sockets ---- */

static int opened(int domain, int type, int protocol)
{
	int fd = (int)syscall(SYS_socket, domain, type, protocol);

	if (fd >= 0)
		close(fd);
	return fd < 0 ? -1 : 0;
}

static int family(int domain, int type) { return opened(domain, type, 0); }

static int local_socket(void) { return family(AF_UNIX, SOCK_STREAM); }
static int internet_socket(void) { return family(AF_INET, SOCK_STREAM) == 0 ? 0 : family(AF_INET6, SOCK_DGRAM); }

static const int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET, SOCK_DCCP};

/* netlink, packet, vsock, alg, bluetooth, can …: every number there is, in every type. */
static int other_family(void)
{
	for (int domain = 0; domain < 64; domain++)
		for (size_t i = 0; i < sizeof types / sizeof *types; i++)
			if (domain != AF_UNIX && domain != AF_INET && domain != AF_INET6 &&
			    family(domain, types[i]) == 0)
				return 0;
	return -1;
}

/* MPTCP, SCTP, SMC, L2TP, ping …: what speaks IP and is neither TCP nor UDP. Looked up on demand, as modules. */
static int other_protocol(void)
{
	static const int domains[] = {AF_INET, AF_INET6};

	for (int protocol = 1; protocol <= 263; protocol++)
		for (size_t i = 0; i < sizeof types / sizeof *types * 2; i++)
			if (protocol != IPPROTO_TCP && protocol != IPPROTO_UDP &&
			    opened(domains[i % 2], types[i / 2], protocol) == 0)
				return 0;
	return -1;
}

static int other_socket(void) { return other_protocol() == 0 ? 0 : other_family(); }

/* ---- to somebody ---- */

static struct sockaddr_in listener(const char *key)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	to.sin_port = htons((uint16_t)number(key));
	return to;
}

static struct sockaddr_un abstract(const char *key, socklen_t *length)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	const char *name = given(key);

	memcpy(to.sun_path + 1, name, strlen(name));
	*length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name));
	return to;
}

static int tcp(void) { return (int)syscall(SYS_socket, AF_INET, SOCK_STREAM, 0); }
static int udp(void) { return (int)syscall(SYS_socket, AF_INET, SOCK_DGRAM, 0); }

static int connect_tcp(void)
{
	struct sockaddr_in to = listener("tcp");

	return CALL(connect, tcp(), &to, sizeof to);
}

static int connect_abstract(void)
{
	socklen_t length;
	struct sockaddr_un to = abstract("abstract", &length);

	return CALL(connect, (int)syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0), &to, length);
}

/* One of a pair is a local socket too, and where pairs are allowed nothing asked which. */
static int pair(void)
{
	int ends[2] = {-1, -1};

	socketpair(AF_UNIX, SOCK_DGRAM, 0, ends);
	return ends[0];
}

static int connect_pair(void)
{
	socklen_t length;
	struct sockaddr_un to = abstract("abstract-datagram", &length);

	return CALL(connect, pair(), &to, length);
}

static int send_from_pair(void)
{
	socklen_t length;
	struct sockaddr_un to = abstract("abstract-datagram", &length);

	return CALL(sendto, pair(), "x", 1UL, MSG_DONTWAIT | MSG_NOSIGNAL, &to, length);
}

/* What both ends have to themselves, but for one byte out of band: where the kernel was broken out of in 2025. */
static int send_urgent(void)
{
	int ends[2] = {-1, -1};

	socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
	return CALL(sendto, ends[0], "x", 1UL, MSG_OOB | MSG_NOSIGNAL, NULL, 0);
}

static int send_udp(void)
{
	struct sockaddr_in to = listener("udp");

	return CALL(sendto, udp(), "x", 1UL, MSG_DONTWAIT, &to, sizeof to);
}

static struct msghdr message(struct sockaddr_in *to, struct iovec *bytes)
{
	*to = listener("udp");
	*bytes = (struct iovec){"x", 1};
	return (struct msghdr){.msg_name = to, .msg_namelen = sizeof *to, .msg_iov = bytes, .msg_iovlen = 1};
}

static int send_message(void)
{
	struct sockaddr_in to;
	struct iovec bytes;
	struct msghdr one = message(&to, &bytes);

	return CALL(sendmsg, udp(), &one, MSG_DONTWAIT);
}

static int send_messages(void)
{
	struct sockaddr_in to;
	struct iovec bytes;
	struct mmsghdr one = {.msg_hdr = message(&to, &bytes)};

	return CALL(sendmmsg, udp(), &one, 1, MSG_DONTWAIT);
}

/* A descriptor that another process of ours would hand over: confined like us, or not. */
static int receive_message(void)
{
	int ends[2];
	char byte;
	struct iovec bytes = {&byte, 1};
	struct msghdr one = {.msg_iov = &bytes, .msg_iovlen = 1};

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0 || write(ends[1], "x", 1) != 1)
		return -1;
	return CALL(recvmsg, ends[0], &one, MSG_DONTWAIT);
}

/* ---- for somebody ---- */

static int bound(void)
{
	struct sockaddr_in any = {.sin_family = AF_INET};
	int fd = tcp();

	return CALL(bind, fd, &any, sizeof any) != 0 ? -1 : fd;
}

static int bind_tcp(void) { return bound() < 0 ? -1 : 0; }
static int listen_tcp(void) { return CALL(listen, bound(), 1); }

static int bind_abstract(void)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};

	return CALL(bind, (int)syscall(SYS_socket, AF_UNIX, SOCK_DGRAM, 0), &name, sizeof(sa_family_t));
}

static int bind_pair(void)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};

	return CALL(bind, pair(), &name, sizeof(sa_family_t));
}

static int set_option(void)
{
	int one = 1;

	return CALL(setsockopt, udp(), SOL_SOCKET, SO_BROADCAST, &one, sizeof one);
}

/* A program that the kernel runs on each packet. */
static int attach_filter(void)
{
	struct sock_filter take = {BPF_RET | BPF_K, 0, 0, UINT32_MAX};
	struct sock_fprog program = {1, &take};

	return CALL(setsockopt, udp(), SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

/* TLS, SMC and the like, in the kernel: one that nobody has, for what is looked up is all that is wanted. */
static int attach_protocol(void)
{
	enum { TCP_ULP = 31 };

	return reached(syscall(SYS_setsockopt, tcp(), IPPROTO_TCP, TCP_ULP, "escape", 6UL), ENOENT);
}

const struct attempt escape_network[] = {
	{"socket-local", "socket", ACCOUNT, local_socket},
	{"socket-internet", "socket", ACCOUNT, internet_socket},
	{"socket-other", "socket", ACCOUNT, other_socket},
	{"connect-tcp", "connect", ACCOUNT, connect_tcp},
	{"connect-abstract", "connect", ACCOUNT, connect_abstract},
	{"connect-pair", "connect", ACCOUNT, connect_pair},
	{"send-pair", "sendto", ACCOUNT, send_from_pair},
	{"send-urgent", "sendto", ACCOUNT, send_urgent},
	{"send-udp", "sendto", ACCOUNT, send_udp},
	{"sendmsg-udp", "sendmsg", ACCOUNT, send_message},
	{"sendmmsg-udp", "sendmmsg", ACCOUNT, send_messages},
	{"recvmsg-pair", "recvmsg", ACCOUNT, receive_message},
	{"bind-tcp", "bind", ACCOUNT, bind_tcp},
	{"bind-abstract", "bind", ACCOUNT, bind_abstract},
	{"bind-pair", "bind", ACCOUNT, bind_pair},
	{"listen-tcp", "listen", ACCOUNT, listen_tcp},
	{"setsockopt", "setsockopt", ACCOUNT, set_option},
	{"attach-filter", "setsockopt", ACCOUNT, attach_filter},
	{"attach-protocol", "setsockopt", ACCOUNT, attach_protocol},
	{0},
};
