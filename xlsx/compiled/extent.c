/* How far the cells of a sheet reach, by the references in its bytes: what guard/cells.py does with numpy. */

#include "kernels.h"

#define MOST_LETTERS 4
#define MOST_DIGITS 9
#define NOT_READ 100000000 /* a longer number than any row's */

typedef struct {
    long long cells, first_row, first_column, last_row, last_column, row, references, tags;
} Extent;

/* A reference whose content begins at a place; beyond the end the last sign stands again and again. */
static void add(Extent *extent, const unsigned char *signs, size_t length, size_t at) {
    long long column = 0, row = 0;
    int letters = 0, digits = 0;
    for (; letters < MOST_LETTERS; letters++) {
        int number = (signs[at < length ? at : length - 1] & 0xDF) - 64;
        if (number < 1 || number > 26) break;
        column = column * 26 + number;
        /* One letter too many makes the name too long, and is not part of it. */
        at += letters < MOST_LETTERS - 1;
    }
    for (; digits < MOST_DIGITS; digits++, at++) {
        unsigned char sign = signs[at < length ? at : length - 1];
        if (sign < '0' || sign > '9') break;
        row = row * 10 + (sign - '0');
    }
    if (digits == MOST_DIGITS && row < NOT_READ) row = NOT_READ;
    extent->references++;
    if (!column) {
        if (row > extent->row) extent->row = row;
        return;
    }
    extent->cells++;
    if (row < extent->first_row) extent->first_row = row;
    if (row > extent->last_row) extent->last_row = row;
    if (column < extent->first_column) extent->first_column = column;
    if (column > extent->last_column) extent->last_column = column;
}

/* extent(content) -> cells, first row and column, last row and column, last row of its own, references, tags */
PyObject *kernel_extent(PyObject *module, PyObject *arguments) {
    Py_buffer content;
    Extent extent = {0, INT64_MAX, INT64_MAX, 0, 0, 0, 0, 0};
    (void)module;
    if (!PyArg_ParseTuple(arguments, "y*", &content)) return NULL;
    Py_BEGIN_ALLOW_THREADS
    const unsigned char *signs = content.buf;
    size_t length = (size_t)content.len;
    for (size_t i = 0; i < length; i++) extent.tags += signs[i] == '<';
    for (size_t i = 2; length > 3 && i < length - 1; i++) {
        const unsigned char *found = memchr(signs + i, '=', length - 1 - i);
        if (!found) break;
        i = (size_t)(found - signs);
        /* All white space is below ! (33), and nothing else that may stand before an attribute. */
        if (signs[i - 1] == 'r' && signs[i - 2] < 33 && (signs[i + 1] == '"' || signs[i + 1] == '\''))
            add(&extent, signs, length, i + 2);
    }
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&content);
    return Py_BuildValue("LLLLLLLL", extent.cells, extent.first_row, extent.first_column, extent.last_row,
                         extent.last_column, extent.row, extent.references, extent.tags);
}
