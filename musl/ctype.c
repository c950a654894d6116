/*
 * Debian's libinih.a was compiled against glibc's <ctype.h>, which looks classes up in a table. This is the one symbol
 * of it that musl lacks; inih asks for isspace() only. Compiled into a gate that is linked with musl.
 */
#include <endian.h>

const unsigned short **__ctype_b_loc(void);

enum { LOWEST = -128, SIZE = 384 };

/* _ISspace of glibc's ctype.h: bit 5, counted from the high byte on little-endian machines. */
#define SPACE (__BYTE_ORDER == __BIG_ENDIAN ? 1 << 5 : 1 << 13)

const unsigned short **__ctype_b_loc(void)
{
	static const unsigned short table[SIZE] = {
		[' ' - LOWEST] = SPACE,	 ['\t' - LOWEST] = SPACE, ['\n' - LOWEST] = SPACE,
		['\v' - LOWEST] = SPACE, ['\f' - LOWEST] = SPACE, ['\r' - LOWEST] = SPACE,
	};
	static const unsigned short *zero = table - LOWEST;

	return &zero;
}
