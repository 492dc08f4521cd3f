#include "ingest/windows_event.h"

#include <array>

#include "ingest/text.h"
#include "ingest/xml.h"

namespace tocsin::ingest {
namespace {

// Elements with text of the System part, and of RenderingInfo.
constexpr auto kSystem = std::to_array<std::string_view>(
    {"EventID", "Level", "EventRecordID", "Channel", "Computer", "Message", "Keywords", "Task"});

bool is_system_name(std::string_view name) {
  for (const auto known : kSystem) {
    if (known == name) return true;
  }
  return false;
}

// Builds the fields of one <Event> from its tokens.
class XmlEvent {
 public:
  void open(const XmlReader& xml) {
    name_ = xml.name();
    if (name_ == "EventData" || name_ == "UserData") in_data_ = true;
    if (name_ == "Provider") fields_.add_own("Provider", xml.attribute("Name"));
    if (name_ == "TimeCreated") fields_.add_own("TimeCreated", xml.attribute("SystemTime"));
    if (name_ == "Security") fields_.add_own("UserID", xml.attribute("UserID"));
    data_name_ = name_ == "Data" ? xml.attribute("Name") : std::string();
  }
  void close(std::string_view name) {
    if (name == "EventData" || name == "UserData") in_data_ = false;
    name_ = {};
  }
  void text(const XmlReader& xml) {
    if (!data_name_.empty()) return fields_.add_own(data_name_, xml.text());
    if (in_data_ && name_ == "Data") return fields_.add_own("Data" + std::to_string(++unnamed_), xml.text());
    if (!name_.empty() && (in_data_ || is_system_name(name_))) fields_.add_own(name_, xml.text());
  }
  Fields take() { return std::move(fields_); }

 private:
  Fields fields_;
  std::string_view name_;
  std::string data_name_;
  int unnamed_ = 0;
  bool in_data_ = false;
};

void copy(const Fields& from, Fields& to) {
  for (const auto& [name, value] : from.all()) to.add_own(name, std::string(value));
}

void add(Fields& to, std::string_view name, const Node& value) {
  if (value) to.add_own(name, value.scalar());
}

// EventData as an object of names, as evtx_dump's list of {"#attributes": {"Name": …}, "#text": …}, or as
// XML.
void add_data(const Node& data, Fields& to) {
  if (data.is_string() && data.text().find('<') != std::string_view::npos) {
    const auto inner = read_windows_xml("<EventData>" + std::string(data.text()) + "</EventData>");
    if (inner) copy(*inner, to);
    return;
  }
  copy(fields_of(data, 3), to);
  data["Data"].each([&](const Node& item) {
    const Node attribute = item["#attributes"]["Name"];
    const auto named = attribute ? attribute.text() : item.any({"@Name", "Name"}).text();
    if (!named.empty()) to.add_own(named, item.any({"#text", "Value", "text"}).scalar());
  });
}

std::string text_or_attribute(const Node& node, std::string_view attribute) {
  if (!node.is_object()) return node.scalar();
  const Node inner = node["#attributes"] ? node["#attributes"][attribute] : node[attribute];
  return inner ? inner.scalar() : node["#text"].scalar();
}

Fields from_evtx_dump(const Node& event) {
  Fields fields;
  const Node system = event["System"];
  const Node id = system["EventID"];
  fields.add_own("Provider", text_or_attribute(system["Provider"], "Name"));
  fields.add_own("EventID", id.is_object() ? id.any({"#text", "Value"}).scalar() : id.scalar());
  fields.add_own("TimeCreated", text_or_attribute(system["TimeCreated"], "SystemTime"));
  for (const auto* name : {"Level", "EventRecordID", "Channel", "Computer"}) add(fields, name, system[name]);
  add_data(event["EventData"], fields);
  add_data(event["UserData"], fields);
  add(fields, "Message", event["RenderingInfo"]["Message"]);
  return fields;
}

Fields from_winlogbeat(const Node& object) {
  Fields fields;
  const Node log = object["winlog"];
  add(fields, "Provider", log["provider_name"]);
  add(fields, "EventID", log["event_id"]);
  add(fields, "EventRecordID", log["record_id"]);
  add(fields, "Channel", log["channel"]);
  add(fields, "Computer", log["computer_name"]);
  add(fields, "Level", object["log"]["level"]);
  add(fields, "TimeCreated", object["@timestamp"]);
  add(fields, "Message", object["message"]);
  copy(fields_of(log["event_data"], 2), fields);
  copy(fields_of(log["user_data"], 2), fields);
  const Node user = log["user"];
  if (user["name"] && !user["domain"].text().empty()) {
    fields.add_own("User", user["domain"].scalar() + '\\' + user["name"].scalar());
  } else {
    add(fields, "User", user["name"]);
  }
  return fields;
}

// Names that flat shapes give the system part.
Fields from_flat(const Node& object) {
  Fields fields;
  add(fields, "Provider",
      object.any(
          {"Provider", "ProviderName", "SourceName", "EventSourceName", "SourceModuleName", "source_name"}));
  add(fields, "EventID", object.any({"EventID", "EventId", "Id", "event_id"}));
  add(fields, "Channel", object.any({"Channel", "LogName", "channel", "log_name"}));
  add(fields, "Computer",
      object.any({"Computer", "ComputerName", "MachineName", "Hostname", "computer_name"}));
  add(fields, "EventRecordID",
      object.any({"EventRecordID", "RecordNumber", "RecordId", "EventRecordId", "record_number"}));
  add(fields, "Level", object.any({"Level", "LevelDisplayName", "EventLevelName", "Severity"}));
  add(fields, "TimeCreated",
      object.any({"TimeCreated", "SystemTime", "UtcTime", "EventTime", "TimeGenerated", "EventReceivedTime",
                  "time_created", "@timestamp"}));
  copy(fields_of(object), fields);
  add_data(object.any({"EventData", "event_data"}), fields);
  return fields;
}

}  // namespace

std::optional<Fields> read_windows_xml(std::string_view xml) {
  XmlReader reader(xml);
  XmlEvent event;
  for (auto token = reader.next(); token != XmlReader::Token::kEnd; token = reader.next()) {
    if (token == XmlReader::Token::kOpen) event.open(reader);
    if (token == XmlReader::Token::kClose) event.close(reader.name());
    if (token == XmlReader::Token::kText) event.text(reader);
  }
  auto fields = event.take();
  if (fields.empty()) return std::nullopt;
  return fields;
}

std::optional<Fields> read_windows_json(const Node& object) {
  Fields fields = object["Event"]["System"].is_object() ? from_evtx_dump(object["Event"])
                  : object["System"].is_object()        ? from_evtx_dump(object)
                  : object["winlog"].is_object()        ? from_winlogbeat(object)
                                                        : from_flat(object);
  if (fields["EventID"].empty()) return std::nullopt;
  return fields;
}

}  // namespace tocsin::ingest
