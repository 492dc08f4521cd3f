#include "detect/evtx/event_json.h"

#include <algorithm>
#include <map>

#include "base/json_writer.h"

namespace tocsin::detect {
namespace {

constexpr std::string_view kData = "Data";

const EvtxValue* data_name_of(const XmlElement& element) {
  if (element.name != kData) return nullptr;
  const auto& attributes = element.attributes;
  const auto name =
      std::find_if(attributes.begin(), attributes.end(), [](const auto& a) { return a.first == "Name"; });
  return name == attributes.end() || name->second.text.empty() ? nullptr : &name->second;
}

std::string_view key_of(const XmlElement& element) {
  const auto* name = data_name_of(element);
  return name != nullptr ? name->text : element.name;
}

class EventWriter {
 public:
  explicit EventWriter(std::string& out) : json_(out) {}

  void write(const XmlElement& event) {
    json_.object([&] {
      json_.key(event.name);
      write_element(event);
    });
  }

 private:
  using Group = std::vector<const XmlElement*>;  // children with one key

  void write_value(const EvtxValue& value) {
    json_.written_by([&](std::string& out) { append_evtx_json(out, value); });
  }

  void write_element(const XmlElement& element) {
    const bool is_named_data = data_name_of(element) != nullptr;
    const bool is_plain = is_named_data || element.attributes.empty();
    if (is_plain && element.children.empty()) return write_value(element.value);
    write_members(element);
  }

  void write_members(const XmlElement& element) {
    json_.object([&] {
      if (!element.attributes.empty()) write_attributes(element);
      if (element.value.kind != EvtxValue::Kind::kNull) {
        json_.key("#text");
        write_value(element.value);
      }
      for (const auto& [key, group] : groups_of(element)) {
        json_.key(key);
        write_group(group);
      }
    });
  }

  void write_attributes(const XmlElement& element) {
    json_.member("#attributes", [&] {
      json_.object([&] {
        for (const auto& [name, value] : element.attributes) {
          json_.key(name);
          write_value(value);
        }
      });
    });
  }

  // In the order of their first ones.
  static std::vector<std::pair<std::string_view, Group>> groups_of(const XmlElement& element) {
    std::vector<std::pair<std::string_view, Group>> groups;
    std::map<std::string_view, std::size_t> places;
    for (const auto& child : element.children) {
      const auto key = key_of(child);
      const auto [place, is_new] = places.emplace(key, groups.size());
      if (is_new) groups.emplace_back(key, Group{});
      groups[place->second].second.push_back(&child);
    }
    return groups;
  }

  void write_group(const Group& group) {
    const auto is_bare_data = [](const XmlElement* e) {
      return e->name == kData && e->attributes.empty() && e->children.empty();
    };
    if (std::all_of(group.begin(), group.end(), is_bare_data)) return write_bare_data(group);
    if (group.size() == 1) return write_element(*group.front());
    json_.array([&] {
      for (const auto* element : group) write_element(*element);
    });
  }

  void write_bare_data(const Group& group) {
    json_.object([&] {
      json_.key("#text");
      if (group.size() == 1) return write_value(group.front()->value);
      json_.array([&] {
        for (const auto* element : group) write_value(element->value);
      });
    });
  }

  JsonWriter json_;
};

}  // namespace

void append_event_json(std::string& out, const XmlElement& event) {
  EventWriter(out).write(event);
}

}  // namespace tocsin::detect
