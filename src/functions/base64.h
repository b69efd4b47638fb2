#pragma once
// Base 64 as Java's MIME coder has it: written without line breaks, read without regard to letters outside the alphabet.
#include <optional>
#include <string>
#include <string_view>

namespace firesteel::functions {

void AppendBase64(std::string_view bytes, std::string& out);

/// java.util.Base64.getMimeDecoder(): appends the bytes, or answers Java's words for what is wrong.
std::optional<std::string> DecodeMimeBase64(std::string_view text, std::string& bytes);
/// UnBase64.isValidBase64: only letters of the alphabet and white space, padded as it must be.
bool IsBase64(std::string_view text);

}  // namespace firesteel::functions
