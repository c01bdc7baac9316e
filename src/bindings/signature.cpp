// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/signature.h"

#include <map>
#include <optional>
#include <string_view>

namespace py = pybind11;

namespace c104::bindings {
namespace {

PyObject* type_module = nullptr;

// "c104.Client" -> ("c104", "Client"), "int" -> ("", "int")
std::pair<std::string, std::string> split(std::string_view type) {
  const auto dot = type.rfind('.');
  if (dot == std::string_view::npos) return {"", std::string(type)};
  return {std::string(type.substr(0, dot)), std::string(type.substr(dot + 1))};
}

py::object expected_type(const char* type) {
  const auto [module, name] = split(type);
  if (name == "None") return py::none();
  if (module == "c104") return py::reinterpret_borrow<py::object>(type_module).attr(name.c_str());
  return py::module_::import(module.empty() ? "builtins" : module.c_str()).attr(name.c_str());
}

std::optional<std::string> as_text(const py::handle& annotation) {
  if (py::isinstance<py::str>(annotation)) return annotation.cast<std::string>();
  // typing.ForwardRef, annotationlib.ForwardRef (Python 3.14)
  if (py::hasattr(annotation, "__forward_arg__")) return annotation.attr("__forward_arg__").cast<std::string>();
  return std::nullopt;
}

// The function in which the annotations were written, through bound methods, partials, wrappers and callable objects.
py::object innermost(py::object callable) {
  const py::object partial = py::module_::import("functools").attr("partial");
  for (int depth = 0; depth < 100; ++depth) {
    if (py::hasattr(callable, "__wrapped__")) {
      callable = callable.attr("__wrapped__");
    } else if (py::isinstance(callable, partial)) {
      callable = callable.attr("func");
    } else if (PyMethod_Check(callable.ptr())) {
      callable = callable.attr("__func__");
    } else if (!py::hasattr(callable, "__globals__") && !PyType_Check(callable.ptr()) &&
               py::hasattr(py::type::of(callable).attr("__call__"), "__globals__")) {
      callable = py::type::of(callable).attr("__call__");
    } else {
      break;
    }
  }
  return callable;
}

// Decides whether annotations stand for expected types.
class Annotations {
 public:
  explicit Annotations(const py::object& callable) : function_(innermost(callable)) {}

  bool fits(py::object annotation, const char* type) const {
    const py::object expected = expected_type(type);
    for (int depth = 0; depth < 4; ++depth) {  // a string in a string: quoted, below `from __future__ import annotations`
      const auto text = as_text(annotation);
      if (!text) break;
      const auto value = evaluate(*text);
      // Names that only a type checker sees (`if TYPE_CHECKING:`) or that are local to a function: the text has to do.
      if (!value) return *text == type || *text == split(type).second;
      annotation = *value;
    }
    if (annotation.is(expected)) return true;
    return expected.is_none() && annotation.is(py::type::of(py::none()));
  }

 private:
  std::optional<py::object> evaluate(const std::string& text) const {
    try {
      const py::dict globals = py::getattr(function_, "__globals__", py::dict());
      PyObject* value = PyRun_String(text.c_str(), Py_eval_input, globals.ptr(), py::dict().ptr());
      if (value == nullptr) throw py::error_already_set();
      return py::reinterpret_steal<py::object>(value);
    } catch (py::error_already_set&) {
      return std::nullopt;
    }
  }

  py::object function_;
};

py::object inspect_signature(const py::object& callable) {
  const py::object signature = py::module_::import("inspect").attr("signature");
#if PY_VERSION_HEX >= 0x030E0000
  // Annotations are evaluated when asked for; names that can't be found must not fail here.
  return signature(callable,
                   py::arg("annotation_format") = py::module_::import("annotationlib").attr("Format").attr("FORWARDREF"));
#else
  return signature(callable);
#endif
}

bool is_coroutine_function(const py::object& callable) {
  const auto inspect = py::module_::import("inspect");
  const auto is = [&](const py::object& f) {
    return inspect.attr("iscoroutinefunction")(f).cast<bool>() || inspect.attr("isasyncgenfunction")(f).cast<bool>();
  };
  return is(callable) || is(innermost(callable));
}

[[noreturn]] void refuse(const Signature& expected, const std::string& got, const std::string& why) {
  throw py::value_error("Invalid callback signature for " + std::string(expected.name) + ", expected:\n    " +
                        definition(expected) + "\ngot:\n    " + got + "\n" + why);
}

// The function that was last found to fit a signature, weakly held: one function is often given to thousands of points.
class Accepted {
 public:
  // Functions and bound methods only; null for others.
  static PyObject* key(const py::object& callable) {
    PyObject* function = PyMethod_Check(callable.ptr()) ? PyMethod_GET_FUNCTION(callable.ptr()) : callable.ptr();
    return PyFunction_Check(function) ? function : nullptr;
  }
  static bool has(const Signature& signature, const py::object& callable) {
    PyObject* function = key(callable);
    const auto found = table().find({&signature, PyMethod_Check(callable.ptr()) != 0});
    return function != nullptr && found != table().end() && found->second().ptr() == function;
  }
  static void add(const Signature& signature, const py::object& callable) {
    if (PyObject* function = key(callable)) {
      table().insert_or_assign({&signature, PyMethod_Check(callable.ptr()) != 0}, py::weakref(function));
    }
  }

 private:
  using Table = std::map<std::pair<const Signature*, bool>, py::weakref>;
  static Table& table() {
    static Table& one = *new Table;  // guarded by the GIL
    return one;
  }
};

// Empty: fits.
std::string difference(const Signature& expected, const py::object& signature, const Annotations& annotations) {
  const py::object empty = signature.attr("empty");
  std::size_t index = 0;
  for (const py::handle parameter : signature.attr("parameters").attr("values")()) {
    if (!py::object(parameter.attr("default")).is(empty)) continue;
    const auto name = parameter.attr("name").cast<std::string>();
    const auto kind = parameter.attr("kind").attr("name").cast<std::string>();
    if (kind == "VAR_POSITIONAL" || kind == "VAR_KEYWORD") return "*" + name + " stands for parameters of any name: name them";
    if (kind == "KEYWORD_ONLY") return "'" + name + "' can be given by keyword only; callbacks are called by position";
    if (index == expected.parameters.size()) return "'" + name + "' is one parameter too many";
    const Parameter& wanted = expected.parameters[index++];
    const std::string place = "parameter " + std::to_string(index) + " ";
    if (name != wanted.name) return place + "is named '" + name + "', not '" + wanted.name + "'";
    const py::object annotation = parameter.attr("annotation");
    if (annotation.is(empty)) return place + "'" + name + "' has no annotation";
    if (!annotations.fits(annotation, wanted.type)) return place + "'" + name + "' isn't annotated with " + wanted.type;
  }
  if (index < expected.parameters.size()) return std::string("'") + expected.parameters[index].name + "' is missing";
  const py::object returns = signature.attr("return_annotation");
  if (returns.is(empty)) return std::string("the return annotation is missing: -> ") + expected.returns;
  if (!annotations.fits(returns, expected.returns)) return std::string("the return annotation isn't ") + expected.returns;
  return "";
}

}  // namespace

void set_type_module(const py::module_& module) { type_module = module.ptr(); }

std::string definition(const Signature& signature) {
  std::string text = "def callback(";
  const char* separator = "";
  for (const Parameter& parameter : signature.parameters) {
    text += std::string(separator) + parameter.name + ": " + parameter.type;
    separator = ", ";
  }
  return text + ") -> " + signature.returns + ": ...";
}

void check_signature(const Signature& expected, const py::object& callable) {
  if (PyCallable_Check(callable.ptr()) == 0) {
    throw py::type_error(std::string(expected.name) + ": " + py::repr(callable).cast<std::string>() + " is not callable");
  }
  if (Accepted::has(expected, callable)) return;
  py::object signature;
  try {
    signature = inspect_signature(callable);
  } catch (py::error_already_set& error) {
    if (!error.matches(PyExc_ValueError) && !error.matches(PyExc_TypeError)) throw;
    refuse(expected, py::repr(callable).cast<std::string>(), "its signature can't be found out");
  }
  const auto got = py::str(signature).cast<std::string>();
  if (is_coroutine_function(callable)) {
    refuse(expected, "async def callback" + got,
           "a coroutine function can't be a callback: it is called from a worker thread, where nothing awaits it");
  }
  const std::string why = difference(expected, signature, Annotations(callable));
  if (!why.empty()) refuse(expected, "def callback" + got, why);
  Accepted::add(expected, callable);
}

}  // namespace c104::bindings
