#include "api/suppress/suppression.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "base/json_writer.h"
#include "model/names.h"

namespace tocsin::api {
namespace {

// The first two are bookkeeping for the audit (store/audit.cpp); the others have records.
constexpr std::string_view kIndexKey = "suppressions.index";
constexpr std::string_view kLearnedKey = "suppressions.learned.";
constexpr std::string_view kPlaceKey = "suppression.";
constexpr std::string_view kPauseKey = "suppression.review.";

struct Index {
  std::int64_t revision = 0;
  std::size_t places = 0;  // ever used
};

std::string key_of(std::string_view prefix, std::size_t place) {
  return std::string(prefix) + std::to_string(place);
}

Error damaged(std::string_view key) {
  return error(ErrorKind::kInternal, "read suppressions", "the setting " + std::string(key) + " is damaged",
               "Restore it from a backup");
}

Timestamp to_time(const boost::json::value& value) {
  return from_unix_nanos(value.to_number<std::int64_t>());
}

std::string to_string(const boost::json::value& value) {
  return std::string(value.as_string());
}

// What we wrote ourselves: `convert` throws where it is not that. Absent when nobody set it.
template <class Convert>
auto read(const store::TenantStore& store, const std::string& key, Convert convert)
    -> Result<std::optional<decltype(convert(boost::json::object()))>> {
  using Value = decltype(convert(boost::json::object()));
  TOCSIN_TRY(text, store.setting(key));
  if (!text) return std::optional<Value>();
  try {
    return std::optional<Value>(convert(boost::json::parse(*text).as_object()));
  } catch (const std::exception&) {
    return damaged(key);
  }
}

Result<Index> read_index(const store::TenantStore& store) {
  TOCSIN_TRY(index, read(store, std::string(kIndexKey), [](const boost::json::object& json) {
               return Index{json.at("revision").to_number<std::int64_t>(),
                            json.at("places").to_number<std::size_t>()};
             }));
  return index.value_or(Index());
}

Suppression to_suppression(const boost::json::object& json) {
  Suppression one;
  one.id = to_string(json.at("id"));
  one.name = to_string(json.at("name"));
  one.owner = to_string(json.at("owner"));
  one.reason = to_string(json.at("reason"));
  one.q = to_string(json.at("q"));
  for (const auto& kind : json.at("watched").as_array())
    one.watched.push_back(model::parse_entity_kind(kind.as_string()).value());
  one.accepted_missed = json.at("accepted_missed").to_number<std::int64_t>();
  one.created_at = to_time(json.at("created_at"));
  one.updated_at = to_time(json.at("updated_at"));
  one.updated_by = to_string(json.at("updated_by"));
  one.expires_at = to_time(json.at("expires_at"));
  one.version = json.at("version").to_number<std::int64_t>();
  if (const auto& until = json.at("learns_until"); !until.is_null()) one.learns_until = to_time(until);
  one.learned = json.at("learned").to_number<std::int64_t>();
  one.reviewed = to_string(json.at("reviewed"));
  if (const auto& lifted = json.at("lifted"); !lifted.is_null())
    one.lifted = {to_string(lifted.at("by")), to_time(lifted.at("at"))};
  return one;
}

void write_time(JsonWriter& json, std::string_view name, Timestamp time) {
  json.member(name, to_unix_nanos(time));
}

std::string text_of(const Suppression& one) {
  std::string text;
  JsonWriter json(text);
  json.object([&] {
    json.member("id", one.id);
    json.member("name", one.name);
    json.member("owner", one.owner);
    json.member("reason", one.reason);
    json.member("q", one.q);
    json.member("watched", [&] {
      json.array([&] {
        for (const auto kind : one.watched) json.value(to_text(kind));
      });
    });
    json.member("accepted_missed", one.accepted_missed);
    write_time(json, "created_at", one.created_at);
    write_time(json, "updated_at", one.updated_at);
    json.member("updated_by", one.updated_by);
    write_time(json, "expires_at", one.expires_at);
    json.member("version", one.version);
    one.learns_until ? write_time(json, "learns_until", *one.learns_until)
                     : json.member("learns_until", nullptr);
    json.member("learned", one.learned);
    json.member("reviewed", one.reviewed);
    json.key("lifted");
    if (!one.lifted) return json.value(nullptr);
    json.object([&] {
      json.member("by", one.lifted->by);
      write_time(json, "at", one.lifted->at);
    });
  });
  return text;
}

std::uint64_t to_hash(std::string_view digits) {
  std::uint64_t hash = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), hash, 16);
  if (failed != std::errc{} || end != digits.data() + digits.size()) throw std::invalid_argument("no hash");
  return hash;
}

std::string hex_of(std::uint64_t hash) {
  char digits[16];
  const auto [end, failed] = std::to_chars(digits, digits + sizeof digits, hash, 16);
  (void)failed;  // sixteen digits hold every one
  return std::string(digits, end);
}

}  // namespace

std::string_view to_text(Pause::Kind kind) {
  return kind == Pause::Kind::kNewEntity ? "new_entity" : "jump";
}

std::string_view to_text(SuppressionState state) {
  constexpr std::string_view kWords[] = {"active", "needs_review", "expired", "lifted"};
  return kWords[static_cast<std::size_t>(state)];
}

// Ids of alerts sort by time.
bool is_waiting(const Suppression& suppression, const std::optional<Pause>& pause) {
  return pause && pause->alert > suppression.reviewed;
}

SuppressionState state_of(const Suppression& suppression, const std::optional<Pause>& pause, Timestamp now) {
  if (suppression.lifted) return SuppressionState::kLifted;
  if (now >= suppression.expires_at) return SuppressionState::kExpired;
  return is_waiting(suppression, pause) ? SuppressionState::kNeedsReview : SuppressionState::kActive;
}

Result<std::int64_t> suppressions_revision(const store::TenantStore& store) {
  TOCSIN_TRY(index, read_index(store));
  return index.revision;
}

Result<std::vector<Suppression>> read_suppressions(const store::TenantStore& store) {
  TOCSIN_TRY(index, read_index(store));
  std::vector<Suppression> all;
  for (std::size_t place = 0; place < index.places; ++place) {
    TOCSIN_TRY(one, read(store, key_of(kPlaceKey, place), to_suppression));
    if (!one) continue;
    one->place = place;
    all.push_back(*std::move(one));
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return all;
}

Result<void> save_suppression(store::TenantStore& store, const Suppression& suppression) {
  TOCSIN_TRY(index, read_index(store));
  TOCSIN_CHECK(store.set_setting(key_of(kPlaceKey, suppression.place), text_of(suppression)));
  std::string text;
  JsonWriter json(text);
  json.object([&] {
    json.member("revision", index.revision + 1);
    json.member("places", std::max(index.places, suppression.place + 1));
  });
  return store.set_setting(kIndexKey, text);
}

Result<std::size_t> place_for_new(const std::vector<Suppression>& all, Timestamp now) {
  std::vector<bool> taken(kMaxSuppressions);
  const Suppression* ended = nullptr;
  for (const auto& one : all) {
    if (one.place < taken.size()) taken[one.place] = true;
    if (one.has_ended(now) && (ended == nullptr || one.updated_at < ended->updated_at)) ended = &one;
  }
  const auto found = std::find(taken.begin(), taken.end(), false);
  if (found != taken.end()) return static_cast<std::size_t>(found - taken.begin());
  if (ended != nullptr) return ended->place;
  return error(ErrorKind::kConflict, "suppress alerts",
               "there are " + std::to_string(kMaxSuppressions) + " suppressions in force", "Lift one first");
}

Result<Learned> read_learned(const store::TenantStore& store, const Suppression& suppression) {
  const auto convert = [](const boost::json::object& json) {
    Learned learned;
    for (const auto& one : json.at("entities").as_array())
      learned.entities.push_back(to_hash(one.as_string()));
    for (const auto& one : json.at("hours").as_array())
      learned.hours[one.at("hour").to_number<std::int64_t>()] = one.at("hits").to_number<std::int64_t>();
    return std::pair(to_string(json.at("id")), std::move(learned));
  };
  TOCSIN_TRY(found, read(store, key_of(kLearnedKey, suppression.place), convert));
  // What the place held before is another's.
  return found && found->first == suppression.id ? std::move(found->second) : Learned();
}

Result<void> save_learned(store::TenantStore& store, const Suppression& suppression, const Learned& learned) {
  std::string text;
  JsonWriter json(text);
  json.object([&] {
    json.member("id", suppression.id);
    json.member("entities", [&] {
      json.array([&] {
        for (const auto hash : learned.entities) json.value(hex_of(hash));
      });
    });
    json.member("hours", [&] {
      json.array([&] {
        for (const auto& [hour, hits] : learned.hours) {
          json.object([&, hour = hour, hits = hits] {
            json.member("hour", hour);
            json.member("hits", hits);
          });
        }
      });
    });
  });
  return store.set_setting(key_of(kLearnedKey, suppression.place), text);
}

Result<std::optional<Pause>> read_pause(const store::TenantStore& store, const Suppression& suppression) {
  const auto convert = [](const boost::json::object& json) {
    Pause pause;
    pause.kind = to_string(json.at("kind")) == "jump" ? Pause::Kind::kJump : Pause::Kind::kNewEntity;
    pause.alert = to_string(json.at("alert"));
    pause.sentence = to_string(json.at("sentence"));
    pause.at = to_time(json.at("at"));
    return std::pair(to_string(json.at("id")), std::move(pause));
  };
  TOCSIN_TRY(found, read(store, key_of(kPauseKey, suppression.place), convert));
  if (!found || found->first != suppression.id) return std::optional<Pause>();
  return std::optional(std::move(found->second));
}

Result<void> save_pause(store::TenantStore& store, const Suppression& suppression, const Pause& pause) {
  std::string text;
  JsonWriter json(text);
  json.object([&] {
    json.member("id", suppression.id);
    json.member("kind", to_text(pause.kind));
    json.member("alert", pause.alert);
    json.member("sentence", pause.sentence);
    write_time(json, "at", pause.at);
  });
  return store.set_setting(key_of(kPauseKey, suppression.place), text);
}

Result<std::string> check_scope(std::string_view q, Timestamp now) {
  constexpr auto kAlerts = query::Subject::kAlerts;
  TOCSIN_TRY(condition, query::parse(q, kAlerts));
  auto canonical = query::print(condition, kAlerts);
  if (canonical.empty())
    return error(ErrorKind::kInvalidInput, "suppress alerts", "the search finds every alert",
                 "Say which alerts to hide", "q");
  const auto today = query::resolve(condition, kAlerts, {now, "one"});
  const auto tomorrow = query::resolve(condition, kAlerts, {now + std::chrono::hours(24), "another"});
  if (today != tomorrow)
    return error(ErrorKind::kInvalidInput, "suppress alerts",
                 "the search depends on when or by whom it is asked", "Name times and people outright", "q");
  return canonical;
}

Result<model::Condition> scope_condition(const std::string& q) {
  TOCSIN_TRY(condition, query::parse(q, query::Subject::kAlerts));
  return query::resolve(condition, query::Subject::kAlerts, {});
}

}  // namespace tocsin::api
