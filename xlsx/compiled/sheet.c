/* The rows of a sheet read into columns: numbers as doubles, texts and truths as codes.

   Only what most programs write is read, and a column holds but one kind of cells; anything else is declined, and
   then another reader takes the sheet. */

#include "kernels.h"

#include <math.h>

#define MOST_STYLES 64
#define LONGEST_PREFIX 24
#define NO_STYLE (-1)
#define LONGEST_USUAL_CELL 96 /* more than a cell of the usual form is looked at */
#define MOST_EXACT_DIGITS 15  /* digits of a number that a double always holds */

enum { NOTHING, NUMBER, TEXT, TRUTH };

typedef struct {
    int kind;
    void *cells;  /* double or int32_t, by kind */
    size_t count, room;
    int32_t styles[MOST_STYLES];
    size_t style_count;
} Column;

/* Texts that stand in the cells themselves, each once; `places` is a table of their numbers, from 1, by hash. */
typedef struct {
    Output bytes;
    size_t *ends;
    size_t count, room;
    uint32_t *places;
    size_t width;
} Texts;

typedef struct {
    PyObject_HEAD
    char prefix[LONGEST_PREFIX];
    size_t length;
    long long first_row, last_row, last_used, row;
    long long left, right;
    int32_t shared;
    size_t most_columns, column_count;
    Column *columns;
    Texts texts;
    Output text;
    char row_text[8], row_mask[8]; /* the digits of the row and a quote, and where they stand */
    int declined, ended, no_memory, busy;
} Reader;

/* A cell as its tag tells. */
typedef struct {
    long long column;
    int32_t style;
    char kind; /* of t: n, s, b, r for str, i for inlineStr */
} Cell;

static size_t width_of(int kind) { return kind == NUMBER ? sizeof(double) : sizeof(int32_t); }

/* Make the column reach a row, with blanks. Returns 0 without memory. */
static int reach(Column *column, size_t count) {
    if (count > column->room) {
        size_t room = column->room ? column->room * 2 : 1024;
        while (room < count) room *= 2;
        void *moved = realloc(column->cells, room * width_of(column->kind));
        if (!moved) return 0;
        column->cells = moved;
        column->room = room;
    }
    for (; column->count < count; column->count++)
        if (column->kind == NUMBER) ((double *)column->cells)[column->count] = NAN;
        else ((int32_t *)column->cells)[column->count] = -1;
    return 1;
}

/* Returns 0 to decline. */
static int store(Reader *reader, const Cell *cell, int kind, double number, int32_t code) {
    if (reader->left < 0 || cell->column < reader->left) reader->left = cell->column;
    if (cell->column > reader->right) reader->right = cell->column;
    reader->last_used = reader->row;
    if (reader->row < reader->first_row) return 1;
    Column *column = &reader->columns[cell->column];
    if ((size_t)cell->column >= reader->column_count) reader->column_count = (size_t)cell->column + 1;
    if (column->kind == NOTHING) column->kind = kind;
    if (column->kind != kind) return 0;
    size_t place = (size_t)(reader->row - reader->first_row);
    if (!reach(column, place + 1)) {
        reader->no_memory = 1;
        return 0;
    }
    if (kind != NUMBER) {
        ((int32_t *)column->cells)[place] = code;
        return 1;
    }
    ((double *)column->cells)[place] = number;
    size_t n = 0;
    while (n < column->style_count && column->styles[n] != cell->style) n++;
    if (n == MOST_STYLES) return 0;
    if (n == column->style_count) column->styles[column->style_count++] = cell->style;
    return 1;
}

static uint32_t hash(const char *at, size_t length) {
    uint32_t sum = 2166136261u;
    for (size_t i = 0; i < length; i++) sum = (sum ^ (unsigned char)at[i]) * 16777619u;
    return sum;
}

static size_t slot(const Texts *texts, const char *at, size_t length) {
    size_t place = hash(at, length) & (texts->width - 1);
    for (; texts->places[place]; place = (place + 1) & (texts->width - 1)) {
        size_t number = texts->places[place] - 1, start = number ? texts->ends[number - 1] : 0;
        if (texts->ends[number] - start == length && (!length || !memcmp(texts->bytes.start + start, at, length))) break;
    }
    return place;
}

/* A table of twice the width, or the first one. Returns 0 without memory. */
static int widen(Texts *texts) {
    size_t width = texts->width ? texts->width * 2 : 1024;
    uint32_t *places = calloc(width, sizeof *places), *old = texts->places;
    size_t *ends = realloc(texts->ends, width * sizeof *ends);
    if (ends) texts->ends = ends;
    if (!places || !ends) {
        free(places);
        return 0;
    }
    texts->places = places;
    texts->width = width;
    for (size_t number = 0; number < texts->count; number++) {
        size_t start = number ? texts->ends[number - 1] : 0;
        const char *text = texts->bytes.start ? texts->bytes.start + start : "";
        places[slot(texts, text, texts->ends[number] - start)] = (uint32_t)number + 1;
    }
    free(old);
    return 1;
}

/* The number of a text, new or known; -1 without memory. */
static int32_t number_of(Texts *texts, const char *at, size_t length) {
    if (texts->count * 2 >= texts->width && !widen(texts)) return -1;
    size_t place = slot(texts, at, length);
    if (!texts->places[place]) {
        if (texts->count >= INT32_MAX / 2) return -1;
        output_bytes(&texts->bytes, at, length);
        if (texts->bytes.failed) return -1;
        texts->ends[texts->count++] = texts->bytes.length;
        texts->places[place] = (uint32_t)texts->count;
    }
    return (int32_t)texts->places[place] - 1;
}

/* The text that was put together, as the cell's own. Returns 0 to decline. */
static int store_text(Reader *reader, const Cell *cell) {
    const char *text = reader->text.start ? reader->text.start : "";
    int32_t number = reader->text.failed ? -1 : number_of(&reader->texts, text, reader->text.length);
    if (number < 0) {
        reader->no_memory = 1;
        return 0;
    }
    return number <= INT32_MAX - 1 - reader->shared && store(reader, cell, TEXT, 0, reader->shared + number);
}

/* The content of <v>. Returns 0 to decline. */
static int store_value(Reader *reader, const Cell *cell, const char *at, const char *end) {
    double number;
    reader->text.length = 0;
    if (cell->kind == 'r') return put_text(&reader->text, at, end) && store_text(reader, cell);
    if (at == end) return cell->kind == 'n';
    if (cell->kind == 'b') return end - at == 1 && (*at == '0' || *at == '1') && store(reader, cell, TRUTH, 0, *at - '0');
    if (cell->kind == 'n') {
        int read = read_double(at, end, &number);
        if (read < 0) reader->no_memory = 1;
        return read > 0 && store(reader, cell, NUMBER, number, 0);
    }
    int64_t shared = 0;
    for (; at < end && is_digit(*at) && shared <= INT32_MAX; at++) shared = shared * 10 + (*at - '0');
    return at == end && cell->kind == 's' && shared < reader->shared && store(reader, cell, TEXT, 0, (int32_t)shared);
}

/* Whether a tag of the sheet's own namespace stands here; returns the place after its name, or NULL. */
static const char *tag(const Reader *reader, const char *at, const char *end, const char *name, size_t length) {
    if (at >= end || *at != '<' || !starts_with(at + 1, end, reader->prefix, reader->length)) return NULL;
    at += 1 + reader->length;
    return starts_with(at, end, name, length) ? at + length : NULL;
}

static const char *end_tag(const Reader *reader, const char *at, const char *end, const char *name, size_t length) {
    if (end - at < 2 || at[0] != '<' || at[1] != '/' || !starts_with(at + 2, end, reader->prefix, reader->length)) return NULL;
    at += 2 + reader->length;
    if (!starts_with(at, end, name, length)) return NULL;
    at += length;
    return at < end && *at == '>' ? at + 1 : NULL;
}

/* The next attribute of a tag: its name, its value, and the place after it. Returns 0 at the end of the tag. */
static int attribute(const char **at, const char *end, const char **name, size_t *length, const char **value,
                     const char **value_end) {
    const char *place = skip_space(*at, end);
    if (place == *at || place >= end || *place == '>' || *place == '/') return 0;
    *name = place;
    while (place < end && *place != '=' && *place != '>' && *place != '<' && !is_space(*place)) place++;
    *length = (size_t)(place - *name);
    if (end - place < 2 || *place != '=' || (place[1] != '"' && place[1] != '\'')) return 0;
    *value = place + 2;
    *value_end = memchr(*value, place[1], (size_t)(end - *value));
    if (!*value_end) return 0;
    *at = *value_end + 1;
    return 1;
}

/* The end of a tag whose attributes are read: 1 when elements follow, 2 for an empty one, 0 to decline. */
static int tag_end(const char **at, const char *end) {
    const char *place = skip_space(*at, end);
    int kind = place < end && *place == '>' ? 1 : end - place >= 2 && place[0] == '/' && place[1] == '>' ? 2 : 0;
    *at = place + kind;
    return kind;
}

static int read_whole(const char *at, const char *end, long long most, long long *number) {
    long long value = 0;
    const char *start = at;
    for (; at < end && is_digit(*at); at++)
        if ((value = value * 10 + (*at - '0')) > most) return 0;
    *number = value;
    return at == end && at != start;
}

/* The column that a reference to a cell of this row names, from 0, or -1. */
static long long column_of(const Reader *reader, const char *at, const char *end) {
    long long column = 0, row = 0;
    for (; at < end && *at >= 'A' && *at <= 'Z'; at++)
        if ((column = column * 26 + (*at - 'A' + 1)) > (long long)reader->most_columns) return -1;
    return column && read_whole(at, end, LAST_ROW, &row) && row == reader->row ? column - 1 : -1;
}

/* What stands in a cell, up to and with its end tag. Returns the place after it, or NULL to decline. */
static const char *read_content(Reader *reader, const Cell *cell, const char *at, const char *end) {
    const char *after, *close;
    int valued = 0;
    for (;;) {
        at = skip_space(at, end);
        if ((after = end_tag(reader, at, end, "c", 1))) return after;
        if ((after = tag(reader, at, end, "v", 1))) {
            if (valued++ || cell->kind == 'i') return NULL;
            if (after < end && *after == '/') return NULL;
            if (after >= end || *after++ != '>') return NULL;
            close = memchr(after, '<', (size_t)(end - after));
            if (!close || !store_value(reader, cell, after, close)) return NULL;
            if (!(at = end_tag(reader, close, end, "v", 1))) return NULL;
        } else if ((after = tag(reader, at, end, "f", 1))) {
            if (valued || after >= end || (*after != '>' && *after != '/' && !is_space(*after))) return NULL;
            close = memchr(after, '>', (size_t)(end - after));
            if (!close) return NULL;
            at = close + 1;
            if (close[-1] == '/') continue;
            close = memchr(at, '<', (size_t)(end - at));
            if (!close || !(at = end_tag(reader, close, end, "f", 1))) return NULL;
        } else if ((after = tag(reader, at, end, "is>", 3))) {
            if (valued++ || cell->kind != 'i') return NULL;
            reader->text.length = 0;
            at = put_text_element(&reader->text, after, end, reader->prefix, reader->length);
            if (!at || !store_text(reader, cell) || !(at = end_tag(reader, at, end, "is", 2))) return NULL;
        } else return NULL;
    }
}

/* A cell from after `<c`. Returns the place after it, or NULL to decline. */
static const char *read_cell(Reader *reader, const char *at, const char *end, long long *last_column) {
    Cell cell = {-1, NO_STYLE, 'n'};
    const char *name, *value, *value_end;
    size_t length;
    while (attribute(&at, end, &name, &length, &value, &value_end)) {
        size_t size = (size_t)(value_end - value);
        if (length != 1) continue;
        if (*name == 'r') cell.column = column_of(reader, value, value_end);
        else if (*name == 's') {
            long long style;
            if (!read_whole(value, value_end, 1 << 20, &style)) return NULL;
            cell.style = (int32_t)style;
        } else if (*name == 't') {
            if (size == 1 && (*value == 's' || *value == 'b' || *value == 'n')) cell.kind = *value;
            else if (size == 3 && memcmp(value, "str", 3) == 0) cell.kind = 'r';
            else if (size == 9 && memcmp(value, "inlineStr", 9) == 0) cell.kind = 'i';
            else return NULL;
        }
    }
    if (cell.column <= *last_column) return NULL;
    *last_column = cell.column;
    int ending = tag_end(&at, end);
    return ending == 1 ? read_content(reader, &cell, at, end) : ending == 2 ? at : NULL;
}

/* A whole number or one of few decimals, before `<`. Returns the place after it, or NULL for read_double to try. */
static const char *read_short_number(const char *at, double *number) {
    static const double power_of_ten[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14};
    const char *last = at + MOST_EXACT_DIGITS;
    int64_t digits = 0;
    if (!is_digit(*at)) return NULL;
    while (at < last && is_digit(*at)) digits = digits * 10 + (*at++ - '0');
    const char *point = at;
    if (*at == '.')
        for (at++; at < last && is_digit(*at); at++) digits = digits * 10 + (*at - '0');
    if (*at != '<' || at == point + 1) return NULL;
    *number = at == point ? (double)digits : (double)digits / power_of_ten[at - point - 1];
    return at;
}

/* A cell from after `<c` when it is written as most are: <c r="B3" s="1" t="s"><v>4</v></c>. At least
   LONGEST_USUAL_CELL bytes follow. Returns the place after it, or NULL for read_cell to take it. */
static const char *read_usual_cell(Reader *reader, const char *at, const char *end, long long *last_column) {
    Cell cell = {0, NO_STYLE, 'n'};
    if (memcmp(at, " r=\"", 4)) return NULL;
    const char *limit = (at += 4) + 3;
    for (; at < limit && *at >= 'A' && *at <= 'Z'; at++) cell.column = cell.column * 26 + (*at - 'A' + 1);
    if (--cell.column <= *last_column || cell.column >= (long long)reader->most_columns) return NULL;
    uint64_t found, row, mask;
    memcpy(&found, at, 8);
    memcpy(&row, reader->row_text, 8);
    memcpy(&mask, reader->row_mask, 8);
    if ((found & mask) != row) return NULL;
    while (*at++ != '"') {}
    if (memcmp(at, " s=\"", 4) == 0) {
        limit = (at += 4) + 5;
        for (cell.style = 0; at < limit && is_digit(*at); at++) cell.style = cell.style * 10 + (*at - '0');
        if (at == limit - 5 || *at++ != '"') return NULL;
    }
    int shared = memcmp(at, " t=\"s\"", 6) == 0;
    if (shared) at += 6;
    if (memcmp(at, "><v>", 4)) return NULL;
    at += 4;
    if (shared) {
        int64_t code = 0;
        for (limit = at + 10; at < limit && is_digit(*at); at++) code = code * 10 + (*at - '0');
        if (at == limit - 10 || memcmp(at, "</v></c>", 8) || code >= reader->shared) return NULL;
        if (!store(reader, &cell, TEXT, 0, (int32_t)code)) return NULL;
    } else {
        double number;
        const char *after = read_short_number(at, &number);
        if (!after) {
            after = memchr(at, '<', (size_t)(end - at));
            if (!after || end - after < 8 || read_double(at, after, &number) <= 0) return NULL;
        }
        at = after;
        if (memcmp(at, "</v></c>", 8) || !store(reader, &cell, NUMBER, number, 0)) return NULL;
    }
    *last_column = cell.column;
    return at + 8;
}

/* Let cells of this row be known by the bytes of their references. */
static void begin_row(Reader *reader, long long number) {
    char digits[8];
    size_t count = 0, n = 0;
    reader->row = number;
    for (; number; number /= 10) digits[count++] = (char)('0' + number % 10);
    memset(reader->row_text, 0, 8);
    memset(reader->row_mask, 0, 8);
    memset(reader->row_mask, 0xFF, count + 1);
    while (count) reader->row_text[n++] = digits[--count];
    reader->row_text[n] = '"';
}

/* A row from after `<row`. Returns the place after it, or NULL to decline. */
static const char *read_row(Reader *reader, const char *at, const char *end) {
    const char *name, *value, *value_end, *after;
    size_t length;
    long long number = 0, column = -1;
    while (attribute(&at, end, &name, &length, &value, &value_end))
        if (length == 1 && *name == 'r' && !read_whole(value, value_end, LAST_ROW, &number)) return NULL;
    if (number <= reader->row) return NULL;
    begin_row(reader, number);
    int ending = tag_end(&at, end);
    if (ending != 1) return ending ? at : NULL;
    for (;;) {
        while (!reader->length && end - at > LONGEST_USUAL_CELL && at[0] == '<' && at[1] == 'c' &&
               (after = read_usual_cell(reader, at + 2, end, &column)))
            at = after;
        at = skip_space(at, end);
        if ((after = end_tag(reader, at, end, "row", 3))) return after;
        if (!(after = tag(reader, at, end, "c", 1)) || !(at = read_cell(reader, after, end, &column))) return NULL;
    }
}

static void read_rows(Reader *reader, const char *at, const char *end) {
    const char *after;
    while (!reader->declined && !reader->ended && (at = skip_space(at, end)) < end) {
        if ((after = tag(reader, at, end, "row", 3))) at = read_row(reader, after, end);
        else if (end_tag(reader, at, end, "sheetData", 9)) reader->ended = 1;
        else at = NULL;
        if (!at) reader->declined = 1;
    }
}

static PyObject *refuse_second_thread(void) {
    return PyErr_Format(PyExc_RuntimeError, "the reader is read to by another thread");
}

/* feed(rows) -> whether they could be read; whole rows, and after the last one what ends them */
static PyObject *feed(PyObject *self, PyObject *arguments) {
    Reader *reader = (Reader *)self;
    Py_buffer rows;
    if (reader->busy) return refuse_second_thread();
    if (!PyArg_ParseTuple(arguments, "y*", &rows)) return NULL;
    reader->busy = 1;
    Py_BEGIN_ALLOW_THREADS
    read_rows(reader, rows.buf, (const char *)rows.buf + rows.len);
    Py_END_ALLOW_THREADS
    reader->busy = 0;
    PyBuffer_Release(&rows);
    if (PyErr_Occurred()) return NULL;
    if (reader->no_memory) return PyErr_NoMemory();
    return PyBool_FromLong(!reader->declined);
}

/* The codes of a column numbered anew, as they come first; returns the old ones by the new, or NULL. */
static PyObject *renumbered(const Reader *reader, Column *column) {
    size_t known = (size_t)reader->shared + reader->texts.count, count = 0;
    int32_t *numbers = malloc((known + 1) * sizeof *numbers), *old = malloc((known + 1) * sizeof *old);
    PyObject *made = NULL;
    if (numbers && old) {
        memset(numbers, -1, known * sizeof *numbers);
        for (size_t row = 0; row < column->count; row++) {
            int32_t *code = &((int32_t *)column->cells)[row];
            if (*code < 0) continue;
            if (numbers[*code] < 0) {
                numbers[*code] = (int32_t)count;
                old[count++] = *code;
            }
            *code = numbers[*code];
        }
        made = PyBytes_FromStringAndSize((char *)old, (Py_ssize_t)(count * sizeof *old));
    }
    free(numbers);
    free(old);
    return made ? made : PyErr_Occurred() ? NULL : PyErr_NoMemory();
}

/* One column as (kind, cells, styles or used codes); what it held is let go of. */
static PyObject *taken(const Reader *reader, Column *column, size_t rows) {
    PyObject *more, *cells = NULL;
    if (column->kind == NOTHING) return Py_BuildValue("iy#y#", NOTHING, "", (Py_ssize_t)0, "", (Py_ssize_t)0);
    if (!reach(column, rows)) return PyErr_NoMemory();
    if (column->kind == TEXT) more = renumbered(reader, column);
    else more = PyBytes_FromStringAndSize((char *)column->styles, (Py_ssize_t)(column->style_count * sizeof(int32_t)));
    if (more) cells = PyByteArray_FromStringAndSize(column->cells, (Py_ssize_t)(rows * width_of(column->kind)));
    free(column->cells);
    column->cells = NULL;
    column->count = column->room = 0;
    PyObject *made = cells ? Py_BuildValue("iOO", column->kind, cells, more) : NULL;
    Py_XDECREF(cells);
    Py_XDECREF(more);
    return made;
}

/* The texts of the cells themselves as a list. */
static PyObject *own_texts(const Texts *texts) {
    PyObject *all = PyList_New(0);
    for (size_t number = 0; all && number < texts->count; number++) {
        size_t start = number ? texts->ends[number - 1] : 0;
        const char *text = texts->bytes.start ? texts->bytes.start + start : "";
        PyObject *one = PyUnicode_DecodeUTF8(text, (Py_ssize_t)(texts->ends[number] - start), NULL);
        if (!one || PyList_Append(all, one) < 0) {
            Py_DECREF(all);
            all = NULL;
        }
        Py_XDECREF(one);
    }
    return all;
}

/* finish() -> (first column, rows, columns, own texts), or None when the rows have not ended as they should */
static PyObject *finish(PyObject *self, PyObject *arguments) {
    Reader *reader = (Reader *)self;
    (void)arguments;
    if (reader->busy) return refuse_second_thread();
    if (reader->declined || !reader->ended) {
        Py_INCREF(Py_None);
        return Py_None;
    }
    reader->declined = 1;
    size_t rows = reader->last_used >= reader->first_row ? (size_t)(reader->last_used - reader->first_row + 1) : 0;
    PyObject *texts = own_texts(&reader->texts), *columns = texts ? PyList_New(0) : NULL;
    for (long long n = reader->left < 0 ? 0 : reader->left; columns && n <= reader->right; n++) {
        PyObject *one = taken(reader, &reader->columns[n], rows);
        if (!one || PyList_Append(columns, one) < 0) {
            Py_DECREF(columns);
            columns = NULL;
        }
        Py_XDECREF(one);
    }
    PyObject *made = columns ? Py_BuildValue("LnOO", reader->left, (Py_ssize_t)rows, columns, texts) : NULL;
    Py_XDECREF(columns);
    Py_XDECREF(texts);
    return made;
}

/* Reader(prefix, first row, shared texts, columns) */
static PyObject *make(PyTypeObject *type, PyObject *arguments, PyObject *named) {
    const char *prefix;
    Py_ssize_t length, most;
    long long first;
    int shared;
    (void)named;
    if (!PyArg_ParseTuple(arguments, "y#Lin", &prefix, &length, &first, &shared, &most)) return NULL;
    if (length > LONGEST_PREFIX || first < 1 || shared < 0 || most < 1 || most > LAST_COLUMN)
        return PyErr_Format(PyExc_ValueError, "no such sheet");
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    Reader *reader = (Reader *)allocate(type, 0);
    if (!reader) return NULL;
    memcpy(reader->prefix, prefix, (size_t)length);
    reader->length = (size_t)length;
    reader->first_row = first;
    reader->shared = shared;
    reader->left = reader->right = -1;
    reader->most_columns = (size_t)most;
    reader->columns = calloc((size_t)most, sizeof(Column));
    if (!reader->columns) {
        Py_DECREF(reader);
        return PyErr_NoMemory();
    }
    return (PyObject *)reader;
}

static void dispose(PyObject *self) {
    Reader *reader = (Reader *)self;
    PyTypeObject *type = Py_TYPE(self);
    for (size_t n = 0; reader->columns && n < reader->most_columns; n++) free(reader->columns[n].cells);
    free(reader->columns);
    free(reader->texts.bytes.start);
    free(reader->texts.ends);
    free(reader->texts.places);
    free(reader->text.start);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF(type);
}

static PyMethodDef methods[] = {
    {"feed", feed, METH_VARARGS, "Read whole rows; False when they are of a form that is not handled."},
    {"finish", finish, METH_NOARGS, "First column, number of rows, columns and texts; None when there is no answer."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_new, make}, {Py_tp_dealloc, dispose}, {Py_tp_methods, methods}, {0, NULL},
};

static PyType_Spec spec = {"xlsx.compiled._kernels.Reader", sizeof(Reader), 0, Py_TPFLAGS_DEFAULT, slots};

int add_reader(PyObject *module) {
    PyObject *type = PyType_FromSpec(&spec);
    if (!type) return -1;
    int added = PyModule_AddObjectRef(module, "Reader", type);
    Py_DECREF(type);
    return added;
}
