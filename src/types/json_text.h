// The little JSON that types need: strings written as Jackson writes them, one member read.
#pragma once

#include <string>
#include <string_view>

namespace firesteel {

/// Appends `text` quoted and escaped.
void AppendJsonString(std::string& out, std::string_view text);
/// The string member `name` of the JSON object `json`; false if there is none.
bool JsonStringMember(std::string_view json, std::string_view name, std::string* value);

}  // namespace firesteel
