#include "detect/source/event_data.h"

#include <simdjson.h>

#include "base/json_text.h"

namespace tocsin::detect {
namespace {

namespace dom = simdjson::dom;

constexpr std::string_view kName = "@Name";
constexpr std::string_view kText = "#text";
constexpr std::string_view kEvent = "Event";
constexpr std::string_view kEventData = "EventData";
constexpr std::string_view kData = "Data";

// '@' is rare in events, quotes are not.
bool may_have_names(std::string_view json) {
  for (auto at = json.find(kName); at != std::string_view::npos; at = json.find(kName, at + 1)) {
    const auto end = at + kName.size();
    if (at > 0 && json[at - 1] == '"' && end < json.size() && json[end] == '"') return true;
  }
  return false;
}

std::optional<std::string_view> name_of(dom::element element) {
  std::string_view name;
  if (element[kName].get(name) != simdjson::SUCCESS || name.empty()) return std::nullopt;
  return name;
}

bool has_name(dom::element data) {
  dom::array list;
  if (data.get(list) != simdjson::SUCCESS) return name_of(data).has_value();
  for (const auto element : list) {
    if (name_of(element)) return true;
  }
  return false;
}

// Members of one object.
class Members {
 public:
  explicit Members(std::string& out) : out_(out) { out_ += '{'; }
  void add(std::string_view name) {
    if (out_.back() != '{') out_ += ',';
    append_json_string(out_, name);
    out_ += ':';
  }
  void add(std::string_view name, dom::element value) {
    add(name);
    out_ += simdjson::minify(value);
  }
  void end() { out_ += '}'; }

 private:
  std::string& out_;
};

class Namer {
 public:
  explicit Namer(std::string& out) : out_(out) {}

  void write_event(const dom::object& event) {
    Members members(out_);
    for (const auto [key, value] : event) {
      dom::object inner;
      if (key == kEvent && value.get(inner) == simdjson::SUCCESS) {
        members.add(key);
        write_event(inner);
      } else if (key == kEventData && lists_names(value)) {
        members.add(key);
        write_event_data(value);
      } else {
        members.add(key, value);
      }
    }
    members.end();
  }

  bool has_written_names() const { return has_written_names_; }

 private:
  static bool lists_names(dom::element event_data) {
    dom::element data;
    if (event_data[kData].get(data) == simdjson::SUCCESS) return has_name(data);
    return event_data.is_array() && has_name(event_data);
  }

  void write_event_data(dom::element event_data) {
    has_written_names_ = true;
    Members members(out_);
    dom::object beside;
    if (event_data.get(beside) == simdjson::SUCCESS) {
      for (const auto [key, value] : beside)
        key == kData ? write_data(members, value) : members.add(key, value);
    } else {
      write_data(members, event_data);
    }
    members.end();
  }

  void write_data(Members& members, dom::element data) {
    std::string nameless;
    dom::array list;
    if (data.get(list) != simdjson::SUCCESS) {
      write_element(members, data, nameless);
    } else {
      for (const auto element : list) write_element(members, element, nameless);
    }
    if (nameless.empty()) return;
    members.add(kData);
    nameless.front() = '[';
    out_ += nameless + ']';
  }

  void write_element(Members& members, dom::element element, std::string& nameless) {
    const auto name = name_of(element);
    if (!name) {
      nameless += ',';
      nameless += simdjson::minify(element);
      return;
    }
    dom::element text;
    if (element[kText].get(text) == simdjson::SUCCESS) return members.add(*name, text);
    members.add(*name);
    out_ += "\"\"";
  }

  std::string& out_;
  bool has_written_names_ = false;
};

}  // namespace

bool append_named_data(std::string_view json, std::string& out) {
  if (!may_have_names(json)) return false;
  dom::parser parser;
  dom::object event;
  if (parser.parse(json.data(), json.size()).get(event) != simdjson::SUCCESS) return false;
  const auto before = out.size();
  Namer namer(out);
  namer.write_event(event);
  if (!namer.has_written_names()) out.resize(before);
  return namer.has_written_names();
}

}  // namespace tocsin::detect
