// SPDX-License-Identifier: GPL-3.0-or-later
// How the session calls out: slots that hold one callback each, and the runtime that the callbacks are written in.
// The session knows neither Python nor the GIL; bindings implement Runtime and fill the slots.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

namespace c104 {

class Runtime {
 public:
  virtual ~Runtime() = default;
  // Makes the calling thread able to run callbacks. False: the interpreter is going down, call nothing.
  virtual bool enter() = 0;
  // Ends what enter() began; called once after a batch of callbacks.
  virtual void leave() = 0;
  // Hands waiting log lines over; called between enter() and leave().
  virtual void write_log() = 0;
};

// Set once, before the first Client or Server; never null afterwards.
void set_runtime(Runtime& runtime) noexcept;
Runtime& runtime() noexcept;

// One callback that can be replaced at any time. A call in progress keeps the one it started with. The functions must not throw:
// what a failure means (reported, and a refusing answer) is decided where the slot is filled.
template <class Signature>
class Slot {
 public:
  using Function = std::function<Signature>;

  void set(Function function) {
    auto next = function ? std::make_shared<const Function>(std::move(function)) : nullptr;
    std::shared_ptr<const Function> old;  // destroyed outside of the lock
    {
      std::lock_guard lock(mutex_);
      old = std::exchange(function_, std::move(next));
      filled_.store(function_ != nullptr, std::memory_order_release);
    }
  }
  // Null when there is none.
  std::shared_ptr<const Function> get() const {
    if (!filled()) return nullptr;
    std::lock_guard lock(mutex_);
    return function_;
  }
  bool filled() const noexcept { return filled_.load(std::memory_order_acquire); }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Function> function_;
  std::atomic<bool> filled_{false};
};

}  // namespace c104
