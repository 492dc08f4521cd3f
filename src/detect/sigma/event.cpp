#include "detect/sigma/event.h"

#include <simdjson.h>

#include "detect/sigma/case_fold.h"

namespace tocsin::detect::sigma {

namespace od = simdjson::ondemand;

constexpr int kMaxDepth = 64;
constexpr std::size_t kMaxNameBytes = 512;

// Throws simdjson_error, which JsonEvent::parse turns into our own.
class JsonReader {
 public:
  explicit JsonReader(JsonEvent& event) : event_(event) {}

  void read_object(od::object object, const std::string& name, int depth) {
    for (auto member : object) {
      const std::string_view key = member.unescaped_key();
      read_value(member.value(), joined(name, key), depth);
    }
  }

 private:
  // A name that grew too long stays too long, so that its parts have none either.
  static std::string joined(const std::string& name, std::string_view key) {
    if (name.size() > kMaxNameBytes || name.size() + key.size() > kMaxNameBytes)
      return std::string(kMaxNameBytes + 1, '.');
    return name.empty() ? std::string(key) : name + '.' + std::string(key);
  }

  void read_value(od::value value, const std::string& name, int depth) {
    switch (value.type()) {
      case od::json_type::object:
        return read_nested(od::object(value.get_object()), name, depth);
      case od::json_type::array:
        return read_nested(od::array(value.get_array()), name, depth);
      case od::json_type::string:
        return add(name, ValueKind::kString, std::string(std::string_view(value.get_string())));
      case od::json_type::number:
        return add(name, ValueKind::kNumber, token(value));
      case od::json_type::boolean:
        return add(name, ValueKind::kBoolean, value.get_bool() ? "true" : "false");
      case od::json_type::null:
        return add(name, ValueKind::kNull, {});
    }
  }

  // Deeper than any log goes, the text of what is there must do.
  template <class Container>
  void read_nested(Container container, const std::string& name, int depth) {
    if (has_room(name)) event_.fields_.try_emplace(name);
    if (depth >= kMaxDepth)
      return add(name, ValueKind::kString, std::string(std::string_view(container.raw_json())));
    if constexpr (std::is_same_v<Container, od::object>) {
      read_object(container, name, depth + 1);
    } else {
      for (auto element : container) read_value(element.value(), name, depth + 1);
    }
  }

  static std::string token(od::value value) {
    const auto whole = value.raw_json_token();
    (void)value.get_double().value();  // is it a number at all?
    return std::string(whole.substr(0, whole.find_last_not_of(" \t\r\n") + 1));
  }

  static bool has_room(const std::string& name) { return name.size() <= kMaxNameBytes; }

  void add(const std::string& name, ValueKind kind, std::string text) {
    auto& values = has_room(name) ? event_.fields_[name] : event_.unnamed_;
    values.push_back(make_value(kind, std::move(text)));
  }

  JsonEvent& event_;
};

Value make_value(ValueKind kind, std::string text) {
  auto folded = fold_case(text);
  return {kind, std::move(text), std::move(folded)};
}

Result<JsonEvent> JsonEvent::parse(std::string_view json) {
  JsonEvent event;
  try {
    thread_local od::parser parser;
    const simdjson::padded_string padded(json);
    od::document document = parser.iterate(padded);
    JsonReader(event).read_object(document.get_object(), {}, 0);
    if (document.current_location().error() == simdjson::SUCCESS)
      return error(ErrorKind::kInvalidSyntax, "read event", "text follows the JSON object");
  } catch (const simdjson::simdjson_error& wrong) {
    return error(ErrorKind::kInvalidSyntax, "read event", wrong.what(), "An event is one JSON object.");
  }
  return event;
}

const std::vector<Value>* JsonEvent::find(std::string_view field) const {
  const auto found = fields_.find(field);
  return found == fields_.end() ? nullptr : &found->second;
}

bool JsonEvent::any_value(const std::function<bool(const Value&)>& visit) const {
  for (const auto& [name, values] : fields_) {
    if (std::any_of(values.begin(), values.end(), visit)) return true;
  }
  return std::any_of(unnamed_.begin(), unnamed_.end(), visit);
}

}  // namespace tocsin::detect::sigma
