// SPDX-License-Identifier: GPL-3.0-or-later
#include "hal/thread.h"

#ifndef _WIN32
#include <memory>
#include <system_error>

namespace c104::hal {
namespace {

using Body = std::function<void()>;

void* run(void* given) {
  const std::unique_ptr<Body> body(static_cast<Body*>(given));
  (*body)();
  return nullptr;
}

}  // namespace

Thread::Thread(std::function<void()> body) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  std::size_t stack = 0;
  pthread_attr_getstacksize(&attributes, &stack);
  if (stack < least_stack) pthread_attr_setstacksize(&attributes, least_stack);
  auto* const given = new Body(std::move(body));
  const int error = pthread_create(&handle_, &attributes, run, given);
  pthread_attr_destroy(&attributes);
  if (error != 0) {
    delete given;
    throw std::system_error(error, std::generic_category(), "cannot start a thread");
  }
  joinable_ = true;
}

}  // namespace c104::hal
#endif
