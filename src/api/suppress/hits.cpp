#include "api/suppress/hits.h"

#include <boost/json.hpp>

#include "base/json_writer.h"
#include "model/suppressed.h"

namespace tocsin::api {
namespace {

constexpr std::string_view kHitsKey = "suppressions.hits";
constexpr std::size_t kReadAtOnce = 500;

SuppressionHits to_hits(const boost::json::object& json) {
  SuppressionHits hits;
  hits.before = json.at("before").to_number<std::int64_t>();
  for (const auto& one : json.at("hours").as_array())
    hits.hours.add(one.at("hour").to_number<std::int64_t>(), one.at("hits").to_number<std::int64_t>());
  if (const auto& last = json.at("last"); !last.is_null())
    hits.last = from_unix_nanos(last.to_number<std::int64_t>());
  return hits;
}

// What we wrote ourselves: throws where it is not that.
HitState to_state(const boost::json::object& json) {
  HitState state;
  state.settled = json.at("settled").to_number<model::Seq>();
  state.open_from = json.at("open_from").to_number<std::int64_t>();
  for (const auto& one : json.at("of").as_array())
    state.of.emplace(one.at("id").as_string(), to_hits(one.as_object()));
  return state;
}

void write_hits(JsonWriter& json, const std::string& id, const SuppressionHits& hits) {
  json.object([&] {
    json.member("id", id);
    json.member("before", hits.before);
    json.member("hours", [&] {
      json.array([&] {
        for (const auto& [hour, count] : hits.hours.hours()) {
          json.object([&, hour = hour, count = count] {
            json.member("hour", hour);
            json.member("hits", count);
          });
        }
      });
    });
    hits.last ? json.member("last", to_unix_nanos(*hits.last)) : json.member("last", nullptr);
  });
}

using Counted = std::map<std::string, std::pair<triage::HourlyHits::Hours, Timestamp>, std::less<>>;

Result<void> count(store::TenantStore& store, const std::vector<model::Seq>& seqs, Counted& counted) {
  TOCSIN_TRY(alerts, store.alerts().by_seq(seqs));
  for (const auto& alert : alerts) {
    const auto id = model::marked_by(alert, model::kSuppressedTag);
    if (id.empty()) continue;
    auto& [hours, last] = counted[std::string(id)];
    hours[triage::hour_of(alert.received_at)] += alert.occurrences;
    last = std::max(last, alert.received_at);
  }
  return {};
}

}  // namespace

std::int64_t HitState::total(std::string_view id) const {
  const auto found = of.find(id);
  return found == of.end() ? 0 : found->second.before + found->second.hours.since(open_from);
}

Result<HitState> read_hits(const store::TenantStore& store) {
  TOCSIN_TRY(text, store.setting(kHitsKey));
  if (!text) return HitState();
  try {
    return to_state(boost::json::parse(*text).as_object());
  } catch (const std::exception&) {
    return error(ErrorKind::kInternal, "read suppressions", "their count of hits is damaged",
                 "Restore the settings from a backup");
  }
}

Result<void> save_hits(store::TenantStore& store, const HitState& state) {
  std::string text;
  JsonWriter json(text);
  json.object([&] {
    json.member("settled", state.settled);
    json.member("open_from", state.open_from);
    json.member("of", [&] {
      json.array([&] {
        for (const auto& [id, hits] : state.of) write_hits(json, id, hits);
      });
    });
  });
  return store.set_setting(kHitsKey, text);
}

Result<void> recount(store::TenantStore& store, HitState& state) {
  Counted counted;
  std::vector<model::Seq> seqs;
  Result<void> trouble;
  TOCSIN_CHECK(store.alerts().scan_links(state.settled, [&](std::span<const model::LinkRecord> records) {
    for (const auto& record : records) {
      if (model::is_kept_apart(record)) seqs.push_back(record.seq);
      if (seqs.size() < kReadAtOnce) continue;
      trouble = count(store, seqs, counted);
      if (!trouble) return false;
      seqs.clear();
    }
    return true;
  }));
  TOCSIN_CHECK(std::move(trouble));
  TOCSIN_CHECK(count(store, seqs, counted));
  for (auto& [id, hits] : state.of) hits.hours.replace_from(state.open_from, {});
  for (const auto& [id, found] : counted) {
    auto& hits = state.of[id];
    hits.hours.replace_from(state.open_from, found.first);
    hits.last = std::max(hits.last.value_or(Timestamp{}), found.second);
  }
  return {};
}

}  // namespace tocsin::api
