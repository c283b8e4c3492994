/* Cells into rows as most programs write them: what patch/kernel.py does, without an object per row. */

#include "kernels.h"

#define LONGEST_PREFIX 24
#define LONGEST_TAG 64

enum { ORE, WHOLE, CODED };

typedef struct {
    char bytes[LONGEST_TAG];
    size_t length;
} Tag;

/* A result column. values: int64, or int32 codes of texts; shown: a byte per row, or nothing where all are. */
typedef struct {
    int kind;
    Py_buffer before, after, values, shown, texts, offsets;
    Tag opening, style;  /* `before` and `after`: what stands on either side of the row's number */
} Column;

typedef struct {
    Py_buffer rows, prefix, numbers;
    Column *columns;
    Py_ssize_t column_count;
    long long after, left, right;
    Py_ssize_t place;  /* in numbers, of the next row that gets cells */
    int refresh;
    Tag row, row_end, cell, cell_end, value, value_end, formula, left_cell;
    Output out;
    long long last_row;
} Job;

static int64_t number_at(const Py_buffer *buffer, Py_ssize_t place) {
    int64_t number;
    memcpy(&number, (const char *)buffer->buf + place * (Py_ssize_t)sizeof number, sizeof number);
    return number;
}

static int32_t code_at(const Py_buffer *buffer, Py_ssize_t place) {
    int32_t code;
    memcpy(&code, (const char *)buffer->buf + place * (Py_ssize_t)sizeof code, sizeof code);
    return code;
}

/* Copies the tag's whole room, which is faster than its length: there must be that much left in the output. */
static inline void put_tag(Output *out, const Tag *tag) {
    memcpy(out->start + out->length, tag->bytes, LONGEST_TAG);
    out->length += tag->length;
}

/* There must be room for 20 bytes. */
static inline void put_number(Output *out, uint64_t value) {
    char digits[20];
    size_t count = 0;
    do {
        digits[19 - count++] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    memcpy(out->start + out->length, digits + 20 - count, count);
    out->length += count;
}

static inline void put_sign(Output *out, char sign) { out->start[out->length++] = sign; }

/* A whole number, or öre as kronor the shortest way: 103050 is 1030.5. There must be room for 24 bytes. */
static inline void put_value(Output *out, int64_t value, int kind) {
    uint64_t size = value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
    if (value < 0) put_sign(out, '-');
    if (kind == WHOLE) {
        put_number(out, size);
        return;
    }
    put_number(out, size / 100);
    unsigned part = (unsigned)(size % 100);
    if (part) {
        put_sign(out, '.');
        put_sign(out, (char)('0' + part / 10));
        if (part % 10) put_sign(out, (char)('0' + part % 10));
    }
}

/* The text of a row's code; 0 where it has none. */
static int put_coded(Output *out, const Column *column, Py_ssize_t place) {
    int32_t code = code_at(&column->values, place);
    Py_ssize_t codes = column->offsets.len / (Py_ssize_t)sizeof(int64_t) - 1;
    if (code < 0 || code >= codes) return 0;
    int64_t start = number_at(&column->offsets, code), end = number_at(&column->offsets, code + 1);
    if (start < 0 || end < start || end > column->texts.len) return 0;
    output_bytes(out, (const char *)column->texts.buf + start, (size_t)(end - start));
    return 1;
}

static void put_cells(Job *job, const Tag *number) {
    Output *out = &job->out;
    Py_ssize_t place = job->place++;
    for (Py_ssize_t i = 0; i < job->column_count; i++) {
        const Column *column = &job->columns[i];
        if (!output_room(out, 6 * LONGEST_TAG)) return;
        put_tag(out, &column->opening);
        put_tag(out, number);
        put_tag(out, &column->style);
        int shown = !column->shown.buf || ((const char *)column->shown.buf)[place];
        if (shown && column->kind == CODED) shown = put_coded(out, column, place);
        else if (shown) {
            put_tag(out, &job->value);
            put_value(out, number_at(&column->values, place), column->kind);
            put_tag(out, &job->value_end);
        }
        if (!shown) output_bytes(out, "/>", 2);
    }
}

/* A number from 1 up to `most`, without leading zeros; returns the place after it, or NULL. */
static const char *read_number(const char *at, const char *end, long long most, long long *number) {
    const char *start = at;
    long long value = 0;
    while (at < end && is_digit(*at)) {
        value = value * 10 + (*at++ - '0');
        if (value > most) return NULL;
    }
    if (at == start || *start == '0') return NULL;
    *number = value;
    return at;
}

/* The column, from 0, that the cell at `at` names, or -1. */
static long long column_of(const Job *job, const char *at, const char *end) {
    size_t begin = job->cell.length;
    if (!starts_with(at, end, job->cell.bytes, begin) || (size_t)(end - at) < begin + 4) return -1;
    long long column = 0;
    int count = 0;
    for (at += begin; count < 4 && at[count] >= 'A' && at[count] <= 'Z'; count++)
        column = column * 26 + (at[count] - 'A' + 1);
    return count && count < 4 ? column - 1 : -1;
}

/* A row's bytes with the columns that it says it spans widened. Returns 0 to decline. */
static int put_widened(Job *job, const char *start, const char *end) {
    const char *tag = start + job->row.length;
    while (tag < end && *tag != '<' && *tag != '>') tag++;
    for (const char *at = start; (at = find_word(at, tag, " spans=\"", 8, 0)); at++) {
        const char *first = at + 8, *place = first;
        while (place < tag && is_digit(*place)) place++;
        if (place == first || place == tag || *place != ':') continue;
        const char *second = ++place;
        long long spanned = 0;
        while (place < tag && is_digit(*place)) {
            spanned = spanned * 10 + (*place++ - '0');
            if (spanned > LAST_COLUMN) return 0;
        }
        if (place == second || place == tag || *place != '"') continue;
        output_bytes(&job->out, start, (size_t)(second - start));
        if (!output_room(&job->out, LONGEST_TAG)) return 0;
        put_number(&job->out, (uint64_t)(spanned > job->right + 1 ? spanned : job->right + 1));
        start = place;
        break;
    }
    output_bytes(&job->out, start, (size_t)(end - start));
    return 1;
}

/* Where the cells from column `left` on begin in a row, if they may go; NULL if not. */
static const char *begin_of_old(const Job *job, const char *start, const char *close, const char *number,
                                size_t digits) {
    char first[LONGEST_TAG + 16];
    size_t begin = job->left_cell.length;
    memcpy(first, job->left_cell.bytes, begin);
    memcpy(first + begin, number, digits + 1);
    const char *old = find_last(start, close, first, begin + digits + 1);
    if (!old || find_word(old, close, job->formula.bytes, job->formula.length, job->formula.length - 1)) return NULL;
    return old;
}

/* One row, from its tag up to its end tag. Returns 0 to decline. */
static int put_row(Job *job, const char *start, const char *close) {
    const char *number = start + job->row.length;
    long long row = 0;
    const char *quote = read_number(number, close, LAST_ROW, &row);
    if (!quote || quote == close || *quote != '"') return 0;
    if (job->last_row ? row != job->last_row + 1 : row < job->after) return 0;
    job->last_row = row;
    const char *last = find_last(quote, close, job->cell.bytes, job->cell.length - 4);
    long long column = last ? column_of(job, last, close) : -1;
    if (column < 0) return 0;
    Py_ssize_t count = job->numbers.len / (Py_ssize_t)sizeof(int64_t);
    int64_t due = job->place < count ? number_at(&job->numbers, job->place) : INT64_MAX;
    if (due < row) return 0;
    if (column >= job->left && !job->refresh) return 0;
    if (due != row) {
        output_bytes(&job->out, start, (size_t)(close - start));
        return 1;
    }
    const char *end = close;
    if (column > job->right) return 0;
    if (column >= job->left && !(end = begin_of_old(job, quote, close, number, (size_t)(quote - number)))) return 0;
    if (!put_widened(job, start, end)) return 0;
    Tag digits = {{0}, (size_t)(quote - number)};
    memcpy(digits.bytes, number, digits.length);
    put_cells(job, &digits);
    return 1;
}

static int ends_with(const char *start, const char *end, const char *word, size_t length) {
    return (size_t)(end - start) >= length && memcmp(end - length, word, length) == 0;
}

/* All rows. Returns 0 to decline. */
static int put_rows(Job *job) {
    const char *at = job->rows.buf, *end = at + job->rows.len, *between = NULL;
    const Tag *row = &job->row, *row_end = &job->row_end;
    size_t space = 0;
    while (starts_with(at, end, row->bytes, row->length)) {
        const char *close = find_word(at, end, row_end->bytes, row_end->length, row_end->length - 2);
        if (!close) return 0;
        if (!ends_with(at, close, job->cell_end.bytes, job->cell_end.length) && !ends_with(at, close, "/>", 2)) return 0;
        if (!put_row(job, at, close)) return 0;
        const char *next = close + row_end->length;
        if (next == end) {
            output_bytes(&job->out, close, (size_t)(end - close));
            /* A row of another form may hide in this one; in an earlier one it would have left a gap. */
            return !find_word(at + row->length, close, row->bytes, row->length - 4, row->length - 5);
        }
        const char *after = next;
        while (next < end && (is_space(*next) || *next == '\f' || *next == '\v')) next++;
        if (!between) {
            between = after;
            space = (size_t)(next - after);
        }
        if ((size_t)(next - after) != space || memcmp(after, between, space)) return 0;
        output_bytes(&job->out, close, (size_t)(next - close));
        at = next;
    }
    return 0;
}

static void make_tag(Tag *tag, const char *before, const Py_buffer *prefix, const char *after) {
    size_t first = strlen(before), last = strlen(after), middle = (size_t)prefix->len;
    memcpy(tag->bytes, before, first);
    if (middle) memcpy(tag->bytes + first, prefix->buf, middle);
    memcpy(tag->bytes + first + middle, after, last);
    tag->length = first + middle + last;
}

/* The tags that rows and cells are made of. Returns 0 with an error set when a prefix or a column is no such. */
static int make_tags(Job *job) {
    char letters[8];
    int place = (int)sizeof letters - 1;
    letters[place] = 0;
    if (job->prefix.len > LONGEST_PREFIX || job->left < 0 || job->right < job->left || job->right >= LAST_COLUMN) {
        PyErr_SetString(PyExc_ValueError, "prefix or columns beyond what a sheet has");
        return 0;
    }
    for (long long number = job->left + 1; number; number = (number - 1) / 26)
        letters[--place] = (char)('A' + (number - 1) % 26);
    char left[16] = "c r=\"";
    strcat(left, letters + place);
    const Py_buffer *prefix = &job->prefix;
    make_tag(&job->row, "<", prefix, "row r=\"");
    make_tag(&job->row_end, "</", prefix, "row>");
    make_tag(&job->cell, "<", prefix, "c r=\"");
    make_tag(&job->cell_end, "</", prefix, "c>");
    make_tag(&job->value, "><", prefix, "v>");
    make_tag(&job->value_end, "</", prefix, "v>");
    make_tag(&job->formula, "<", prefix, "f");
    make_tag(&job->left_cell, "<", prefix, left);
    Tag end = job->cell_end;
    memcpy(job->value_end.bytes + job->value_end.length, end.bytes, end.length);
    job->value_end.length += end.length;
    return 1;
}

/* Take the columns' buffers. Returns 0 with an error set when one is not as long as there are rows. */
static int take_columns(Job *job, PyObject *columns) {
    Py_ssize_t rows = job->numbers.len / (Py_ssize_t)sizeof(int64_t), count = PyTuple_Size(columns);
    job->columns = PyMem_Calloc((size_t)count + 1, sizeof(Column));
    if (!job->columns) {
        PyErr_NoMemory();
        return 0;
    }
    for (; job->column_count < count; job->column_count++) {
        Column *column = &job->columns[job->column_count];
        if (!PyArg_ParseTuple(PyTuple_GetItem(columns, job->column_count), "iy*y*y*z*y*y*", &column->kind,
                              &column->before, &column->after, &column->values, &column->shown, &column->texts,
                              &column->offsets))
            return 0;
        Py_ssize_t width = column->kind == CODED ? (Py_ssize_t)sizeof(int32_t) : (Py_ssize_t)sizeof(int64_t);
        if (column->values.len < rows * width || (column->shown.buf && column->shown.len < rows) ||
            column->before.len > LONGEST_TAG || column->after.len > LONGEST_TAG) {
            job->column_count++;
            PyErr_SetString(PyExc_ValueError, "a column is shorter than the rows, or its tags are too long");
            return 0;
        }
        column->opening.length = (size_t)column->before.len;
        column->style.length = (size_t)column->after.len;
        if (column->before.len) memcpy(column->opening.bytes, column->before.buf, column->opening.length);
        if (column->after.len) memcpy(column->style.bytes, column->after.buf, column->style.length);
    }
    return 1;
}

static void release(Job *job) {
    for (Py_ssize_t i = 0; i < job->column_count; i++) {
        Column *column = &job->columns[i];
        Py_buffer *all[] = {&column->before, &column->after, &column->values,
                            &column->shown,  &column->texts, &column->offsets};
        for (size_t n = 0; n < sizeof all / sizeof *all; n++)
            if (all[n]->obj) PyBuffer_Release(all[n]);
    }
    PyMem_Free(job->columns);
    PyBuffer_Release(&job->rows);
    PyBuffer_Release(&job->prefix);
    PyBuffer_Release(&job->numbers);
    free(job->out.start);
}

/* splice(rows, prefix, after, numbers, place, left, right, refresh, columns) -> (bytes, last row) or None */
PyObject *kernel_splice(PyObject *module, PyObject *arguments) {
    Job job = {0};
    PyObject *columns, *made = NULL;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "y*y*Ly*nLLpO!", &job.rows, &job.prefix, &job.after, &job.numbers, &job.place,
                          &job.left, &job.right, &job.refresh, &PyTuple_Type, &columns))
        return NULL;
    if (job.place < 0) PyErr_SetString(PyExc_ValueError, "a place before the first row");
    else if (make_tags(&job) && take_columns(&job, columns)) {
        int done;
        Py_BEGIN_ALLOW_THREADS
        output_room(&job.out, (size_t)job.rows.len * 2 + 4096);
        done = put_rows(&job);
        Py_END_ALLOW_THREADS
        if (job.out.failed) PyErr_NoMemory();
        else if (done) made = Py_BuildValue("y#L", job.out.start, (Py_ssize_t)job.out.length, job.last_row);
        else {
            Py_INCREF(Py_None);
            made = Py_None;
        }
    }
    release(&job);
    return made;
}
