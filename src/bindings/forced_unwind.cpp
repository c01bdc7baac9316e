// SPDX-License-Identifier: GPL-3.0-or-later
// A thread that CPython before 3.14 ends with pthread_exit stands still at our first frame, as gil.h says. With libstdc++ gil.h catches the
// unwinding itself. libc++ gives it nothing to catch, and where libc++'s unwinder is built into the module, looking at a frame of the
// other unwinder, libgcc's, ends the process. So no frame is looked at: the linker puts this function in front of the one that would.
#include <cstddef>

#if defined(_LIBCPP_VERSION) && defined(__linux__)
#include <unistd.h>
#include <unwind.h>

extern "C" {
_Unwind_Reason_Code __real___gxx_personality_v0(int, _Unwind_Action, _Unwind_Exception_Class, _Unwind_Exception*,
                                                _Unwind_Context*);

_Unwind_Reason_Code __wrap___gxx_personality_v0(int version, _Unwind_Action actions, _Unwind_Exception_Class kind,
                                                _Unwind_Exception* exception, _Unwind_Context* context) {
  while ((actions & _UA_FORCE_UNWIND) != 0) ::pause();
  return __real___gxx_personality_v0(version, actions, kind, exception, context);
}
}
#endif
