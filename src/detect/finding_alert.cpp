#include "base/display_text.h"
#include "base/hash.h"
#include "base/json_writer.h"
#include "detect/finding.h"
#include "model/attack.h"

namespace tocsin::detect {
namespace {

using model::EntityKind;
using model::EntityRole;

constexpr std::size_t kMaxRawEvent = 64 * 1024;  // a longer record is read through its seq
constexpr std::size_t kMaxTags = 16;
constexpr std::string_view kAttackTag = "attack.";

void add_entities(const model::Event& event, model::Alert& alert) {
  const auto add = [&alert](EntityKind kind, const std::optional<std::string>& value, EntityRole role) {
    if (value && !value->empty()) alert.entities.push_back({kind, *value, role});
  };
  add(EntityKind::kUser, event.user, EntityRole::kActor);
  add(EntityKind::kIp, event.ip, EntityRole::kSource);
  const bool is_cloud = event.source == "aws" || event.source == "azure" || event.source == "gcp";
  add(is_cloud ? EntityKind::kCloudResource : EntityKind::kHost, event.resource, EntityRole::kTarget);
}

// What is not ATT&CK stays a tag.
void add_tags(const std::vector<std::string>& tags, model::Alert& alert) {
  for (const auto& tag : tags) {
    if (!tag.starts_with(kAttackTag) && alert.tags.size() < kMaxTags)
      alert.tags.push_back(display_text(tag, 100));
  }
  alert.attack = attack_of(tags);
}

void write_rule(const Finding& finding, JsonWriter& json) {
  const auto& notice = finding.notice;
  json.object([&] {
    json.member("id", finding.rule);
    json.member("title", finding.headline);
    json.member("author", display_text(notice.author, 400));
    json.member("license", display_text(notice.license, 100));
    json.member("false_positives", notice.false_positives);
    json.member("references", notice.references);
  });
}

std::string raw_of(const Finding& finding) {
  std::string raw;
  JsonWriter json(raw);
  json.object([&] {
    json.member("rule", [&] { write_rule(finding, json); });
    json.member("event_seqs", [&] {
      json.array([&] {
        for (const auto seq : finding.event_seqs) json.value(seq);
      });
    });
    json.member("matched", [&] {
      json.array([&] {
        for (const auto& one : finding.evidence) {
          json.object([&] {
            json.member("selection", one.selection);
            json.member("field", one.field);
            json.member("value", one.value);
          });
        }
      });
    });
    if (finding.event->raw.size() > kMaxRawEvent) return;
    json.key("event");
    json.raw(finding.event->raw);
  });
  return raw;
}

}  // namespace

model::Attack attack_of(const std::vector<std::string>& tags) {
  std::vector<std::string> techniques, tactics;
  for (const auto& tag : tags) {
    if (!tag.starts_with(kAttackTag)) continue;
    auto name = tag.substr(kAttackTag.size());
    for (auto& c : name) c = c == '_' ? '-' : c;
    (model::find_tactic(name) ? tactics : techniques).push_back(std::move(name));
  }
  return model::checked_attack(techniques, tactics);
}

std::string source_id_of(model::Seq event, std::string_view rule) {
  return "EV-" + std::to_string(event) + "-" + to_hex(hash64(rule)).substr(0, 8);
}

model::Alert to_alert(const Finding& finding) {
  model::Alert alert;
  alert.source = kDetectionSource;
  alert.source_id = source_id_of(finding.event->seq, finding.rule);
  alert.type = finding.type;
  alert.title = finding.headline;
  alert.message = finding.reason;
  alert.severity = finding.severity;
  alert.occurred_at = alert.first_seen = alert.last_seen = finding.event->occurred_at;
  alert.received_at = finding.event->received_at;
  add_entities(*finding.event, alert);
  alert.tags.push_back("rule:" + display_text(finding.rule, 120));
  add_tags(finding.notice.tags, alert);
  alert.raw = raw_of(finding);
  return alert;
}

}  // namespace tocsin::detect
