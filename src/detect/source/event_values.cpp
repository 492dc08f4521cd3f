#include "detect/source/event_values.h"

#include <algorithm>

namespace tocsin::detect {
namespace {

using simdjson::dom::array;
using simdjson::dom::object;

bool equal_without_blanks(std::string_view name, std::string_view wanted) {
  for (const char c : name) {
    if (c == ' ') continue;
    if (wanted.empty() || wanted.front() != c) return false;
    wanted.remove_prefix(1);
  }
  return wanted.empty();
}

class Visitor {
 public:
  explicit Visitor(bool ignore_blanks) : ignore_blanks_(ignore_blanks) {}

  void visit(JsonValue value, std::string_view path) {
    if (value.is_array()) {
      if (path.empty()) there_ = true;
      for (const auto item : array(value)) visit(item, path);
    } else if (path.empty()) {
      there_ = true;
      if (!value.is_object()) values_.push_back(value);
    } else if (value.is_object()) {
      visit_members(object(value), path);
    }
  }
  std::optional<JsonValues> found() && { return there_ ? std::optional(std::move(values_)) : std::nullopt; }

 private:
  // "a.b.c" is a, then b.c; or "a.b", then c; or "a.b.c".
  void visit_members(object members, std::string_view path) {
    for (std::size_t dot = path.find('.');; dot = path.find('.', dot + 1)) {
      const bool whole = dot == std::string_view::npos;
      const auto name = path.substr(0, dot);
      for (const auto member : members) {
        if (fits(member.key, name)) visit(member.value, whole ? std::string_view{} : path.substr(dot + 1));
      }
      if (whole) return;
    }
  }
  bool fits(std::string_view key, std::string_view name) const {
    return key == name || name == "*" || (ignore_blanks_ && equal_without_blanks(key, name));
  }

  bool ignore_blanks_;
  bool there_ = false;
  JsonValues values_;
};

bool says_something(const JsonValues& values) {
  return std::any_of(values.begin(), values.end(), [](JsonValue value) { return !value.is_null(); });
}

sigma::Value to_value(JsonValue value) {
  using enum sigma::ValueKind;
  const auto kind = value.is_null()     ? kNull
                    : value.is_string() ? kString
                    : value.is_bool()   ? kBoolean
                                        : kNumber;
  return sigma::make_value(kind, to_text(value).value_or(""));
}

bool any_value_in(JsonValue value, const std::function<bool(const sigma::Value&)>& visit) {
  if (value.is_object()) {
    for (const auto member : object(value)) {
      if (any_value_in(member.value, visit)) return true;
    }
    return false;
  }
  if (value.is_array()) {
    for (const auto item : array(value)) {
      if (any_value_in(item, visit)) return true;
    }
    return false;
  }
  return visit(to_value(value));
}

}  // namespace

std::optional<JsonValues> values_at(JsonValue event, std::string_view path, bool ignore_blanks) {
  Visitor visitor(ignore_blanks);
  visitor.visit(event, path);
  return std::move(visitor).found();
}

std::optional<JsonValues> values_of(JsonValue event, std::string_view field, const View& view) {
  std::optional<JsonValues> first;
  for (const auto& path : view.paths_of(field)) {
    auto values = values_at(event, path, view.names->ignore_blanks);
    if (values && says_something(*values)) return values;
    if (values && !first) first = std::move(values);
  }
  return first;
}

std::optional<std::string> to_text(JsonValue value) {
  if (value.is_string()) return std::string(std::string_view(value));
  if (value.is_null() || value.is_object() || value.is_array()) return std::nullopt;
  return simdjson::minify(value);
}

const std::vector<sigma::Value>* ViewedEvent::find(std::string_view field) const {
  auto at = seen_.find(field);
  if (at == seen_.end()) {
    std::optional<std::vector<sigma::Value>> values;
    if (const auto found = values_of(event_, field, view_)) {
      values.emplace();
      for (const auto value : *found) values->push_back(to_value(value));
    }
    at = seen_.emplace(std::string(field), std::move(values)).first;
  }
  return at->second ? &*at->second : nullptr;
}

bool ViewedEvent::any_value(const std::function<bool(const sigma::Value&)>& visit) const {
  return any_value_in(event_, visit);
}

SeenEvent::SeenEvent(JsonValue event, const std::vector<View>& views) {
  seen_.reserve(views.size());
  for (const auto& view : views) seen_.emplace_back(event, view);
}

const std::vector<sigma::Value>* SeenEvent::find(std::string_view field) const {
  for (const auto& one : seen_) {
    if (const auto* values = one.find(field)) return values;
  }
  return nullptr;
}

bool SeenEvent::any_value(const std::function<bool(const sigma::Value&)>& visit) const {
  return !seen_.empty() && seen_.front().any_value(visit);
}

}  // namespace tocsin::detect
