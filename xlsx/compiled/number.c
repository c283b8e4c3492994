/* A decimal number as the nearest double, as every reader of it makes it. */

#include "kernels.h"

#include <math.h>

#define MOST_DIGITS 19
#define LONGEST 64

static const uint64_t power_of_ten[] = {
    1ull, 10ull, 100ull, 1000ull, 10000ull, 100000ull, 1000000ull, 10000000ull, 100000000ull, 1000000000ull,
    10000000000ull, 100000000000ull, 1000000000000ull, 10000000000000ull, 100000000000000ull, 1000000000000000ull,
    10000000000000000ull, 100000000000000000ull, 1000000000000000000ull, 10000000000000000000ull,
};

#ifdef __SIZEOF_INT128__
/* digits / 10^places, rounded once: long division in 128 bits keeps more than the 53 that a double holds. */
static double divided(uint64_t digits, int places) {
    int leading = __builtin_clzll(digits);
    unsigned __int128 whole = (unsigned __int128)(digits << leading) << 64, by = power_of_ten[places];
    unsigned __int128 quotient = whole / by, rest = whole % by;
    uint64_t high = (uint64_t)(quotient >> 64);
    int bits = high ? 128 - __builtin_clzll(high) : 64 - __builtin_clzll((uint64_t)quotient);
    int cut = bits - 53;
    uint64_t kept = (uint64_t)(quotient >> cut);
    unsigned __int128 lost = quotient & (((unsigned __int128)1 << cut) - 1), half = (unsigned __int128)1 << (cut - 1);
    if (lost > half || (lost == half && (rest || (kept & 1)))) kept++;
    return ldexp((double)kept, cut - 64 - leading);
}
#endif

/* Digits beyond those that fit are only counted. */
static inline void take_digit(char sign, uint64_t *digits, int *count) {
    if (*count < MOST_DIGITS) *digits = *digits * 10 + (uint64_t)(sign - '0');
    if (*digits) ++*count;
}

/* Returns 0 with nothing read for what is no plain decimal number, and -1 with an error set. */
int read_double(const char *at, const char *end, double *number) {
    const char *start = at;
    if (end - start >= LONGEST) return 0;
    int negative = at < end && *at == '-', count = 0, places = 0, exponent = 0;
    uint64_t digits = 0;
    if (negative) at++;
    const char *first = at;
    for (; at < end && is_digit(*at); at++) take_digit(*at, &digits, &count);
    if (at == first) return 0;
    if (at < end && *at == '.') {
        const char *decimals = ++at;
        for (; at < end && is_digit(*at); at++, places++) take_digit(*at, &digits, &count);
        if (at == decimals) return 0;
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        int minus = ++at < end && *at == '-';
        if (at < end && (*at == '-' || *at == '+')) at++;
        const char *power = at;
        for (; at < end && is_digit(*at) && at - power < 4; at++) exponent = exponent * 10 + (*at - '0');
        if (at == power || at - power > 3) return 0;
        exponent = minus ? -exponent : exponent;
    }
    if (at != end || (digits == 0 && negative)) return 0;
    int scale = exponent - places;
    if (count <= MOST_DIGITS) {
        if (digits == 0) {
            *number = 0;
            return 1;
        }
        double value = 0;
        if (digits <= (1ull << 53) && scale <= 0 && scale >= -19 && power_of_ten[-scale] <= (1ull << 53))
            value = (double)digits / (double)power_of_ten[-scale];
        else if (digits <= (1ull << 53) && scale > 0 && scale <= 15)
            value = (double)digits * (double)power_of_ten[scale];
#ifdef __SIZEOF_INT128__
        else if (scale < 0 && scale >= -19) value = divided(digits, -scale);
#endif
        if (value != 0) {
            *number = negative ? -value : value;
            return 1;
        }
    }
    char copy[LONGEST];
    memcpy(copy, start, (size_t)(end - start));
    copy[end - start] = 0;
    PyGILState_STATE held = PyGILState_Ensure(); /* which rows are read without */
    *number = PyOS_string_to_double(copy, NULL, NULL);
    int failed = *number == -1.0 && PyErr_Occurred();
    PyGILState_Release(held);
    return failed ? -1 : isfinite(*number) ? 1 : 0;
}
