// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/callback.h"

#include "base/clock.h"
#include "base/debug.h"
#include "base/log.h"

namespace py = pybind11;

namespace c104::bindings {
namespace {

constexpr auto logger = "c104.callback";

std::string name_of(PyObject* object) {
  try {
    return py::str(py::getattr(object, "__qualname__", py::repr(object))).cast<std::string>();
  } catch (py::error_already_set&) {
    return "callback";
  }
}

// "ValueError: text" of the error that is set; it stays set.
std::string describe_error() {
  py::error_already_set error;  // takes it
  std::string text = py::str(py::getattr(error.type(), "__name__", py::str("error"))).cast<std::string>();
  try {
    const auto message = py::str(error.value()).cast<std::string>();
    if (!message.empty()) text += ": " + message;
  } catch (py::error_already_set&) {
    text += ": (its __str__ raises)";
  }
  error.restore();
  return text;
}

}  // namespace

std::shared_ptr<const PyCallback> PyCallback::make(const Signature& signature, const py::object& callable) {
  if (callable.is_none()) return nullptr;
  check_signature(signature, callable);
  std::shared_ptr<const PyCallback> made(new PyCallback(signature, callable.inc_ref().ptr()));
  debug(DebugPart::callback, [&] { return made->title() + " is now " + name_of(made->callable_); });
  return made;
}

std::string PyCallback::title() const {
  // The first parameter is the owner.
  return std::string(signature_.parameters.front().type).substr(sizeof "c104." - 1) + "." + signature_.name;
}

bool PyCallback::ready() const {
  if (PyGILState_Check() == 1) return true;
  log(LogLevel::error, logger, std::string(signature_.name) + " was called outside of the interpreter; a fault of c104");
  return false;
}

py::object PyCallback::call(const py::object* arguments, std::size_t count) const {
  constexpr std::size_t most = 4;
  std::array<PyObject*, most + 1> stack{};  // its first place is lent to bound methods, for self
  for (std::size_t i = 0; i < count; ++i) stack[i + 1] = arguments[i].ptr();
  const bool timed = debugging(DebugPart::callback);
  const auto began = timed ? Monotonic::now() : Monotonic::time_point{};
  PyObject* answer = standing_still_at_exit(
      [&] { return PyObject_Vectorcall(callable_, stack.data() + 1, count | PY_VECTORCALL_ARGUMENTS_OFFSET, nullptr); });
  if (timed) [[unlikely]] {
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(Monotonic::now() - began).count();
    log(LogLevel::debug, logger, title() + " ran " + std::to_string(us) + " us" + (answer == nullptr ? " and raised" : ""));
  }
  if (answer == nullptr) report_error();
  return py::reinterpret_steal<py::object>(answer);
}

void PyCallback::report_error() const {
  standing_still_at_exit([this] {
    log(LogLevel::error, logger, std::string(signature_.name) + ": " + name_of(callable_) + " raised " + describe_error());
    PyErr_WriteUnraisable(callable_);
  });
}

void PyCallback::report_error(const std::exception& error) const {
  PyErr_SetString(PyExc_RuntimeError, error.what());
  report_error();
}

void PyCallback::report_answer(const py::object& answer) const {
  PyErr_Format(PyExc_TypeError, "%s callback must return %s, not %s", signature_.name, signature_.returns,
               Py_TYPE(answer.ptr())->tp_name);
  report_error();
}

}  // namespace c104::bindings
