#pragma once
// Errors as values. Bad input is normal in this program, so functions that can meet it return Result<T>.
//
//   Result<Rule> parse(std::string_view text);
//   TOCSIN_TRY(rule, parse(text));      // returns the error to the caller, else binds `rule`

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace tocsin {

enum class ErrorKind {
  kInvalidSyntax,  // the bytes are not what they claim to be (JSON, YAML, time): HTTP 400
  kInvalidInput,   // well-formed, but wrong content: 422
  kNotFound,       // 404
  kConflict,       // stale version (412) or a state that forbids the act (409)
  kTooLarge,       // 413
  kUnsupported,    // content type: 415
  kUnauthorized,   // nobody has signed in: 401
  kForbidden,      // 403
  kBusy,           // a bounded queue is full: 429
  kStorageFull,    // 507
  kUnavailable,    // a part of ours is not ready: 503
  kInternal,       // a bug or a broken disk: 500
};

struct Error {
  ErrorKind kind = ErrorKind::kInternal;
  std::string op;       // what was attempted: "normalise suricata"
  std::string message;  // what is wrong
  std::string hint;     // what to do about it; may be empty
  std::string where;    // JSON pointer, byte offset or FILE:LINE:COL; may be empty
};

// One line for logs and terminals: "op: message (where). hint"
std::string to_string(const Error& error);

inline Error error(ErrorKind kind, std::string op, std::string message, std::string hint = {},
                   std::string where = {}) {
  return Error{kind, std::move(op), std::move(message), std::move(hint), std::move(where)};
}

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit by design
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

  bool ok() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }

  T& operator*() & { return std::get<0>(state_); }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }

  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit by design

  bool ok() const noexcept { return !error_.has_value(); }
  explicit operator bool() const noexcept { return ok(); }
  const Error& error() const& { return *error_; }
  Error&& error() && { return std::move(*error_); }

 private:
  std::optional<Error> error_;
};

#define TOCSIN_TRY(name, expression)                           \
  auto name##_result = (expression);                           \
  if (!name##_result) return std::move(name##_result).error(); \
  auto name = *std::move(name##_result)

#define TOCSIN_CHECK(expression) \
  if (auto checked_result = (expression); !checked_result) return std::move(checked_result).error()

}  // namespace tocsin
