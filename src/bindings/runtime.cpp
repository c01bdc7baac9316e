// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/runtime.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <new>
#include <vector>

#include "base/log.h"
#include "bindings/gil.h"
#include "session/callback.h"

namespace py = pybind11;

namespace c104::bindings {
namespace {

PyInterpreterState* interpreter = nullptr;
std::atomic<bool> down{false};
// Threads between looking at `down` and having the GIL. The exit handler waits for them: none wants the GIL after it.
std::atomic<int> entering{0};
std::atomic<int> entering_process{0};

class Entering {
 public:
  Entering() { entering.fetch_add(1); }
  ~Entering() { entering.fetch_sub(1); }
};

// A worker's Python thread state, made once: making one for each batch of events costs a hundred times more than taking the GIL.
class WorkerState {
 public:
  ~WorkerState() {
    if (state_ == nullptr) return;
    const Entering guard;
    if (down.load() || Py_IsInitialized() == 0) return;
    take_gil(state_);
    standing_still_at_exit([this] { PyThreadState_Clear(state_); });
    PyThreadState_DeleteCurrent();
  }
  bool enter() {
    const Entering guard;
    if (down.load()) return false;
    if (state_ == nullptr) state_ = PyThreadState_New(interpreter);
    take_gil(state_);
    return true;
  }
  void leave() { state_ = PyEval_SaveThread(); }

 private:
  PyThreadState* state_ = nullptr;
};

thread_local WorkerState worker_state;

void write(const LogLine& line) {
  try {
    PyObject* text = PyUnicode_DecodeUTF8(line.text.data(), static_cast<Py_ssize_t>(line.text.size()), "replace");
    if (text == nullptr) throw py::error_already_set();
    const auto logger = py::module_::import("logging").attr("getLogger")(line.logger);
    logger.attr("log")(static_cast<int>(line.level), "%s", py::reinterpret_steal<py::object>(text));
  } catch (py::error_already_set& error) {
    error.discard_as_unraisable("c104: writing the log");
  }
}

class PythonRuntime final : public Runtime {
 public:
  bool enter() override {
    if (!worker_state.enter()) return false;
    drain_graveyard();
    return true;
  }
  void leave() override { worker_state.leave(); }
  void write_log() override {
    standing_still_at_exit([] {
      for (const LogLine& line : take_log()) write(line);
    });
  }
};

PythonRuntime& python_runtime() {
  static PythonRuntime& one = *new PythonRuntime;  // workers may outlive static objects
  return one;
}

// ---------------------------------------------------------------------------------------------- exit

struct Tracked {
  std::weak_ptr<void> object;
  void (*stop)(void*);
  int process;
};

// Guarded by the GIL.
std::vector<Tracked>& tracked() {
  static std::vector<Tracked>& all = *new std::vector<Tracked>;
  return all;
}

void at_exit() {
  std::vector<Tracked> all;
  all.swap(tracked());
  std::reverse(all.begin(), all.end());  // like destructors: usually clients before the server that they talk to
  {
    const Released released;
    for (const Tracked& entry : all) {
      // A forked child leaves its parent's objects alone.
      if (entry.process != process_id()) continue;
      if (const auto object = entry.object.lock()) {
        try {
          entry.stop(object.get());
        } catch (const std::exception& error) {
          log(LogLevel::error, "c104", std::string("stopping at exit: ") + error.what());
        }
      }
    }
    down.store(true);
    for (int i = 0; entering.load() > 0 && entering_process.load() == process_id() && i < 2000; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
  drain_graveyard();
  if (log_waiting()) python_runtime().write_log();
}

// ---------------------------------------------------------------------------------------------- graveyard

struct Grave {
  PyObject* object;
  Grave* next;
};
// A stack without a lock: a fork may come at any moment.
std::atomic<Grave*> graves{nullptr};
std::atomic<bool> drain_pending{false};

int drain_when_called(void*) {
  drain_pending.store(false);
  drain_graveyard();
  return 0;
}

}  // namespace

void keep_track(std::weak_ptr<void> object, void (*stop)(void*)) {
  if (interpreter == nullptr) {
    // Brings the module threading along, which takes the thread that imports it first for the main one, and waits for that at exit:
    // it must not be one of ours that logs.
    py::module_::import("logging");
    py::module_::import("atexit").attr("register")(py::cpp_function(&at_exit));
    interpreter = PyInterpreterState_Get();
    set_runtime(python_runtime());
  }
  if (entering_process.exchange(process_id()) != process_id()) entering.store(0);  // first here, or a forked child
  auto& all = tracked();
  all.erase(std::remove_if(all.begin(), all.end(), [](const Tracked& t) { return t.object.expired(); }), all.end());
  all.push_back({std::move(object), stop, process_id()});
}

void bury(PyObject* object) noexcept {
  if (object == nullptr || down.load()) return;  // the interpreter is going: everything goes with it
  auto* grave = new (std::nothrow) Grave{object, graves.load()};
  if (grave == nullptr) return;  // the object stays
  while (!graves.compare_exchange_weak(grave->next, grave)) {
  }
  if (!drain_pending.exchange(true) && Py_AddPendingCall(&drain_when_called, nullptr) != 0) drain_pending.store(false);
}

void drain_graveyard() {
  if (graves.load(std::memory_order_relaxed) == nullptr) return;
  for (Grave* grave = graves.exchange(nullptr); grave != nullptr;) {
    Grave* next = grave->next;
    Py_DECREF(grave->object);
    delete grave;
    grave = next;
  }
}

}  // namespace c104::bindings
