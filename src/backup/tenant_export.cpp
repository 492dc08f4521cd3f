#include "backup/tenant_export.h"

#include <map>

#include "backup/packer.h"
#include "base/json_writer.h"
#include "model/alert_json.h"

namespace tocsin::backup {
namespace {

constexpr std::size_t kPartBytes = std::size_t{8} << 20;
constexpr std::size_t kAtOnce = 500;

// Lines of one kind, in members of a bounded size: what an archive needs to know before it writes one.
class Lines {
 public:
  explicit Lines(Packer& packer) : packer_(packer) {}

  Result<void> add(std::string_view kind, std::string_view json) {
    auto& part = parts_[std::string(kind)];
    part.text.append(json) += '\n';
    return part.text.size() < kPartBytes ? Result<void>() : write(std::string(kind), part);
  }
  Result<void> finish() {
    for (auto& [kind, part] : parts_)
      if (!part.text.empty()) TOCSIN_CHECK(write(kind, part));
    return {};
  }

 private:
  struct Part {
    std::string text;
    int number = 0;
  };
  Result<void> write(const std::string& kind, Part& part) {
    const auto number = std::to_string(++part.number);
    TOCSIN_CHECK(packer_.add(
        kind + "/" + std::string(5 - std::min<std::size_t>(number.size(), 5), '0') + number + ".jsonl",
        part.text));
    part.text.clear();
    return {};
  }

  Packer& packer_;
  std::map<std::string, Part> parts_;
};

Result<void> add_occurrences(store::TenantStore& store, const model::Alert& alert, Lines& lines) {
  TOCSIN_TRY(occurrences, store.alerts().occurrences(alert.id.str()));
  for (const auto& one : occurrences) {
    std::string text;
    JsonWriter json(text);
    json.object([&] {
      json.member("alert_id", alert.id.str());
      json.member("occurred_at", one.occurred_at);
      json.member("received_at", one.received_at);
      json.member("raw", one.raw);
    });
    TOCSIN_CHECK(lines.add("occurrences", text));
  }
  return {};
}

Result<std::int64_t> add_alerts(store::TenantStore& store, Lines& lines) {
  store::AlertQuery query;
  query.sort = store::AlertSort::kOldest;
  query.limit = kAtOnce;
  std::int64_t count = 0;
  do {
    TOCSIN_TRY(page, store.alerts().list(query, true));
    for (const auto& alert : page.items) {
      std::string json;
      model::append_alert_json(json, alert, true);
      TOCSIN_CHECK(lines.add("alerts", json));
      if (alert.occurrences > 1) TOCSIN_CHECK(add_occurrences(store, alert, lines));
    }
    count += static_cast<std::int64_t>(page.items.size());
    query.cursor = page.next_cursor;
  } while (!query.cursor.empty());
  return count;
}

Result<void> add_events(store::TenantStore& store, Lines& lines) {
  for (model::Seq after = 0;;) {
    TOCSIN_TRY(events, store.events().after(after, kAtOnce));
    if (events.empty()) return {};
    after = events.back().seq;
    for (const auto& event : events) {
      std::string text;
      JsonWriter json(text);
      json.object([&] {
        json.member("source", event.source);
        json.member("event_type", event.event_type);
        json.member("user", event.user);
        json.member("ip", event.ip);
        json.member("resource", event.resource);
        json.member("message", event.message);
        json.member("occurred_at", event.occurred_at);
        json.member("received_at", event.received_at);
        json.member("raw", event.raw);
      });
      TOCSIN_CHECK(lines.add("events", text));
    }
  }
}

}  // namespace

Result<Manifest> export_tenant(store::TenantStore& store, const TenantExport& options) {
  TOCSIN_TRY(file, PackedWriter::create(options.file));
  const Progress silent;
  Packer packer(*file, silent, 0);
  Lines lines(packer);
  TOCSIN_TRY(alerts, add_alerts(store, lines));
  TOCSIN_CHECK(add_events(store, lines));
  std::int64_t incidents = 0;
  TOCSIN_CHECK(options.dump([&](std::string_view table, std::string_view json) {
    incidents += table == "incidents" ? 1 : 0;
    return lines.add(table, json);
  }));
  TOCSIN_CHECK(lines.finish());
  Manifest manifest;
  manifest.version = options.version;
  manifest.created_at = to_rfc3339(options.now);
  manifest.tenants = {{options.tenant.value, options.name, alerts, incidents}};
  manifest.members = packer.members();
  TOCSIN_CHECK(packer.add(std::string(kManifestName), to_json(manifest)));
  TOCSIN_CHECK(packer.finish());
  TOCSIN_CHECK(file->finish());
  return manifest;
}

}  // namespace tocsin::backup
