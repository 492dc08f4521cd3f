#include "api/dto/suppression_dto.h"

#include "api/dto/noise_dto.h"

namespace tocsin::api {
namespace {

void write_pause(JsonWriter& json, const SuppressionStanding& standing) {
  if (!is_waiting(standing.set, standing.pause)) return json.value(nullptr);
  json.object([&] {
    json.member("reason", to_text(standing.pause->kind));
    json.member("alert_id", standing.pause->alert);
    json.member("sentence", standing.pause->sentence);
    json.member("at", standing.pause->at);
  });
}

void write_lift(JsonWriter& json, const std::optional<Suppression::Lift>& lift) {
  if (!lift) return json.value(nullptr);
  json.object([&] {
    json.member("by", lift->by);
    json.member("at", lift->at);
  });
}

void write_hits(JsonWriter& json, const std::string& id, const HitState& hits) {
  const auto found = hits.of.find(id);
  json.member("hits", hits.total(id));
  json.member("last_hit_at", found == hits.of.end() ? std::nullopt : found->second.last);
}

}  // namespace

void write_suppression(JsonWriter& json, const SuppressionStanding& standing, const HitState& hits,
                       Timestamp now) {
  const auto& set = standing.set;
  json.object([&] {
    json.member("id", set.id);
    json.member("name", set.name);
    json.member("owner", set.owner);
    json.member("reason", set.reason);
    json.member("q", set.q);
    json.member("state", to_text(state_of(set, standing.pause, now)));
    json.member("watch", [&] {
      json.array([&] {
        for (const auto kind : set.watched) json.value(to_text(kind));
      });
    });
    json.member("known_entities", standing.known);
    json.member("learning_until", set.learns_until);
    json.member("accepted_missed", set.accepted_missed);
    write_hits(json, set.id, hits);
    json.key("review");
    write_pause(json, standing);
    json.key("lifted");
    write_lift(json, set.lifted);
    json.member("expires_at", set.expires_at);
    json.member("created_at", set.created_at);
    json.member("updated_at", set.updated_at);
    json.member("updated_by", set.updated_by);
    json.member("version", set.version);
  });
}

void write_look_back(JsonWriter& json, const LookBack& found, const Missed& missed) {
  json.member("alerts", found.input.alerts.size());
  json.member("in_part", found.input.in_part);
  write_noise_replay(json, found.replay);
  json.member("never_hidden", [&] {
    json.object([&] {
      for (std::size_t i = 0; i < triage::kGuards; ++i)
        json.member(to_text(static_cast<triage::Guard>(i)), found.guarded[i]);
    });
  });
  json.member("entities", found.learned.entities.size());
  json.member("missed", missed.alerts);
  json.member("missed_days", kMissedDays);
  json.member("real", missed.ids);
}

}  // namespace tocsin::api
