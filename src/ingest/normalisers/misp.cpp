// MISP events (JSON export, REST, feeds): one intel record an event, more when it holds more indicators than
// a record may. Attributes of deleted or merely proposed state are left out.

#include <array>

#include "ingest/normalisers/normaliser.h"
#include "ingest/paths.h"
#include "ingest/text.h"
#include "ingest/times.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;
using model::RecordKind;
using model::Severity;

struct AttributeType {
  std::string_view type;
  EntityKind kind;
  EntityRole role;
  bool specific = false;  // hardly ever harmless, so that it counts without to_ids
};
// https://www.misp-project.org/datamodels/#types; of "a|b" the parts are read by their own names.
constexpr auto kTypes = std::to_array<AttributeType>({
    {"ip-src", EntityKind::kIp, EntityRole::kSource},
    {"ip-dst", EntityKind::kIp, EntityRole::kDestination},
    {"ip", EntityKind::kIp, EntityRole::kRelated},
    {"domain", EntityKind::kDomain, EntityRole::kDestination},
    {"hostname", EntityKind::kDomain, EntityRole::kDestination},
    {"url", EntityKind::kUrl, EntityRole::kRelated, true},
    {"uri", EntityKind::kUrl, EntityRole::kRelated, true},
    {"md5", EntityKind::kHash, EntityRole::kRelated, true},
    {"sha1", EntityKind::kHash, EntityRole::kRelated, true},
    {"sha256", EntityKind::kHash, EntityRole::kRelated, true},
    {"imphash", EntityKind::kHash, EntityRole::kRelated},
    {"email", EntityKind::kEmail, EntityRole::kSource},
    {"email-src", EntityKind::kEmail, EntityRole::kSource},
    {"email-reply-to", EntityKind::kEmail, EntityRole::kSource},
    {"email-dst", EntityKind::kEmail, EntityRole::kTarget},
    {"email-attachment", EntityKind::kFile, EntityRole::kRelated},
    {"filename", EntityKind::kFile, EntityRole::kRelated},
    {"mac-address", EntityKind::kMac, EntityRole::kRelated},
    {"target-email", EntityKind::kEmail, EntityRole::kTarget},
    {"target-machine", EntityKind::kHost, EntityRole::kTarget},
    {"target-user", EntityKind::kUser, EntityRole::kTarget},
    {"vulnerability", EntityKind::kCve, EntityRole::kRelated, true},
});

struct Pair {
  std::string_view type, first, second;
};
constexpr auto kPairs = std::to_array<Pair>(
    {{"malware-sample", "filename", "md5"}, {"attachment", "filename", ""}, {"domain|ip", "domain", "ip"}});

bool is_email_kind(EntityKind kind) {
  return kind == EntityKind::kEmail;
}

void read_value(std::string_view type, std::string_view value, bool to_ids, AlertDraft& draft) {
  for (const auto& known : kTypes) {
    if (known.type != type) continue;
    if (known.kind == EntityKind::kUrl && value.starts_with('/')) continue;  // a path alone leads nowhere
    const bool victim = is_email_kind(known.kind) && known.role == EntityRole::kTarget;
    const bool indicator = (to_ids || known.specific) && !victim;
    add_entity(draft, known.kind, value, known.role, indicator ? Standing::kReported : Standing::kOwn);
  }
}

void read_attribute(const Node& attribute, AlertDraft& draft) {
  if (attribute["deleted"].is_true()) return;
  auto type = attribute["type"].text();
  auto value = attribute["value"].text();
  const bool to_ids = attribute["to_ids"].is_true();
  auto second_type = std::string_view();
  for (const auto& pair : kPairs) {
    if (pair.type != type) continue;
    second_type = pair.second;
    type = pair.first;
    break;
  }
  if (second_type.empty() && type.find('|') != std::string_view::npos) {
    second_type = type;
    type = take_until(second_type, '|');
  }
  read_value(type, take_until(value, '|'), to_ids, draft);
  if (!second_type.empty() && second_type != "port") read_value(second_type, value, to_ids, draft);
}

// 1 high, 2 medium, 3 low, 4 undefined.
Severity severity_of(const Node& event) {
  const auto level = event["threat_level_id"].integer().value_or(4);
  if (level == 1) return Severity::kHigh;
  return level == 3 ? Severity::kLow : Severity::kMedium;
}

std::string_view analysis_name(const Node& event) {
  constexpr std::array<std::string_view, 3> kNames{"initial", "ongoing", "complete"};
  const auto state = event["analysis"].integer().value_or(-1);
  return state >= 0 && state < 3 ? kNames[static_cast<std::size_t>(state)] : std::string_view();
}

void read_tag(const Node& tag, AlertDraft& draft) {
  const auto name = tag["name"].text();
  draft.tag(name);
  if (name.find("attack-pattern") != std::string_view::npos) draft.techniques_in(name);
}

// Clusters of ATT&CK carry the id in their name ("PowerShell - T1059.001") and in "external_id".
void read_galaxy(const Node& galaxy, AlertDraft& draft) {
  const bool attack = galaxy["type"].text().find("attack-pattern") != std::string_view::npos;
  galaxy["GalaxyCluster"].each([&](const Node& cluster) {
    draft.tag(cluster["value"].text());
    if (!attack && cluster["type"].text().find("attack-pattern") == std::string_view::npos) return;
    draft.techniques_in(cluster["value"].text());
    each_at(cluster, "meta.external_id", [&](const Node& id) { draft.techniques_in(id.text()); });
  });
}

// What analysts attached to an event or to one of its attributes.
void read_context(const Node& from, AlertDraft& draft) {
  from["Tag"].each([&](const Node& tag) { read_tag(tag, draft); });
  from["Galaxy"].each([&](const Node& galaxy) { read_galaxy(galaxy, draft); });
}

void read_head(const Node& event, AlertDraft& draft) {
  draft.source_id(first_text(event, {"uuid", "id"}));
  draft.title(event["info"].text());
  draft.type("misp_event");
  draft.severity(severity_of(event));
  draft.occurred_at(read_time(std::string(event["date"].text()) + "T00:00:00Z"));
  draft.occurred_at(read_time(event["timestamp"]));
  draft.vendor_status(analysis_name(event));
  read_context(event, draft);
}

// What an event's first record says of the whole event, for those that follow it.
void repeat_head(const model::Alert& head, AlertDraft& draft) {
  draft.source_id(head.source_id.value_or(""));
  draft.title(head.title);
  draft.type(head.type);
  draft.severity(head.severity);
  draft.occurred_at(head.occurred_at);
  draft.vendor_status(head.vendor_status.value_or(""));
  for (const auto& tag : head.tags) draft.tag(tag);
  for (const auto& technique : head.attack.techniques) draft.technique(technique);
  for (const auto& tactic : head.attack.tactics) draft.tactic(tactic);
}

// Attributes of the event, then of its objects.
template <class F>
void each_attribute(const Node& event, F f) {
  event["Attribute"].each(f);
  event["Object"].each([&](const Node& object) {
    if (!object["deleted"].is_true()) object["Attribute"].each(f);
  });
}

// A record holds at most kMaxEntities: attributes go to as many records as they need, each looked at once.
class EventReader {
 public:
  EventReader(const Node& event, std::string_view bytes, Output& out)
      : event_(event), bytes_(bytes), out_(out), first_(out.count()) {}

  void run() {
    each_attribute(event_, [&](const Node& attribute) {
      batch_.push_back(attribute);
      if (batch_.size() == kBatch) flush();
    });
    if (!batch_.empty() || out_.count() == first_) flush();
  }

 private:
  static constexpr std::size_t kBatch = model::kMaxEntities / 2;  // "a|b" makes two

  void flush() {
    const bool leads = out_.count() == first_;
    if (out_.count() == first_ + 1) head_ = out_.newest();
    out_.add(RecordKind::kIntel, leads ? bytes_ : std::string_view("{}"), [&](AlertDraft& draft) {
      leads ? read_head(event_, draft) : repeat_head(head_, draft);
      for (const auto& attribute : batch_) {
        if (attribute["deleted"].is_true()) continue;
        read_context(attribute, draft);
        read_attribute(attribute, draft);
      }
    });
    batch_.clear();
  }

  const Node& event_;
  std::string_view bytes_;
  Output& out_;
  std::size_t first_;
  std::vector<Node> batch_;
  model::Alert head_;  // the event's first record, once there is a second
};

bool is_event(const Node& event) {
  return event["info"].is_string() && (event["threat_level_id"] || event["Orgc"] || event["orgc_id"]) &&
         (event["Attribute"] || event["Object"] || event["uuid"]);
}

bool is_attribute(const Node& attribute) {
  return attribute["type"].is_string() && attribute["value"].is_string() && attribute["category"] &&
         attribute["to_ids"];
}

// An attribute of a search, or as the feed of changes sends it: its event stands in it or beside it.
void read_lone_attribute(const Node& attribute, const Node& event, std::string_view bytes, Output& out) {
  out.add(RecordKind::kIntel, bytes, [&](AlertDraft& draft) {
    draft.source_id(first_text(attribute, {"uuid", "id"}));
    draft.title(first_text(event, {"info"}));
    draft.title(attribute["value"].text());
    draft.message(attribute["comment"].text());
    draft.type("misp_attribute");
    draft.severity(severity_of(event));
    draft.occurred_at(read_time(attribute["timestamp"]));
    read_context(attribute, draft);
    draft.tag(attribute["category"].text());
    read_attribute(attribute, draft);
  });
}

void read_wrapped(const Node& object, std::string_view bytes, Output& out) {
  const Node inner = object["Event"].is_object() ? object["Event"] : object;
  if (is_event(inner)) return EventReader(inner, bytes, out).run();
  out.reject_part(bytes, "not a MISP event",
                  "Send an event as MISP exports it: {\"Event\": …}, or a list in \"response\".");
}

}  // namespace

bool is_misp(const Node& object) {
  const Node first = object["response"].is_array() ? object["response"].at(0) : object;
  return is_event(first) || is_event(first["Event"]) || is_attribute(object["response"]["Attribute"].at(0)) ||
         is_attribute(object["Attribute"]);
}

void read_misp(const Node& object, Output& out) {
  const Node list = object["response"];
  if (list["Attribute"].is_array() && is_attribute(list["Attribute"].at(0))) {
    return for_each_part(find_member(out.item(), "response"), "Attribute", list["Attribute"],
                         [&](const Node& one, std::string_view bytes, std::size_t) {
                           read_lone_attribute(one, one["Event"], bytes, out);
                         });
  }
  if (object["Attribute"].is_object() && is_attribute(object["Attribute"]))
    return read_lone_attribute(object["Attribute"], object["Event"], out.item(), out);
  if (!list.is_array()) return read_wrapped(object, out.item(), out);
  for_each_part(out.item(), "response", list,
                [&](const Node& one, std::string_view bytes, std::size_t) { read_wrapped(one, bytes, out); });
}

}  // namespace tocsin::ingest
