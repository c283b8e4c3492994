/* What the files of the extension share: a buffer that grows, and small questions about bytes. */

#ifndef FARDKOST_KERNELS_H
#define FARDKOST_KERNELS_H

#define Py_LIMITED_API 0x030B0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The names of this extension are its own, whatever other libraries call theirs. */
#if defined(__GNUC__)
#pragma GCC visibility push(hidden)
#endif

/* The last row and column that a sheet may have. */
#define LAST_ROW 1048576
#define LAST_COLUMN 16384

/* Bytes under way; `failed` when there was no memory, and then nothing more is added. */
typedef struct {
    char *start;
    size_t length, room;
    int failed;
} Output;

/* Make room for `more` bytes; returns 0 when there is none to be had. */
static inline int output_room(Output *out, size_t more) {
    if (out->failed) return 0;
    if (more <= out->room - out->length) return 1;
    size_t room = out->room;
    while (room - out->length < more) {
        if (room > SIZE_MAX / 4) { out->failed = 1; return 0; }
        room = room ? room + room / 2 + 64 : 4096;
    }
    char *moved = realloc(out->start, room);
    if (!moved) { out->failed = 1; return 0; }
    out->start = moved;
    out->room = room;
    return 1;
}

static inline void output_bytes(Output *out, const char *bytes, size_t length) {
    if (!length || !output_room(out, length)) return;
    memcpy(out->start + out->length, bytes, length);
    out->length += length;
}

static inline int is_digit(char sign) { return sign >= '0' && sign <= '9'; }
static inline int is_space(char sign) { return sign == ' ' || sign == '\n' || sign == '\r' || sign == '\t'; }

static inline int starts_with(const char *at, const char *end, const char *word, size_t length) {
    return (size_t)(end - at) >= length && memcmp(at, word, length) == 0;
}

/* The first place of a word at or after `at`, or NULL. pivot: the place in the word of a sign that is rare in sheets. */
static inline const char *find_word(const char *at, const char *end, const char *word, size_t length, size_t pivot) {
    while ((size_t)(end - at) >= length) {
        const char *found = memchr(at + pivot, word[pivot], (size_t)(end - at) - length + 1);
        if (!found) return NULL;
        if (memcmp(found - pivot, word, length) == 0) return found - pivot;
        at = found - pivot + 1;
    }
    return NULL;
}

/* The last place of a word that ends at or before `end`, or NULL. */
static inline const char *find_last(const char *start, const char *end, const char *word, size_t length) {
    if ((size_t)(end - start) < length) return NULL;
    for (const char *at = end - length;; at--) {
        if (*at == word[0] && memcmp(at, word, length) == 0) return at;
        if (at == start) return NULL;
    }
}

static inline const char *skip_space(const char *at, const char *end) {
    while (at < end && is_space(*at)) at++;
    return at;
}

int read_double(const char *at, const char *end, double *number);
int put_text(Output *out, const char *at, const char *end);
const char *put_text_element(Output *out, const char *at, const char *end, const char *prefix, size_t length);

PyObject *kernel_extent(PyObject *module, PyObject *arguments);
PyObject *kernel_splice(PyObject *module, PyObject *arguments);
PyObject *kernel_shared_strings(PyObject *module, PyObject *arguments);
int add_reader(PyObject *module);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif

#endif
