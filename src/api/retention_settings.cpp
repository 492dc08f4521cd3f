#include "api/retention_settings.h"

#include <boost/json.hpp>

namespace tocsin::api {
namespace {

constexpr std::string_view kSetting = "retention";
constexpr std::size_t kAlertsAtOnce = 500;  // some milliseconds of the writer's time

}  // namespace

Result<RetentionSettings> read_retention(const store::TenantStore& store) {
  RetentionSettings settings;
  TOCSIN_TRY(text, store.setting(kSetting));
  if (!text) return settings;
  boost::system::error_code failed;
  const auto json = boost::json::parse(*text, failed);
  if (failed || !json.is_object())
    return error(ErrorKind::kInternal, "read the retention", "its setting is damaged", "Set it again");
  const auto number = [&](const char* name) {
    const auto* value = json.as_object().if_contains(name);
    return value != nullptr && value->is_int64() ? std::optional(value->as_int64()) : std::nullopt;
  };
  settings.days = number("days");
  settings.bytes = number("bytes");
  return settings;
}

Result<void> save_retention(store::TenantStore& store, const RetentionSettings& settings) {
  std::string text;
  JsonWriter json(text);
  json.object([&] {
    json.member("days", settings.days);
    json.member("bytes", settings.bytes);
  });
  return store.set_setting(kSetting, text);
}

Result<std::optional<Timestamp>> retention_cut(store::TenantStore& store, const RetentionSettings& settings,
                                               Timestamp now) {
  std::optional<Timestamp> cut;
  if (settings.days) cut = now - Nanos(std::chrono::hours(24) * *settings.days);
  if (!settings.bytes) return cut;
  TOCSIN_TRY(newest, store.retention().newest_within(*settings.bytes));
  if (newest && (!cut || *newest > *cut)) cut = newest;
  return cut;
}

void write_removed(JsonWriter& json, const store::Removed& removed) {
  json.member("alerts", removed.alerts);
  json.member("incidents", removed.incidents);
  json.member("events", removed.events);
  json.member("dead_letters", removed.dead_letters);
  json.member("held_alerts", removed.held_alerts);
}

Result<store::Removed> run_retention(store::TenantStore& store, Timestamp now,
                                     const std::function<bool()>& go_on) {
  store::Removed removed;
  TOCSIN_TRY(settings, read_retention(store));
  TOCSIN_TRY(cut, retention_cut(store, settings, now));
  if (!cut) return removed;
  for (model::Seq after = 0; go_on();) {
    TOCSIN_TRY(slice, store.retention().remove(*cut, after, kAlertsAtOnce));
    removed += slice.removed;
    if (slice.done) break;
    after = slice.next;
  }
  return removed;
}

}  // namespace tocsin::api
