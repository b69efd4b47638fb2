#pragma once
// The settings that change what Firesteel does. Spark's other keys are kept and given back, nothing more.
#include <span>
#include <string_view>

namespace firesteel::session {

/// By key. tools/check_settings.py, a test, compares the list with the keys that the sources read.
std::span<const std::string_view> EffectiveSettings();

}  // namespace firesteel::session
