#pragma once
// Result<T>: a value or an Error. Functions that can fail return it; exceptions stop at the edges of libraries that throw.
#include <utility>
#include <variant>

#include "base/error.h"

namespace firesteel {

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit by design
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT
  template <typename U>
  requires(std::is_convertible_v<U&&, T> && !std::is_same_v<std::decay_t<U>, T> &&
           !std::is_same_v<std::decay_t<U>, Error> && !std::is_same_v<std::decay_t<U>, Result<T>>) Result(U&& value)
      : state_(std::in_place_index<0>, std::forward<U>(value)) {}  // NOLINT

  bool ok() const { return state_.index() == 0; }
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  const Error& error() const { return std::get<1>(state_); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit by design
  bool ok() const { return error_.index() == 0; }
  const Error& error() const { return std::get<1>(error_); }

 private:
  std::variant<std::monostate, Error> error_;
};
using Status = Result<void>;

// FS_TRY(T name, expression): declares `name` with the value, or returns the error from the enclosing function.
#define FS_CONCAT_(a, b) a##b
#define FS_CONCAT(a, b) FS_CONCAT_(a, b)
#define FS_TRY_(tmp, decl, ...) \
  auto tmp = (__VA_ARGS__);     \
  if (!tmp.ok()) [[unlikely]]   \
    return tmp.error();         \
  decl = std::move(tmp).value()
#define FS_TRY(decl, ...) FS_TRY_(FS_CONCAT(fs_try_, __COUNTER__), decl, __VA_ARGS__)
// FS_CHECK(expression): returns the error of a Status (or of a Result whose value is not wanted).
#define FS_CHECK(...)                                                 \
  do {                                                                \
    if (auto fs_status = (__VA_ARGS__); !fs_status.ok()) [[unlikely]] \
      return fs_status.error();                                       \
  } while (false)

}  // namespace firesteel
