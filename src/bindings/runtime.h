// SPDX-License-Identifier: GPL-3.0-or-later
// The interpreter as the session's workers see it: entering, leaving, logging, and the end of the process.
#pragma once

#include <pybind11/pybind11.h>

#include <memory>

namespace c104::bindings {

// To be called, with the GIL, for each Client and Server made: the exit handler stops those that still live. Importing the
// module has no effect on the process; the first call here registers the exit handler.
void keep_track(std::weak_ptr<void> object, void (*stop)(void*));

template <class T>
void keep_track(const std::shared_ptr<T>& object) {
  keep_track(std::weak_ptr<void>(object), [](void* p) { static_cast<T*>(p)->stop(); });
}

// Takes over one reference, from any thread, with the GIL or without; never runs Python code. It is given up soon after.
void bury(PyObject* object) noexcept;
// Gives up what was buried. With the GIL, and with no mutex held: this may run any Python code.
void drain_graveyard();

}  // namespace c104::bindings
