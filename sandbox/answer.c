#include "answer.h"

#include <stddef.h>
#include <string.h>

/* A word of the call, as BPF_LD | BPF_W | BPF_ABS reads it. */
static uint32_t word(const struct seccomp_data *call, uint32_t offset)
{
	uint32_t value = 0;

	if (offset <= sizeof *call - sizeof value)
		memcpy(&value, (const char *)call + offset, sizeof value);
	return value;
}

static bool holds(const struct sock_filter *at, uint32_t a)
{
	switch (BPF_OP(at->code)) {
	case BPF_JEQ: return a == at->k;
	case BPF_JGT: return a > at->k;
	case BPF_JGE: return a >= at->k;
	case BPF_JSET: return a & at->k;
	}
	return false;
}

/* The part of classic BPF (linux/filter.h) that libseccomp writes. What is not of it kills, as does a way out. */
uint32_t answer_by(const struct filter *filter, const struct seccomp_data *call)
{
	uint32_t a = 0;

	for (unsigned i = 0; i < filter->length; i++) {
		const struct sock_filter *at = &filter->program[i];

		switch (at->code) {
		case BPF_LD | BPF_W | BPF_ABS: a = word(call, at->k); break;
		case BPF_ALU | BPF_AND | BPF_K: a &= at->k; break;
		case BPF_JMP | BPF_JA: i += at->k; break;
		case BPF_JMP | BPF_JEQ | BPF_K:
		case BPF_JMP | BPF_JGT | BPF_K:
		case BPF_JMP | BPF_JGE | BPF_K:
		case BPF_JMP | BPF_JSET | BPF_K: i += holds(at, a) ? at->jt : at->jf; break;
		case BPF_RET | BPF_K: return at->k;
		default: return SECCOMP_RET_KILL_PROCESS;
		}
	}
	return SECCOMP_RET_KILL_PROCESS;
}

uint32_t answer_of(enum sandbox_profile profile, const struct seccomp_data *call)
{
	return answer_by(&filters[profile], call);
}

const char *answer_name(int number)
{
	return number >= 0 && number < call_names_count ? call_names[number] : NULL;
}
