#include "ingest/api_input.h"

#include <algorithm>
#include <array>

#include "base/json_text.h"
#include "ingest/severity.h"
#include "ingest/text.h"
#include "ingest/times.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;

constexpr const char* kNoText = "must be a string";
constexpr std::string_view kNamesHint =
    "Give at least one of message, description, title, alert_type, type or rule. Other names that are read: "
    "ts, "
    "timestamp, occurred_at, severity, user, target_user, username, host, hostname, device, ip, source_ip, "
    "src_ip, "
    "dst_ip, dest_ip, asset_tier, id, source, tags, entities, iocs, attack, raw.";

constexpr std::size_t kMaxFaults = 50;

// What the members of one input add up to.
struct Input {
  AlertDraft& draft;
  bool strict;
  std::string_view pointer;  // leads to the input
  std::string type{};
  std::string_view title{};
  std::string_view message{};
  bool has_time = false;
  bool has_severity = false;
  std::vector<Fault> faults{};

  void fail(std::string_view member, std::string what) {
    if (faults.size() < kMaxFaults)
      faults.push_back({std::string(pointer) + '/' + std::string(member), std::move(what)});
  }
};

// Takes a member's value; the result says what is wrong with it, null when nothing is.
using Take = const char* (*)(const Node& value, Input& input);

// Text of a member: a string, or any scalar where types do not matter.
const char* read_text(const Node& value, const Input& input, std::string& to) {
  if (!value.is_string() && input.strict) return kNoText;
  to = value.scalar();
  return nullptr;
}

template <EntityKind kind, EntityRole role, bool observed>
const char* take_entity(const Node& value, Input& input) {
  std::string text;
  if (value.is_object() && !input.strict) {
    text = value.any({"name", "ip", "hostname", "address", "id"}).scalar();
  } else if (const auto* wrong = read_text(value, input, text)) {
    return wrong;
  }
  if constexpr (observed) {
    input.draft.observed(kind, text, role);
  } else {
    input.draft.entity(kind, text, role);
  }
  return nullptr;
}

template <void (AlertDraft::*set)(std::string_view)>
const char* take_text(const Node& value, Input& input) {
  std::string text;
  if (const auto* wrong = read_text(value, input, text)) return wrong;
  (input.draft.*set)(text);
  return nullptr;
}

const char* take_title(const Node& value, Input& input) {
  if (!value.is_string()) return kNoText;
  input.title = trim(value.text());
  return nullptr;
}

const char* take_message(const Node& value, Input& input) {
  if (!value.is_string()) return kNoText;
  if (input.message.empty()) input.message = trim(value.text());
  return nullptr;
}

const char* take_type(const Node& value, Input& input) {
  std::string text;
  if (value.is_object() && !input.strict) {
    text = value.any({"name", "description", "id"}).scalar();
  } else if (const auto* wrong = read_text(value, input, text)) {
    return wrong;
  }
  if (input.type.empty()) input.type = slug(text);
  return nullptr;
}

const char* take_time(const Node& value, Input& input) {
  if (!value.is_string() && !value.is_number()) return "must be a time: RFC 3339 text or seconds since 1970";
  const auto time = read_time(value);
  if (!time) return "is not a time that can be read; use RFC 3339, such as 2026-01-04T12:00:00Z";
  input.draft.occurred_at(time);
  if (input.draft.alert().occurred_at == Timestamp{}) return "lies more than a year in the future";
  input.has_time = true;
  return nullptr;
}

const char* take_severity(const Node& value, Input& input) {
  input.has_severity = true;
  constexpr const char* kWrong = "must be critical, high, medium, low, info, or a number from 0 to 100";
  if (value.is_string()) {
    const auto severity = severity_from_text(value.text());
    if (!severity) return kWrong;
    input.draft.severity(*severity);
    return nullptr;
  }
  const auto score = value.is_number() ? value.number() : std::nullopt;
  if (!score || *score < 0 || *score > 100) return kWrong;
  input.draft.severity(severity_from_hundred(*score));
  return nullptr;
}

const char* take_asset_tier(const Node& value, Input& input) {
  const auto tier = model::parse_asset_tier(to_lower(value.text()));
  if (!tier) return "must be normal, important or crown_jewel";
  input.draft.asset_tier(*tier);
  return nullptr;
}

const char* take_tags(const Node& value, Input& input) {
  if (!value.is_array() && input.strict) return "must be an array of strings";
  const char* wrong = nullptr;
  value.each([&](const Node& tag) {
    if (!tag.is_string()) wrong = "must be an array of strings";
    input.draft.tag(tag.text());
  });
  return wrong;
}

// "must be one of user, host, …" of the names up to `last`.
template <class Name>
std::string one_of(Name last) {
  std::string text = "must be one of ";
  for (std::uint8_t i = 0; i <= static_cast<std::uint8_t>(last); ++i) {
    text += (i == 0 ? "" : ", ") + std::string(to_text(static_cast<Name>(i)));
  }
  return text;
}

void take_one_entity(const Node& entity, const std::string& place, Input& input) {
  const auto kind = model::parse_entity_kind(entity["kind"].text());
  const auto role = entity["role"] ? model::parse_entity_role(entity["role"].text()) : EntityRole::kRelated;
  if (!entity.is_object()) return input.fail(place, "must be an object: kind, value, role");
  if (!kind) input.fail(place + "/kind", one_of(EntityKind::kMac));
  if (!role) input.fail(place + "/role", one_of(EntityRole::kRelated));
  if (trim(entity["value"].text()).empty())
    input.fail(place + "/value", "must be a string that is not empty");
  if (kind && role) input.draft.entity(*kind, entity["value"].text(), *role);
}

const char* take_entities(const Node& value, Input& input) {
  if (!value.is_array()) return "must be an array of {kind, value, role}";
  std::size_t place = 0;
  value.each([&](const Node& one) { take_one_entity(one, "entities/" + std::to_string(place++), input); });
  return nullptr;
}

const char* take_iocs(const Node& value, Input& input) {
  if (!value.is_array()) return "must be an array of {kind, value} or of strings";
  std::size_t place = 0;
  value.each([&](const Node& ioc) {
    const Node text = ioc.is_object() ? ioc["value"] : ioc;
    if (!text.is_string()) input.fail("iocs/" + std::to_string(place), "must be a string or {kind, value}");
    input.draft.mine(text.text());
    ++place;
  });
  return nullptr;
}

template <void (AlertDraft::*add)(std::string_view)>
const char* take_names(const Node& value, Input& input) {
  const char* wrong = nullptr;
  value.each([&](const Node& name) {
    if (!name.is_string()) wrong = "must be a string or an array of strings";
    (input.draft.*add)(name.text());
  });
  return wrong;
}

const char* take_attack(const Node& value, Input& input) {
  if (!value.is_object()) return "must be an object with techniques and tactics";
  if (const auto* wrong = take_names<&AlertDraft::technique>(value["techniques"], input)) return wrong;
  return take_names<&AlertDraft::tactic>(value["tactics"], input);
}

const char* take_process(const Node& value, Input& input) {
  if (!value.is_object()) return take_entity<EntityKind::kProcess, EntityRole::kRelated, false>(value, input);
  input.draft.command_line(value["command_line"].text());
  input.draft.parent_process(value["parent"].text());
  input.draft.process_hash(value["hash"].text());
  return nullptr;
}

const char* take_raw(const Node&, Input&) {
  return nullptr;
}  // the whole item is kept, whatever is in it

struct Member {
  std::string_view name;
  Take take;
};

template <EntityKind kind, EntityRole role>
constexpr Take kEntity = take_entity<kind, role, false>;
template <EntityKind kind, EntityRole role>
constexpr Take kObserved = take_entity<kind, role, true>;

constexpr Take kUser = kEntity<EntityKind::kUser, EntityRole::kTarget>;
constexpr Take kHost = kEntity<EntityKind::kHost, EntityRole::kTarget>;
constexpr Take kSourceIp = kObserved<EntityKind::kIp, EntityRole::kSource>;
constexpr Take kDestinationIp = kObserved<EntityKind::kIp, EntityRole::kDestination>;
constexpr Take kHash = kObserved<EntityKind::kHash, EntityRole::kRelated>;

// Sorted by name.
constexpr auto kMembers = std::to_array<Member>({
    {"account", kEntity<EntityKind::kAccount, EntityRole::kTarget>},
    {"alert_type", take_type},
    {"asset_tier", take_asset_tier},
    {"attack", take_attack},
    {"command_line", take_text<&AlertDraft::command_line>},
    {"description", take_message},
    {"dest_ip", kDestinationIp},
    {"destination_ip", kDestinationIp},
    {"device", kHost},
    {"domain", kObserved<EntityKind::kDomain, EntityRole::kRelated>},
    {"dst_ip", kDestinationIp},
    {"email", kObserved<EntityKind::kEmail, EntityRole::kRelated>},
    {"entities", take_entities},
    {"file", kEntity<EntityKind::kFile, EntityRole::kRelated>},
    {"file_hash", kHash},
    {"hash", kHash},
    {"host", kHost},
    {"hostname", kHost},
    {"id", take_text<&AlertDraft::source_id>},
    {"iocs", take_iocs},
    {"ip", kSourceIp},
    {"md5", kHash},
    {"message", take_message},
    {"mitre_tactics", take_names<&AlertDraft::tactic>},
    {"mitre_techniques", take_names<&AlertDraft::technique>},
    {"occurred_at", take_time},
    {"process", take_process},
    {"raw", take_raw},
    {"rule", take_type},
    {"severity", take_severity},
    {"sha1", kHash},
    {"sha256", kHash},
    {"source", take_text<&AlertDraft::source>},
    {"source_ip", kSourceIp},
    {"source_url", take_text<&AlertDraft::source_url>},
    {"src_ip", kSourceIp},
    {"tags", take_tags},
    {"target_user", kUser},
    {"techniques", take_names<&AlertDraft::technique>},
    {"timestamp", take_time},
    {"title", take_title},
    {"ts", take_time},
    {"type", take_type},
    {"url", kObserved<EntityKind::kUrl, EntityRole::kRelated>},
    {"user", kUser},
    {"username", kUser},
});
static_assert(std::is_sorted(kMembers.begin(), kMembers.end(),
                             [](const Member& a, const Member& b) { return a.name < b.name; }));

const Member* find_reader(std::string_view name) {
  const auto found =
      std::lower_bound(kMembers.begin(), kMembers.end(), name,
                       [](const Member& member, std::string_view key) { return member.name < key; });
  return found != kMembers.end() && found->name == name ? &*found : nullptr;
}

// Reads every known member; a wrong one stops nothing, but is remembered.
void take_members(const Node& root, Input& input) {
  root.members([&](std::string_view name, const Node& value) {
    const Member* member = value ? find_reader(name) : nullptr;
    if (member == nullptr) return;
    if (const char* wrong = member->take(value, input)) input.fail(name, wrong);
  });
}

// A person's own alert says what happened and how bad it is; what else he says about it is kept as facts.
void take_manual(const Node& root, Input& input) {
  if (input.title.empty()) input.fail("title", "is needed: one line that says what happened");
  if (!input.has_severity) input.fail("severity", "is needed: critical, high, medium, low or info");
  for (const auto* name : {"note", "reported_by"}) {
    const Node value = root[name];
    if (value && !value.is_string()) input.fail(name, kNoText);
    input.draft.fact(name, value.text(), kManualSource);
  }
}

void conclude(Input& input, const Options& options) {
  auto& draft = input.draft;
  if (!input.type.empty()) draft.type(input.type);
  draft.mine(input.title);
  draft.mine(input.message);
  draft.techniques_in(input.message);
  const auto first_line = input.message.substr(0, input.message.find('\n'));
  draft.title(!input.title.empty()  ? input.title
              : !first_line.empty() ? first_line
                                    : std::string_view(input.type));
  draft.message(input.message);
  // The time of arrival is the sender's intent when it names none.
  if (!input.has_time && input.strict) draft.occurred_at(options.now);
}

void read(const Node& root, std::string_view pointer, bool strict, Output& out) {
  if (!root.is_object()) {
    return out.reject("an alert must be a JSON object", std::string(kNamesHint), std::string(pointer));
  }
  std::vector<Fault> faults;
  bool empty = false;
  out.add(model::RecordKind::kAlert, [&](AlertDraft& draft) {
    Input input{draft, strict, pointer};
    take_members(root, input);
    empty = input.type.empty() && input.title.empty() && input.message.empty();
    if (strict && draft.alert().source == kManualSource) take_manual(root, input);
    conclude(input, out.options());
    faults = std::move(input.faults);
  });
  const bool wrong = strict && !faults.empty();
  if (!wrong && !empty) return;
  out.take_back();
  if (wrong) {
    out.reject_members(std::move(faults), pointer.size() + 1);
  } else {
    out.reject("nothing says what the alert is about", std::string(kNamesHint), std::string(pointer));
  }
}

}  // namespace

void read_api_alert(const Node& root, std::string_view pointer, Output& out) {
  read(root, pointer, true, out);
}

bool is_generic_member(std::string_view name) {
  return find_reader(name) != nullptr;
}

bool is_generic(const Node&) {
  return true;
}
void read_generic(const Node& root, Output& out) {
  read(root, "", false, out);
}

}  // namespace tocsin::ingest
