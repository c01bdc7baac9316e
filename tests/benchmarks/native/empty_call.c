// SPDX-License-Identifier: GPL-3.0-or-later
// What CPython allows: a Python function called from C with three ready arguments, nothing else. A module, `empty_call.run(callable, a, b,
// c, count)` returns nanoseconds per call; `fresh` instead makes one new object of a's class for each call, as a callback needs at least.
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <time.h>

static double now_ns(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return (double)at.tv_sec * 1e9 + (double)at.tv_nsec;
}

static PyObject* run_calls(PyObject* arguments, int fresh) {
  PyObject *callable, *a, *b, *c;
  long count;
  if (!PyArg_ParseTuple(arguments, "OOOOl", &callable, &a, &b, &c, &count)) return NULL;
  const double start = now_ns();
  for (long i = 0; i < count; i++) {
    PyObject* made = fresh ? PyObject_CallNoArgs((PyObject*)Py_TYPE(a)) : Py_NewRef(a);
    if (!made) return NULL;
    PyObject* stack[4] = {NULL, made, b, c};
    PyObject* answer = PyObject_Vectorcall(callable, stack + 1, 3 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
    Py_DECREF(made);
    if (!answer) return NULL;
    Py_DECREF(answer);
  }
  return PyFloat_FromDouble((now_ns() - start) / (double)count);
}

static PyObject* run(PyObject* self, PyObject* arguments) {
  (void)self;
  return run_calls(arguments, 0);
}

static PyObject* fresh(PyObject* self, PyObject* arguments) {
  (void)self;
  return run_calls(arguments, 1);
}

static PyMethodDef methods[] = {{"run", run, METH_VARARGS, NULL}, {"fresh", fresh, METH_VARARGS, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "empty_call", NULL, -1, methods, NULL, NULL, NULL, NULL};
PyMODINIT_FUNC PyInit_empty_call(void) { return PyModule_Create(&definition); }
