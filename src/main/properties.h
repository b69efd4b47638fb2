#pragma once
// Settings from files and flags.
#include <string>

#include "base/result.h"
#include "session/configuration.h"

namespace firesteel::main_program {

/// A file like spark-defaults.conf: a key, then blanks, '=' or ':', then the value; '#' and '!' begin comments; a backslash
/// at a line's end joins the next.
Result<session::ConfigurationMap> ReadProperties(const std::string& path);

/// The key's value, or `otherwise`.
std::string SettingOf(const session::ConfigurationMap& configuration, const std::string& key, std::string otherwise);

/// A path as settings give it, without a leading "file:" or "file://".
std::string PathOf(std::string setting);

/// Threads of "local", "local[N]", "local[*]", "local[N, retries]"; an error for any other master.
Result<int> ThreadsOf(const std::string& master);

}  // namespace firesteel::main_program
