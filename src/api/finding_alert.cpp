#include "api/finding_alert.h"

#include <optional>
#include <utility>

#include "ingest/ingest.h"
#include "ingest/ioc.h"

namespace tocsin::api {
namespace {

// The one record that the event is; none when no normaliser knows its shape.
std::optional<model::Alert> record_of(const model::Event& event, Timestamp now) {
  const auto known = ingest::canonical_source(event.source);
  auto read = ingest::normalise(known.empty() ? "auto" : known, event.raw, {.now = now});
  if (!read || read->records.size() != 1) return std::nullopt;
  return std::move(read->records.front().alert);
}

}  // namespace

model::Alert alert_of(const detect::Finding& finding, Timestamp now) {
  auto alert = detect::to_alert(finding);
  auto record = record_of(finding.event, now);
  if (!record) {
    if (const auto ioc = ingest::make_ioc(model::IocKind::kIp, finding.event.ip.value_or("")))
      ingest::add_ioc(alert.iocs, *ioc);
    return alert;
  }
  alert.entities = std::move(record->entities);  // it knows the source: roles, placeholders, forwarders
  alert.occurred_at = alert.first_seen = alert.last_seen = record->occurred_at;
  for (auto& ioc : record->iocs) ingest::add_ioc(alert.iocs, std::move(ioc));
  alert.process = std::move(record->process);
  return alert;
}

}  // namespace tocsin::api
