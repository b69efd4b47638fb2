#pragma once
// Text put together from pieces: strings, characters and whole numbers. (Debian's absl::StrCat does not take std::string_view.)
#include <charconv>
#include <concepts>
#include <string>
#include <string_view>

namespace firesteel {

namespace detail {
inline void AppendOne(std::string& out, std::string_view piece) { out += piece; }
inline void AppendOne(std::string& out, char piece) { out += piece; }
template <std::integral T>
requires(!std::same_as<T, char> && !std::same_as<T, bool>) void AppendOne(std::string& out, T number) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof(digits), number).ptr);
}
}  // namespace detail

template <typename... Pieces>
void Append(std::string& out, const Pieces&... pieces) {
  (detail::AppendOne(out, pieces), ...);
}

template <typename... Pieces>
std::string Cat(const Pieces&... pieces) {
  std::string out;
  Append(out, pieces...);
  return out;
}

}  // namespace firesteel
