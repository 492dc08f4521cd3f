#pragma once
// Values of an event under the names that Sigma rules use, without copying the event.

#include <simdjson.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "detect/sigma/event.h"
#include "detect/source/source_table.h"

namespace tocsin::detect {

using JsonValue = simdjson::dom::element;
using JsonValues = std::vector<JsonValue>;  // texts, numbers, truth and nulls

// Every value at the path; a list gives each of its elements, a name that is there twice both its values. An
// object or an empty list is there without values. Absent when nothing stands there. Cost is bounded by the
// document's size for each way to split the path at its dots that the document has names for.
std::optional<JsonValues> values_at(JsonValue event, std::string_view path, bool ignore_blanks = false);

// The first path of the field that has a value other than null; else the first that is there.
std::optional<JsonValues> values_of(JsonValue event, std::string_view field, const View& view);

// A text as it is, numbers and truth as JSON writes them; nothing for null, objects and lists.
std::optional<std::string> to_text(JsonValue value);

// An event for rules that may see this view of it. Not thread-safe: values are read when first asked for.
class ViewedEvent : public sigma::Event {
 public:
  // Borrows the view and the document of the event.
  ViewedEvent(JsonValue event, const View& view) : event_(event), view_(view) {}

  const std::vector<sigma::Value>* find(std::string_view field) const override;
  bool any_value(const std::function<bool(const sigma::Value&)>& visit) const override;

 private:
  JsonValue event_;
  const View& view_;
  mutable std::map<std::string, std::optional<std::vector<sigma::Value>>, std::less<>> seen_;
};

// The fields of an event as its views name them, together, for who asks what several rules need: each rule
// found its own in one of the views. The first view that has a field answers.
class SeenEvent : public sigma::Event {
 public:
  // Borrows as ViewedEvent does.
  SeenEvent(JsonValue event, const std::vector<View>& views);

  const std::vector<ViewedEvent>& views() const noexcept { return seen_; }
  const std::vector<sigma::Value>* find(std::string_view field) const override;
  bool any_value(const std::function<bool(const sigma::Value&)>& visit) const override;

 private:
  std::vector<ViewedEvent> seen_;
};

}  // namespace tocsin::detect
