#pragma once
// Structured logs: one JSON object a line on stderr.
//
//   log.info("server_started", {{"address", address}, {"threads", 2}});
//   {"ts":"2026-01-04T12:00:00.000Z","level":"info","event":"server_started","address":"127.0.0.1:8000","threads":2}
//
// Text comes from adversaries as often as not: every value is escaped, so that nobody can write a line of
// their own, and cut to a length. Fields whose name says secret ("password", "api_key", "authorization" …)
// are written as "[redacted]", whatever they hold; the caller still must not put secrets under other names.

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "base/clock.h"
#include "base/result.h"

namespace tocsin::observe {

enum class Level { kDebug, kInfo, kWarn, kError };
std::string_view to_text(Level level);
std::optional<Level> parse_level(std::string_view text);  // "debug", "info", "warn", "error"

// Name and value; borrows the text it is made from.
struct Field {
  using Value = std::variant<std::string_view, std::int64_t, double, bool>;

  template <class T>
  requires std::is_arithmetic_v<T> Field(std::string_view key, T number)
      : name(key), value(to_value(number)) {}
  template <class T>
  requires std::is_convertible_v<const T&, std::string_view> Field(std::string_view key, const T& text)
      : name(key), value(std::string_view(text)) {}

  std::string_view name;
  Value value;

 private:
  template <class T>
  static Value to_value(T number) {
    if constexpr (std::is_same_v<T, bool>) {
      return number;
    } else if constexpr (std::is_floating_point_v<T>) {
      return static_cast<double>(number);
    } else {
      return static_cast<std::int64_t>(number);
    }
  }
};
using Fields = std::initializer_list<Field>;

// One line without its line end. Pure. Values are cut to 2,000 bytes, a line to 16,000 (the fields that no
// longer fit are left out and "cut":true says so).
std::string format_line(Timestamp now, Level level, std::string_view event, std::string_view trace_id,
                        Fields fields);

// Thread-safe; a line is written whole.
class Log {
 public:
  // Writes lines at or above `level` to stderr.
  Log(Level level, const Clock& clock);
  // Writes them elsewhere; for tests.
  Log(Level level, const Clock& clock, std::function<void(std::string_view line)> write);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  bool enabled(Level level) const noexcept { return level >= level_; }
  // Event names are constants in snake_case; what varies goes into fields. The trace id may be empty.
  void write(Level level, std::string_view event, Fields fields = {}, std::string_view trace_id = {}) const;

  void debug(std::string_view event, Fields fields = {}, std::string_view trace_id = {}) const {
    write(Level::kDebug, event, fields, trace_id);
  }
  void info(std::string_view event, Fields fields = {}, std::string_view trace_id = {}) const {
    write(Level::kInfo, event, fields, trace_id);
  }
  void warn(std::string_view event, Fields fields = {}, std::string_view trace_id = {}) const {
    write(Level::kWarn, event, fields, trace_id);
  }
  void error(std::string_view event, Fields fields = {}, std::string_view trace_id = {}) const {
    write(Level::kError, event, fields, trace_id);
  }

 private:
  Level level_;
  const Clock& clock_;
  std::function<void(std::string_view)> write_;
};

}  // namespace tocsin::observe
