/* Texts of a workbook: XML as UTF-8 made into texts, and the table of shared ones. */

#include "kernels.h"

/* The sign that a numeric entity names, as UTF-8; 0 to decline. */
static int put_reference(Output *out, const char *at, const char *end) {
    int hexadecimal = at < end && *at == 'x';
    uint32_t code = 0;
    if (hexadecimal) at++;
    if (at == end || end - at > 7) return 0;
    for (; at < end; at++) {
        int letter = hexadecimal && ((*at >= 'a' && *at <= 'f') || (*at >= 'A' && *at <= 'F'));
        if (!is_digit(*at) && !letter) return 0;
        code = code * (hexadecimal ? 16 : 10) + (uint32_t)(letter ? (*at | 32) - 'a' + 10 : *at - '0');
    }
    if ((code < 32 && code != '\t' && code != '\n') || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000) || code == 0xFFFE || code == 0xFFFF) return 0;
    char bytes[4];
    size_t length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char first[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = length - 1; i; i--, code >>= 6) bytes[i] = (char)(0x80 | (code & 0x3F));
    bytes[0] = (char)(first[length] | code);
    output_bytes(out, bytes, length);
    return 1;
}

/* Add a text to the output. Returns 0 to decline what readers may take differently. */
int put_text(Output *out, const char *at, const char *end) {
    static const struct { const char *name; size_t length; char sign; } named[] = {
        {"amp", 3, '&'}, {"lt", 2, '<'}, {"gt", 2, '>'}, {"quot", 4, '"'}, {"apos", 4, '\''},
    };
    if (find_word(at, end, "_x", 2, 0) || memchr(at, '\r', (size_t)(end - at))) return 0;
    while (at < end) {
        const char *ampersand = memchr(at, '&', (size_t)(end - at));
        if (!ampersand) ampersand = end;
        output_bytes(out, at, (size_t)(ampersand - at));
        if (ampersand == end) break;
        const char *name = ampersand + 1, *semicolon = memchr(name, ';', (size_t)(end - name));
        if (!semicolon) return 0;
        size_t length = (size_t)(semicolon - name), n = 0, count = sizeof named / sizeof *named;
        if (length && *name == '#') {
            if (!put_reference(out, name + 1, semicolon)) return 0;
        } else {
            while (n < count && (named[n].length != length || memcmp(name, named[n].name, length))) n++;
            if (n == count) return 0;
            output_bytes(out, &named[n].sign, 1);
        }
        at = semicolon + 1;
    }
    return 1;
}

/* The place after `<t>` or `<t xml:space="preserve">` with a prefix, or NULL. */
static const char *after_text_tag(const char *at, const char *end, const char *prefix, size_t length, int *kept) {
    static const char spaced[] = " xml:space=\"preserve\"";
    if (at >= end || *at++ != '<' || !starts_with(at, end, prefix, length)) return NULL;
    at += length;
    if (at >= end || *at++ != 't') return NULL;
    *kept = starts_with(at, end, spaced, sizeof spaced - 1);
    if (*kept) at += sizeof spaced - 1;
    return at < end && *at == '>' ? at + 1 : NULL;
}

/* Whether white space, which is not kept without being asked for, may stand first or last. */
static int has_edges(const char *at, const char *end) {
    /* The first bytes of all white space beyond ASCII; few other signs of European languages share them. */
    static const char leading[] = "\xC2\xE1\xE2\xE3";
    if (at == end) return 0;
    const char *last = end - 1;
    while (last > at && (*last & 0xC0) == 0x80) last--;
    return (unsigned char)*at <= ' ' || (unsigned char)*last <= ' ' || memchr(leading, *at, 4) || memchr(leading, *last, 4);
}

/* A text element, with its tags, added to the output. Returns the place after it, or NULL to decline. */
const char *put_text_element(Output *out, const char *at, const char *end, const char *prefix, size_t length) {
    int kept = 0;
    if (!(at = after_text_tag(at, end, prefix, length, &kept))) return NULL;
    const char *close = memchr(at, '<', (size_t)(end - at));
    if (!close || (!kept && has_edges(at, close)) || !put_text(out, at, close)) return NULL;
    if (!kept && find_word(at, close, "&#", 2, 1)) return NULL; /* which may be white space too */
    if (end - close < 2 || close[1] != '/' || !starts_with(close + 2, end, prefix, length)) return NULL;
    close += 2 + length;
    return starts_with(close, end, "t>", 2) ? close + 2 : NULL;
}

/* shared_strings(content, prefix) -> list of texts, or None when one is more than a plain text */
PyObject *kernel_shared_strings(PyObject *module, PyObject *arguments) {
    Py_buffer content, prefix;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "y*y*", &content, &prefix)) return NULL;
    const char *at = content.buf, *end = at + content.len, *name = prefix.buf;
    size_t length = (size_t)prefix.len;
    PyObject *texts = PyList_New(0);
    Output text = {0};
    int fine = 0;
    while (texts) {
        at = skip_space(at, end);
        if (at == end || *at++ != '<') break;
        if (at < end && *at == '/') {
            at++;
            fine = starts_with(at, end, name, length) && starts_with(at + length, end, "sst", 3);
            break;
        }
        if (!starts_with(at, end, name, length) || !starts_with(at + length, end, "si>", 3)) break;
        text.length = 0;
        if (!(at = put_text_element(&text, at + length + 3, end, name, length))) break;
        if (!starts_with(at, end, "</", 2) || !starts_with(at + 2, end, name, length) ||
            !starts_with(at + 2 + length, end, "si>", 3))
            break;
        at += length + 5;
        const char *start = text.start ? text.start : "";
        PyObject *made = text.failed ? PyErr_NoMemory() : PyUnicode_DecodeUTF8(start, (Py_ssize_t)text.length, NULL);
        if (!made || PyList_Append(texts, made) < 0) {
            if (PyErr_ExceptionMatches(PyExc_UnicodeDecodeError)) PyErr_Clear();
            Py_XDECREF(made);
            break;
        }
        Py_DECREF(made);
    }
    free(text.start);
    PyBuffer_Release(&content);
    PyBuffer_Release(&prefix);
    if (PyErr_Occurred() || !texts) {
        Py_XDECREF(texts);
        return NULL;
    }
    if (fine) return texts;
    Py_DECREF(texts);
    Py_INCREF(Py_None);
    return Py_None;
}
