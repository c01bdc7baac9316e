// SPDX-License-Identifier: GPL-3.0-or-later
// The one way from C++ into the user's Python code: a callable in a slot of the session. Errors end here: they are reported through
// sys.unraisablehook and the log, the session gets a refusing answer, and the callback stays.
#pragma once

#include <pybind11/pybind11.h>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/enums.h"
#include "bindings/argument.h"
#include "bindings/gil.h"
#include "bindings/runtime.h"
#include "bindings/signature.h"
#include "session/callback.h"

namespace c104::bindings {

class PyCallback {
 public:
  // Null for None. Throws what check_signature() throws.
  static std::shared_ptr<const PyCallback> make(const Signature& signature, const pybind11::object& callable);
  // On any thread, also below a mutex: the callable is given up later.
  ~PyCallback() { bury(callable_); }
  PyCallback(const PyCallback&) = delete;
  PyCallback& operator=(const PyCallback&) = delete;

  // All with the GIL. Null: it raised, and that was reported.
  pybind11::object call(const pybind11::object* arguments, std::size_t count) const;
  void report_error() const;  // the error that is set in the interpreter
  void report_error(const std::exception& error) const;
  void report_answer(const pybind11::object& answer) const;  // of a wrong type
  bool ready() const;  // we have the GIL
  std::string title() const;  // "Point.on_receive"

 private:
  PyCallback(const Signature& signature, PyObject* callable) : signature_(signature), callable_(callable) {}

  const Signature& signature_;
  PyObject* const callable_;
};

// What a callback answers; `refusal` when it fails.
template <class R>
struct Answer;
template <>
struct Answer<bool> {
  static constexpr bool refusal = false;
  static std::optional<bool> read(const pybind11::object& answer) {
    if (!PyBool_Check(answer.ptr())) return std::nullopt;
    return answer.ptr() == Py_True;
  }
};
template <>
struct Answer<ResponseState> {
  static constexpr ResponseState refusal = ResponseState::FAILURE;
  static std::optional<ResponseState> read(const pybind11::object& answer) {
    if (!pybind11::isinstance<ResponseState>(answer)) return std::nullopt;
    return answer.cast<ResponseState>();
  }
};

// Puts `callable`, or nothing for None, into the slot. `convert` makes the Python arguments, an std::array<py::object, N>, from the
// slot's. The signature must live on.
template <class R, class... Given, class Convert>
std::function<R(Given...)> as_function(const Signature& signature, const pybind11::object& callable, Convert convert) {
  auto callback = PyCallback::make(signature, callable);
  if (!callback) return nullptr;
  return [callback = std::move(callback), convert](Given... given) -> R {
    if (callback->ready()) {
      try {
        const auto arguments = convert(given...);
        const pybind11::object answer = callback->call(arguments.data(), arguments.size());
        if constexpr (std::is_void_v<R>) {
          if (answer && !answer.is_none()) callback->report_answer(answer);
        } else if (answer) {
          if (const auto value = Answer<R>::read(answer)) return *value;
          callback->report_answer(answer);
        }
      } catch (pybind11::error_already_set& error) {
        error.restore();
        callback->report_error();
      } catch (const std::exception& error) {
        callback->report_error(error);
      }
    }
    if constexpr (!std::is_void_v<R>) return Answer<R>::refusal;
  };
}

template <class R, class... Given, class Convert>
void fill(Slot<R(Given...)>& slot, const Signature& signature, const pybind11::object& callable, Convert convert) {
  slot.set(as_function<R, Given...>(signature, callable, convert));
  drain_graveyard();
}

}  // namespace c104::bindings
