// VPC Flow Logs (Amazon VPC user guide, "Flow log records", versions 2 to 8): the default columns, a file's
// header line, JSON. All are events.

#include <algorithm>
#include <array>

#include "ingest/fields.h"
#include "ingest/ip.h"
#include "ingest/normalisers/normaliser.h"
#include "ingest/text.h"
#include "ingest/times.h"
#include "ingest/traffic.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;

// In the order of the versions; the default format is the first 14.
constexpr auto kColumns = std::to_array<std::string_view>({"version",
                                                           "account-id",
                                                           "interface-id",
                                                           "srcaddr",
                                                           "dstaddr",
                                                           "srcport",
                                                           "dstport",
                                                           "protocol",
                                                           "packets",
                                                           "bytes",
                                                           "start",
                                                           "end",
                                                           "action",
                                                           "log-status",
                                                           "vpc-id",
                                                           "subnet-id",
                                                           "instance-id",
                                                           "tcp-flags",
                                                           "type",
                                                           "pkt-srcaddr",
                                                           "pkt-dstaddr",
                                                           "region",
                                                           "az-id",
                                                           "sublocation-type",
                                                           "sublocation-id",
                                                           "pkt-src-aws-service",
                                                           "pkt-dst-aws-service",
                                                           "flow-direction",
                                                           "traffic-path"});
constexpr std::size_t kDefaultColumns = 14;

constexpr auto kProtocols = std::to_array<std::pair<std::string_view, std::string_view>>(
    {{"1", "icmp"}, {"6", "tcp"}, {"17", "udp"}, {"47", "gre"}, {"50", "esp"}, {"58", "icmpv6"}});

std::string_view protocol_name(std::string_view number) {
  for (const auto& [known, name] : kProtocols) {
    if (known == number) return name;
  }
  return number;
}

constexpr auto kMeanings = std::to_array<FieldMeaning>({
    {"interface-id", EntityKind::kCloudResource, EntityRole::kTarget},
    {"instance-id", EntityKind::kCloudResource, EntityRole::kTarget},
    {"vpc-id", EntityKind::kCloudResource, EntityRole::kRelated},
    {"subnet-id", EntityKind::kCloudResource, EntityRole::kRelated},
    {"account-id", EntityKind::kAccount, EntityRole::kTarget},
});

std::string with_hyphens(std::string_view name) {
  std::string out(name);
  std::replace(out.begin(), out.end(), '_', '-');
  return to_lower(out);
}

// Column names are spelt with hyphens; JSON and Parquet have underscores.
Fields from_object(const Node& object) {
  Fields fields;
  object.members([&](std::string_view key, const Node& value) {
    const auto whole = value.number();
    const bool counted = value.is_number() && whole && *whole >= 0 && *whole < 1e15;
    fields.add_own(with_hyphens(key),
                   counted ? std::to_string(static_cast<std::int64_t>(*whole)) : value.scalar());
  });
  return fields;
}

// `names` empty: the columns of the documented order.
Fields from_line(std::string_view line, const std::vector<std::string_view>& names) {
  Fields fields;
  for (std::size_t place = 0; !line.empty(); ++place) {
    const auto end = std::min(line.find_first_of(" \t"), line.size());
    const auto value = line.substr(0, end);
    line = trim(line.substr(end));
    if (!names.empty() && place < names.size()) fields.add(names[place], value);
    if (names.empty() && place < kColumns.size()) fields.add(kColumns[place], value);
  }
  return fields;
}

bool is_all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_digit);
}

// What a value can only be, by its looks; empty when several columns look alike (ports, counts, flags).
std::string_view column_of(std::string_view value) {
  constexpr auto kPrefixes = std::to_array<std::pair<std::string_view, std::string_view>>(
      {{"eni-", "interface-id"}, {"i-", "instance-id"}, {"vpc-", "vpc-id"}, {"subnet-", "subnet-id"}});
  for (const auto& [prefix, column] : kPrefixes) {
    if (value.starts_with(prefix)) return column;
  }
  if (value == "ACCEPT" || value == "REJECT") return "action";
  if (value == "OK" || value == "NODATA" || value == "SKIPDATA") return "log-status";
  if (value == "ingress" || value == "egress") return "flow-direction";
  if (is_all_digits(value) && value.size() == 12) return "account-id";
  return parse_ip(value) ? "address" : std::string_view();
}

// A line of custom columns whose header did not come along. Of addresses the interface's pair comes before
// the packet's; of numbers as large as the time now the first is the start.
Fields from_custom_line(std::string_view line) {
  constexpr auto kAddresses =
      std::to_array<std::string_view>({"srcaddr", "dstaddr", "pkt-srcaddr", "pkt-dstaddr"});
  constexpr auto kTimes = std::to_array<std::string_view>({"start", "end"});
  Fields fields;
  std::size_t addresses = 0;
  std::size_t times = 0;
  while (!line.empty()) {
    const auto value = take_until(line, ' ');
    const auto column = column_of(value);
    const bool time = is_all_digits(value) && value.size() == 10 && value[0] == '1';
    if (column == "address" && addresses < kAddresses.size()) {
      fields.add(kAddresses[addresses++], value);
    } else if (!column.empty()) {
      fields.add(column, value);
    } else if (time && times < kTimes.size()) {
      fields.add(kTimes[times++], value);
    }
  }
  return fields;
}

// In the documented order the address of version 2's fourth column can be nothing else.
bool has_default_order(const Fields& fields) {
  return fields["interface-id"].starts_with("eni-") &&
         (fields["srcaddr"].empty() || parse_ip(fields["srcaddr"]));
}

void read_flow(const Fields& fields, AlertDraft& draft) {
  const auto direction = fields["flow-direction"];
  const auto source = fields.any({"pkt-srcaddr", "srcaddr"});
  const auto destination = fields.any({"pkt-dstaddr", "dstaddr"});
  const auto ends = describe_traffic(source, fields["srcport"], destination, fields["dstport"],
                                     protocol_name(fields["protocol"]));
  const auto action = fields.any({"action", "log-status"});
  draft.type("vpc_flow");
  draft.title("VPC flow " + std::string(action) + (ends.empty() ? "" : ": " + ends));
  draft.severity(model::Severity::kInfo);
  draft.occurred_at(read_time(fields["start"]));
  draft.occurred_at(read_time(fields["end"]));
  for (const auto* name : {"action", "log-status", "flow-direction", "reject-reason", "region"}) {
    draft.tag(fields[name]);
  }
  add_traffic(draft, {source, direction == "egress" ? Side::kOwn : Side::kUnknown},
              {destination, direction == "ingress" ? Side::kOwn : Side::kUnknown}, Suspect::kBoth);
  add_entities(fields, kMeanings, draft);
}

bool is_flow(const Fields& fields) {
  return !fields["interface-id"].empty() || (!fields["srcaddr"].empty() && !fields["dstaddr"].empty());
}

bool is_header(std::string_view line) {
  const auto has = [&](std::string_view name) { return line.find(name) != std::string_view::npos; };
  if (line.find_first_of("={\"") != std::string_view::npos) return false;
  return (has("srcaddr") && has("dstaddr")) || has("interface-id") || (has("pkt-srcaddr") && has("action"));
}

std::vector<std::string_view> names_of(std::string_view header) {
  std::vector<std::string_view> names;
  while (!header.empty() && names.size() < kMaxFields) {
    const auto end = std::min(header.find_first_of(" \t"), header.size());
    names.push_back(header.substr(0, end));
    header = trim(header.substr(end));
  }
  return names;
}

constexpr std::string_view kHint =
    "Send the default columns, a header line that names yours, or JSON with the names of the columns.";

// Columns by their header's names, else in the documented order, else by what they look like.
Fields fields_of_line(std::string_view line, const std::vector<std::string_view>& names) {
  auto fields = from_line(line, names);
  return names.empty() && !has_default_order(fields) ? from_custom_line(line) : std::move(fields);
}

void read_line(std::string_view line, const std::vector<std::string_view>& names, Output& out) {
  const auto fields = fields_of_line(line, names);
  if (!is_flow(fields)) return out.reject("this is not a flow log record", std::string(kHint));
  out.add_line(model::RecordKind::kEvent, fields, [&](AlertDraft& draft) { read_flow(fields, draft); });
}

}  // namespace

// "2 123456789010 eni-… " with at least the default columns.
bool is_vpcflow_line(std::string_view line) {
  if (line.size() < 20 || !is_digit(line[0]) || line[1] != ' ') return false;
  const auto fields = from_line(line, {});
  return fields.all().size() >= kDefaultColumns && fields["interface-id"].starts_with("eni-");
}

bool is_vpcflow_object(const Node& object) {
  const auto is_text = [](const Node& node) { return is_vpcflow_line(node.text()); };
  return (object.any({"interface_id", "interface-id"}) &&
          object.any({"log_status", "log-status", "action"})) ||
         (object["srcaddr"] && object["dstaddr"] && object["action"]) || is_text(object["message"]) ||
         is_text(object["logEvents"].at(0)["message"]);
}

bool is_vpcflow_document(std::string_view body) {
  return is_header(trim(take_until(body, '\n'))) && !body.empty();
}

void read_vpcflow_document(std::string_view body, Output& out) {
  const auto names = names_of(trim(take_until(body, '\n')));
  for (std::size_t index = 0; !body.empty();) {
    const auto line = trim(take_until(body, '\n'));
    if (line.empty()) continue;
    if (!out.part(line, index++, [&](Output& one) { read_line(line, names, one); })) return;
  }
}

void read_vpcflow_line(std::string_view line, Output& out) {
  if (is_header(line)) return;  // the names of columns that the documented order has as well
  read_line(line, {}, out);
}

void read_vpcflow_object(const Node& object, Output& out) {
  const auto read_text = [&](std::string_view line, std::string_view bytes) {
    const auto fields = fields_of_line(line, {});
    if (!is_flow(fields)) return out.reject_part(bytes, "this is not a flow log record", std::string(kHint));
    out.add(model::RecordKind::kEvent, bytes, [&](AlertDraft& draft) { read_flow(fields, draft); });
  };
  if (is_vpcflow_line(object["message"].text())) return read_text(object["message"].text(), out.item());
  if (const Node events = object["logEvents"]) {
    return for_each_part(out.item(), "logEvents", events,
                         [&](const Node& event, std::string_view bytes, std::size_t) {
                           read_text(event["message"].text(), bytes);
                         });
  }
  const auto fields = from_object(object);
  if (!is_flow(fields)) {
    return out.reject("this is not a flow log record", "It has interface_id, srcaddr, dstaddr and action.");
  }
  out.add(model::RecordKind::kEvent, [&](AlertDraft& draft) { read_flow(fields, draft); });
}

}  // namespace tocsin::ingest
