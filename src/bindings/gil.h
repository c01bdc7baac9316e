// SPDX-License-Identifier: GPL-3.0-or-later
// The GIL policy; no other file has words for taking or releasing it (but for the C API calls of runtime.cpp's workers).
//
// - Every bound method that can wait (start, stop, connect, interrogation, transmit ...) or that takes a mutex under which
//   somebody waits is bound through blocking(): it runs with the GIL released.
// - Getters and setters (point.value, station.points, connection.state ...) take leaf mutexes only: whoever holds one calls and
//   waits for nothing and never wants the GIL. They keep the GIL: giving it away costs 5 ms beside a busy Python thread.
// - Client and Server end with the GIL released (Ending), since their threads may still want it.
// - A thread that wants the GIL when the interpreter has gone stands still, as CPython 3.14 has it. Older versions end the thread
//   with pthread_exit, which unwinds our frames without the GIL, destructors included.
#pragma once

#include <pybind11/pybind11.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "base/clock.h"
#include "base/debug.h"
#include "base/process.h"

#ifdef __GLIBCXX__
#include <cxxabi.h>
#endif

namespace c104::bindings {

[[noreturn]] inline void stand_still() {
  for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
}

// Calls f, which takes the GIL or runs Python code.
template <class F>
decltype(auto) standing_still_at_exit(F&& f) {
#ifdef __GLIBCXX__
  try {
    return f();
  } catch (abi::__forced_unwind&) {
    stand_still();
  }
#else
  return f();
#endif
}

inline void take_gil(PyThreadState* state) {
  if (!debugging(DebugPart::gil)) {
    standing_still_at_exit([state] { PyEval_RestoreThread(state); });
    return;
  }
  const auto began = Monotonic::now();
  standing_still_at_exit([state] { PyEval_RestoreThread(state); });
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(Monotonic::now() - began).count();
  log(LogLevel::debug, logger_of(DebugPart::gil), "waited " + std::to_string(us) + " us for the GIL");
}

inline bool has_gil() noexcept { return Py_IsInitialized() != 0 && PyGILState_Check() == 1; }

// While it lives the GIL, which the thread must have, is released.
class Released {
 public:
  Released() : state_(PyEval_SaveThread()) {}
  ~Released() { take_gil(state_); }
  Released(const Released&) = delete;
  Released& operator=(const Released&) = delete;

 private:
  PyThreadState* const state_;
};

template <class F>
decltype(auto) without_gil(F&& f) {
  const Released released;
  return f();
}

// A method to bind that runs without the GIL.
template <class R, class C, class... Args>
auto blocking(R (C::*method)(Args...)) {
  return [method](C& self, Args... args) -> R {
    return without_gil([&]() -> R { return (self.*method)(std::forward<Args>(args)...); });
  };
}
template <class R, class C, class... Args>
auto blocking(R (C::*method)(Args...) const) {
  return [method](const C& self, Args... args) -> R {
    return without_gil([&]() -> R { return (self.*method)(std::forward<Args>(args)...); });
  };
}

// Deletes what stops and waits for threads. A forked child forgets its parent's objects: their locks may be held by threads that
// the child doesn't have.
template <class T>
class Ending {
 public:
  void operator()(T* object) const {
    if (process_ != process_id()) return;
    if (has_gil()) {
      without_gil([object] { delete object; });
    } else {
      delete object;
    }
  }

 private:
  int process_ = process_id();
};

}  // namespace c104::bindings
