#pragma once
// `before` and `after` of an audit record: the fields that differ, as JSON, bounded. A value of more than
// kAuditValueBytes becomes {"cut": its beginning, "bytes": its length, "sha256": of the whole}; fields beyond
// kAuditSideBytes are counted in "left_out".
//
// Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/json_writer.h"

namespace tocsin::store {

constexpr std::size_t kAuditValueBytes = 2048;
constexpr std::size_t kAuditIdsShown = 100;

// A value as JSON text, cut where it is too long.
std::string audit_value(std::string_view value);
std::string audit_value(const std::vector<std::string>& values);
inline std::string audit_value(const std::string& value) {
  return audit_value(std::string_view(value));
}
inline std::string audit_value(const char* value) {
  return audit_value(std::string_view(value));
}
template <class T>
requires(std::is_arithmetic_v<T> || std::is_same_v<T, Timestamp>) std::string audit_value(T value) {
  std::string json;
  JsonWriter(json).value(value);
  return json;
}
template <class T>
requires(std::is_enum_v<T>) std::string audit_value(T value) {
  return audit_value(to_text(value));
}
template <class T>
std::string audit_value(const std::optional<T>& value) {
  return value ? audit_value(*value) : "null";
}

// {"count": n, "ids": [the first kAuditIdsShown], "sha256": of all, each followed by a line feed}
std::string audit_ids(const std::vector<std::string>& ids);

// One side: a JSON object that grows field by field.
class AuditSide {
 public:
  // `json` is a JSON value.
  void put(std::string_view name, std::string_view json);
  std::string text() const;  // empty when it has no field

 private:
  std::string fields_;
  std::size_t left_out_ = 0;
};

class AuditFields {
 public:
  template <class T>
  AuditFields& was(std::string_view name, const T& value) {
    before_.put(name, audit_value(value));
    return *this;
  }
  template <class T>
  AuditFields& is(std::string_view name, const T& value) {
    after_.put(name, audit_value(value));
    return *this;
  }
  AuditFields& is_json(std::string_view name, std::string_view json) {
    after_.put(name, json);
    return *this;
  }
  AuditFields& was_json(std::string_view name, std::string_view json) {
    before_.put(name, json);
    return *this;
  }
  // On both sides, when they differ.
  template <class T>
  AuditFields& changed(std::string_view name, const T& before, const T& after) {
    if (before == after) return *this;
    return was(name, before).is(name, after);
  }

  std::string before() const { return before_.text(); }
  std::string after() const { return after_.text(); }
  bool empty() const { return before_.text().empty() && after_.text().empty(); }

 private:
  AuditSide before_;
  AuditSide after_;
};

}  // namespace tocsin::store
