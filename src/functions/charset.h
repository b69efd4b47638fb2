#pragma once
// Text in the character sets that Spark's encode and decode know. Text inside is UTF-8.
#include <optional>
#include <string>
#include <string_view>

namespace firesteel::functions {

enum class Charset { kUtf8, kLatin1, kAscii, kUtf16, kUtf16Be, kUtf16Le, kUtf32 };

/// By name, in any case; none: not one of Spark's.
std::optional<Charset> FindCharset(std::string_view name);
/// None: a character that the set does not have.
std::optional<std::string> EncodeText(std::string_view text, Charset charset);
/// None: malformed.
std::optional<std::string> DecodeText(std::string_view bytes, Charset charset);

bool IsUtf8(std::string_view bytes);

}  // namespace firesteel::functions
