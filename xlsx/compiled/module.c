/* The module xlsx.compiled._kernels. */

#include "kernels.h"

static PyMethodDef functions[] = {
    {"extent", kernel_extent, METH_VARARGS, "How far the cells of a sheet reach."},
    {"splice", kernel_splice, METH_VARARGS, "New cells into rows; None for rows of a form that is not handled."},
    {"shared_strings", kernel_shared_strings, METH_VARARGS, "The shared texts; None where one is more than a text."},
    {NULL, NULL, 0, NULL},
};

/* As in __init__.py: what is asked and answered. */
#define FORM 3

static int fill(PyObject *module) {
    return add_reader(module) < 0 ? -1 : PyModule_AddIntConstant(module, "FORM", FORM);
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, fill}, {0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_kernels", "Compiled kernels of bulk recalculation.", 0, functions, slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__kernels(void) { return PyModuleDef_Init(&definition); }
