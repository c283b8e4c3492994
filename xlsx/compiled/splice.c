/* Cells into rows as most programs write them: what patch/kernel.py does, without an object per row. */

#include "kernels.h"

#define LONGEST_PREFIX 24
#define LONGEST_PART 60
#define LONGEST_TAG 128  /* of two given parts, and what goes with them */
#define USUAL_TAG 32
#define ROW_DIGITS 7
#define NO_COLUMN INT64_MAX  /* right of all cells */

enum { ORE, WHOLE, CODED };

typedef struct {
    char bytes[LONGEST_TAG];
    size_t length;
} Tag;

/* A result column. values: int64, or int32 codes of texts; shown: a byte per row, or nothing where all are. */
typedef struct {
    int kind;
    Py_buffer before, after, values, shown, texts, offsets;
    /* What follows the row's number, up to the number of the next cell or the end of the row. */
    Tag style, number, number_end, blank, next;
} Column;

/* Columns of a sheet that stand side by side: `count` result columns from the one numbered `place` on. */
typedef struct {
    long long left, right;
    Py_ssize_t place, count;
    Tag first;  /* up to the number of the first cell */
} Run;

typedef struct {
    Py_buffer rows, prefix, numbers;
    Column *columns;
    Py_ssize_t column_count;
    Run *runs;
    Py_ssize_t run_count;
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

/* Copies more than the tag's length, which is faster: there must be room for a tag of the longest kind. */
static inline char *put_tag(char *to, const Tag *tag) {
    memcpy(to, tag->bytes, USUAL_TAG);
    if (tag->length > USUAL_TAG) memcpy(to + USUAL_TAG, tag->bytes + USUAL_TAG, LONGEST_TAG - USUAL_TAG);
    return to + tag->length;
}

/* A number in `count` digits. */
static inline void put_digits(char *to, uint64_t value, int count) {
    static const char pairs[] =
        "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849"
        "5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";
    for (; count > 1; value /= 100) memcpy(to + (count -= 2), pairs + 2 * (value % 100), 2);
    if (count) *to = (char)('0' + value % 10);
}

static inline char *put_number(char *to, uint64_t value) {
    int count = 1;
    for (uint64_t bound = 10; count < 20 && value >= bound; bound *= 10) count++;
    put_digits(to, value, count);
    return to + count;
}

/* A whole number, or öre as kronor the shortest way: 103050 is 1030.5. There must be room for 24 bytes. */
static inline char *put_value(char *to, int64_t value, int kind) {
    uint64_t size = value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
    if (value < 0) *to++ = '-';
    if (kind == WHOLE) return put_number(to, size);
    to = put_number(to, size / 100);
    uint64_t part = size % 100;
    if (!part) return to;
    *to = '.';
    put_digits(to + 1, part, 2);
    return to + (part % 10 ? 3 : 2);
}

/* The text of a row's code; NULL where it has none. */
static const char *text_of(const Column *column, Py_ssize_t place, size_t *length) {
    int32_t code = code_at(&column->values, place);
    Py_ssize_t codes = column->offsets.len / (Py_ssize_t)sizeof(int64_t) - 1;
    if (code < 0 || code >= codes) return NULL;
    int64_t start = number_at(&column->offsets, code), end = number_at(&column->offsets, code + 1);
    if (start < 0 || end < start || end > column->texts.len) return NULL;
    *length = (size_t)(end - start);
    return (const char *)column->texts.buf + start;
}

/* The cells of a run. number: the row's. */
static void put_cells(Job *job, const Run *run, const char *number, size_t digits) {
    Output *out = &job->out;
    Py_ssize_t place = job->place;
    for (Py_ssize_t i = 0; i < run->count; i++) {
        const Column *column = &job->columns[run->place + i];
        size_t length = 0;
        int shown = !column->shown.buf || ((const char *)column->shown.buf)[place];
        const char *text = shown && column->kind == CODED ? text_of(column, place, &length) : NULL;
        if (!output_room(out, length + 6 * LONGEST_TAG)) return;
        char *to = out->start + out->length;
        if (!i) to = put_tag(to, &run->first);
        memcpy(to, number, ROW_DIGITS);
        to += digits;
        if (text) {
            to = put_tag(to, &column->style);
            memcpy(to, text, length);
            to = put_tag(to + length, &column->next);
        } else if (shown && column->kind != CODED) {
            to = put_value(put_tag(to, &column->number), number_at(&column->values, place), column->kind);
            to = put_tag(to, &column->number_end);
        } else to = put_tag(to, &column->blank);
        out->length = (size_t)(to - out->start);
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

/* The column, from 0, that the cell at `at` names, or -1. number: set to what follows its letters. */
static long long column_of(const Job *job, const char *at, const char *end, const char **number) {
    size_t begin = job->cell.length;
    if (!starts_with(at, end, job->cell.bytes, begin) || (size_t)(end - at) < begin + 4) return -1;
    long long column = 0;
    int count = 0;
    for (at += begin; count < 4 && at[count] >= 'A' && at[count] <= 'Z'; count++)
        column = column * 26 + (at[count] - 'A' + 1);
    *number = at + count;
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
        char *to = job->out.start + job->out.length;
        to = put_number(to, (uint64_t)(spanned > job->right + 1 ? spanned : job->right + 1));
        job->out.length = (size_t)(to - job->out.start);
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
    const char *old = NULL;
    for (const char *at = start; (at = find_word(at, close, first, begin + digits + 1, begin - 1)); at++) old = at;
    if (!old || find_word(old, close, job->formula.bytes, job->formula.length, job->formula.length - 1)) return NULL;
    return old;
}

static int is_white(char sign) { return is_space(sign) || sign == '\f' || sign == '\v'; }
static int ends_name(char sign) { return is_white(sign) || sign == '/' || sign == '>'; }

/* The end of the tag that `at` stands in, not in a value; NULL where its values hold signs of tags or other quotes. */
static const char *end_of_tag(const char *at, const char *end) {
    int quoted = 0;
    for (; at < end && *at != '<' && *at != '\''; at++) {
        if (*at == '"') quoted = !quoted;
        else if (*at == '>') return quoted ? NULL : at + 1;
    }
    return NULL;
}

/* Whether the element at `at` is a formula, with a prefix or without. */
static int is_formula(const char *at, const char *end) {
    const char *name = ++at;
    while (at < end && !ends_name(*at)) at++;
    return at > name && at[-1] == 'f' && (at - 1 == name || at[-2] == ':');
}

/* The end of a cell, of which `at` stands in the tag; NULL where it has a form, or holds what, is not handled. */
static const char *end_of_cell(const Job *job, const char *at, const char *close, int replaced) {
    const Tag *end = &job->cell_end, *cell = &job->cell;
    size_t name = cell->length - 4;  /* without ` r="` */
    at = end_of_tag(at, close);
    if (!at || at[-2] == '/') return at;
    while ((at = memchr(at, '<', (size_t)(close - at)))) {
        if (starts_with(at, close, end->bytes, end->length)) return at + end->length;
        /* A cell in a cell, or one that ends otherwise. */
        if (starts_with(at, close, cell->bytes, name) && at + name < close && ends_name(at[name])) return NULL;
        if (starts_with(at, close, end->bytes, name + 1) && at + name + 1 < close && is_white(at[name + 1])) return NULL;
        if (replaced && is_formula(at, close)) return NULL;
        at++;
    }
    return NULL;
}

/* A cell of a row, the row's bytes from there on, and its number with the quote after it. */
typedef struct {
    const Job *job;
    const char *at, *close, *number;
    size_t digits;
    int64_t column;  /* NO_COLUMN at the row's end */
    const char *rest;  /* what follows the cell's reference */
} Walk;

/* Looks at the cell where the last one ended. Returns 0 to decline: something else, another row, or not in order. */
static int look(Walk *walk) {
    int64_t before = walk->column;
    const char *number = NULL;
    if (walk->at == walk->close) {
        walk->column = NO_COLUMN;
        return 1;
    }
    walk->column = column_of(walk->job, walk->at, walk->close, &number);
    if (walk->column <= before || !starts_with(number, walk->close, walk->number, walk->digits + 1)) return 0;
    walk->rest = number + walk->digits + 1;
    return 1;
}

/* Goes to the first cell in a column or right of it, or to the row's end. Returns 0 to decline. */
static int walk_to(Walk *walk, int64_t column, int replaced) {
    while (walk->column < column) {
        const char *end = end_of_cell(walk->job, walk->rest, walk->close, replaced);
        if (!end) return 0;
        walk->at = end;
        if (!look(walk)) return 0;
    }
    return 1;
}

/* Whether a row's tag says what the row spans, if it does, in the form that `put_widened` knows. */
static int usual_spans(const char *tag, const char *end) {
    for (const char *at = tag; (at = find_word(at, end, "spans", 5, 1)); at++)
        if (at[-1] != ' ' || !starts_with(at + 5, end, "=\"", 2)) return 0;
    return 1;
}

/* Whether something in a row could begin another one, or end this one in another form. */
static int holds_row(const Job *job, const char *at, const char *close) {
    const char *name = job->row.bytes + 1;
    size_t length = job->row.length - 5;  /* without < and ` r="` */
    for (; (at = find_word(at, close, name, length, length - 1)); at++)
        if (at[-1] == '<' || (at[-1] == '/' && at[-2] == '<')) return 1;
    return 0;
}

/* A row in which every run is replaced where it stands, if the row gets cells. quote: the one after its number.
   Returns 0 to decline. */
static int put_among(Job *job, const char *start, const char *quote, const char *close, int due) {
    const char *number = start + job->row.length, *cells = end_of_tag(quote + 1, close);
    if (!cells || cells[-2] == '/' || holds_row(job, cells, close)) return 0;
    if (!due) {
        output_bytes(&job->out, start, (size_t)(close - start));
        return 1;
    }
    if (!usual_spans(quote, cells) || !put_widened(job, start, cells)) return 0;
    char digits[ROW_DIGITS] = {0};
    Walk walk = {job, cells, close, number, (size_t)(quote - number), -1, NULL};
    memcpy(digits, number, walk.digits);
    if (!look(&walk)) return 0;
    for (Py_ssize_t i = 0; i < job->run_count; i++) {
        const Run *run = &job->runs[i];
        const char *kept = walk.at;
        if (!walk_to(&walk, run->left, 0) || walk.column != run->left) return 0;
        output_bytes(&job->out, kept, (size_t)(walk.at - kept));
        if (!walk_to(&walk, run->right + 1, 1)) return 0;
        put_cells(job, run, digits, walk.digits);
    }
    const char *kept = walk.at;
    if (!walk_to(&walk, NO_COLUMN, 0)) return 0;
    output_bytes(&job->out, kept, (size_t)(close - kept));
    job->place++;
    return 1;
}

/* One row, from its tag up to its end tag. Returns 0 to decline. */
static int put_row(Job *job, const char *start, const char *close) {
    const char *number = start + job->row.length;
    long long row = 0;
    const char *quote = read_number(number, close, LAST_ROW, &row);
    if (!quote || quote == close || *quote != '"') return 0;
    if (job->last_row ? row != job->last_row + 1 : row < job->after) return 0;
    job->last_row = row;
    Py_ssize_t count = job->numbers.len / (Py_ssize_t)sizeof(int64_t);
    int64_t due = job->place < count ? number_at(&job->numbers, job->place) : INT64_MAX;
    if (due < row) return 0;
    if (job->run_count > 1) return put_among(job, start, quote, close, due == row);
    const char *last = find_last(quote, close, job->cell.bytes, job->cell.length - 4), *after = NULL;
    long long column = last ? column_of(job, last, close, &after) : -1;
    if (column < 0) return 0;
    if (column >= job->left && !job->refresh) return 0;
    if (due != row) {
        output_bytes(&job->out, start, (size_t)(close - start));
        return 1;
    }
    const char *end = close;
    if (column > job->right) return job->refresh ? put_among(job, start, quote, close, 1) : 0;
    if (column >= job->left && !(end = begin_of_old(job, quote, close, number, (size_t)(quote - number)))) return 0;
    if (!put_widened(job, start, end)) return 0;
    char digits[ROW_DIGITS] = {0};
    memcpy(digits, number, (size_t)(quote - number));
    put_cells(job, job->runs, digits, (size_t)(quote - number));
    job->place++;
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
        while (next < end && is_white(*next)) next++;
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

/* The tags that rows and cells are made of. Returns 0 with an error set when the prefix is too long. */
static int make_tags(Job *job) {
    char letters[8];
    int place = (int)sizeof letters - 1;
    letters[place] = 0;
    if (job->prefix.len > LONGEST_PREFIX) {
        PyErr_SetString(PyExc_ValueError, "too long a prefix");
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

static void add_tag(Tag *tag, const Tag *more) {
    memcpy(tag->bytes + tag->length, more->bytes, more->length);
    tag->length += more->length;
}

static void copy_tag(Tag *tag, const Py_buffer *part) {
    if (part->len) memcpy(tag->bytes, part->buf, (size_t)part->len);
    tag->length = (size_t)part->len;
}

/* Take one column's buffers. Returns 0 with an error set when it is not as long as there are rows. */
static int take_column(Column *column, PyObject *given, Py_ssize_t rows) {
    if (!PyArg_ParseTuple(given, "iy*y*y*z*y*y*", &column->kind, &column->before, &column->after, &column->values,
                          &column->shown, &column->texts, &column->offsets))
        return 0;
    Py_ssize_t width = column->kind == CODED ? (Py_ssize_t)sizeof(int32_t) : (Py_ssize_t)sizeof(int64_t);
    if (column->values.len < rows * width || (column->shown.buf && column->shown.len < rows) ||
        column->before.len > LONGEST_PART || column->after.len > LONGEST_PART) {
        PyErr_SetString(PyExc_ValueError, "a column is shorter than the rows, or its tags are too long");
        return 0;
    }
    return 1;
}

/* Take the runs of columns, from left to right. Returns 0 with an error set. */
static int take_runs(Job *job, PyObject *runs) {
    Py_ssize_t count = PyTuple_Size(runs), place = 0;
    job->runs = PyMem_Calloc((size_t)count + 1, sizeof(Run));
    if (!job->runs) {
        PyErr_NoMemory();
        return 0;
    }
    for (long long before = -1; job->run_count < count; job->run_count++) {
        Run *run = &job->runs[job->run_count];
        if (!PyArg_ParseTuple(PyTuple_GetItem(runs, job->run_count), "LLn", &run->left, &run->right, &run->count))
            return 0;
        if (run->left <= before || run->right < run->left || run->right >= LAST_COLUMN || run->count < 1 ||
            run->count > LAST_COLUMN) {
            PyErr_SetString(PyExc_ValueError, "runs that are not in order, or beyond what a sheet has");
            return 0;
        }
        run->place = place;
        place += run->count;
        before = run->right;
    }
    if (!count) {
        PyErr_SetString(PyExc_ValueError, "no runs of columns");
        return 0;
    }
    job->left = job->runs[0].left;
    job->right = job->runs[count - 1].right;
    return 1;
}

/* Make what stands between the cells of a run. */
static void join_columns(Job *job, Run *run) {
    static const Tag empty = {"/>", 2};
    copy_tag(&run->first, &job->columns[run->place].before);
    for (Py_ssize_t i = 0; i < run->count; i++) {
        Column *column = &job->columns[run->place + i];
        copy_tag(&column->style, &column->after);
        if (i + 1 < run->count) copy_tag(&column->next, &column[1].before);
        add_tag(&column->number, &column->style);
        add_tag(&column->number, &job->value);
        add_tag(&column->number_end, &job->value_end);
        add_tag(&column->number_end, &column->next);
        add_tag(&column->blank, &column->style);
        add_tag(&column->blank, &empty);
        add_tag(&column->blank, &column->next);
    }
}

/* Take the columns of all runs, from left to right. Returns 0 with an error set. */
static int take_columns(Job *job, PyObject *columns) {
    Py_ssize_t rows = job->numbers.len / (Py_ssize_t)sizeof(int64_t), count = PyTuple_Size(columns);
    job->columns = PyMem_Calloc((size_t)count + 1, sizeof(Column));
    if (!job->columns) {
        PyErr_NoMemory();
        return 0;
    }
    while (job->column_count < count) {
        Py_ssize_t place = job->column_count++;
        if (!take_column(&job->columns[place], PyTuple_GetItem(columns, place), rows)) return 0;
    }
    const Run *last = &job->runs[job->run_count - 1];
    if (count != last->place + last->count) {
        PyErr_SetString(PyExc_ValueError, "not as many columns as the runs have");
        return 0;
    }
    for (Py_ssize_t i = 0; i < job->run_count; i++) join_columns(job, &job->runs[i]);
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
    PyMem_Free(job->runs);
    PyBuffer_Release(&job->rows);
    PyBuffer_Release(&job->prefix);
    PyBuffer_Release(&job->numbers);
    free(job->out.start);
}

/* splice(rows, prefix, after, numbers, place, runs, refresh, columns) -> (bytes, last row) or None

   runs: (left, right, how many columns) of each; several are only taken where all their cells are replaced. */
PyObject *kernel_splice(PyObject *module, PyObject *arguments) {
    Job job = {0};
    PyObject *runs, *columns, *made = NULL;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "y*y*Ly*nO!pO!", &job.rows, &job.prefix, &job.after, &job.numbers, &job.place,
                          &PyTuple_Type, &runs, &job.refresh, &PyTuple_Type, &columns))
        return NULL;
    if (job.place < 0) PyErr_SetString(PyExc_ValueError, "a place before the first row");
    else if (take_runs(&job, runs) && make_tags(&job) && take_columns(&job, columns)) {
        int done;
        Py_BEGIN_ALLOW_THREADS
        output_room(&job.out, (size_t)job.rows.len * 3 + 4096);
        done = (job.run_count == 1 || job.refresh) && put_rows(&job);
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
