// SPDX-License-Identifier: GPL-3.0-or-later
// Information <-> Python objects, for the binding files of points and messages.
#pragma once

#include <pybind11/pybind11.h>

#include "base/enums.h"
#include "base/types.h"
#include "bindings/argument.h"
#include "bindings/flags.h"
#include "model/information.h"

namespace c104::bindings {

// Called once, when the classes of the values are registered.
void prepare_values();

// The Python object (SingleInfo, ShortCmd ...) for a value; `type` selects nothing but the presence of a time tag.
// processed_us: 0 for none (-> None).
pybind11::object to_python(const Information& info, std::int64_t processed_us, bool readonly);
// The `value` alone, as the object's .value property gives it (bool, Double, Int7, Byte32, NormalizedFloat, Int16, float, int ...).
pybind11::object value_to_python(const Information& info);
// The `quality` alone: Quality, BinaryCounterQuality or None.
pybind11::object quality_to_python(const Information& info);

// point.info = x: checks that x is the information class of `type`; raises ValueError as the peer does.
Information information_from_python(const pybind11::handle& object, Type type);
// point.value = x: the peer's strict conversions and errors; keeps quality and qualifier of `current`.
Information value_from_python(const Information& current, const pybind11::handle& value);
// point.quality = x.
Information quality_from_python(const Information& current, const pybind11::handle& quality);
// The flags of the time tag.
TimeQuality time_quality_to_python(const Information& info);
Information time_quality_from_python(const Information& current, TimeQuality quality);
// The octets of a short float; ValueError for a finite number that would become infinite.
std::uint32_t short_float_bits(const char* name, double number);
// Whether an Information object is read-only is checked by the caller (session knows); the object's own flag:
bool is_readonly(const pybind11::handle& object);

// Naive local datetime as the peer gives it; None for an absent time.
pybind11::object time_to_python(TimeTag t);
pybind11::object time_to_python(std::int64_t microseconds);
// None -> absent; naive -> local time; aware -> honoured.
TimeTag time_from_python(const pybind11::handle& datetime);

}  // namespace c104::bindings
