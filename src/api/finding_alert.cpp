#include "api/finding_alert.h"

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

model::Alert AlertMaker::make(const detect::Finding& finding) {
  auto alert = detect::to_alert(finding);
  if (event_ != finding.event) {
    event_ = finding.event;
    record_ = record_of(*event_, now_);
  }
  if (!record_) {
    if (const auto ioc = ingest::make_ioc(model::IocKind::kIp, event_->ip.value_or("")))
      ingest::add_ioc(alert.iocs, *ioc);
    return alert;
  }
  alert.entities = record_->entities;  // it knows the source: roles, placeholders, forwarders
  alert.occurred_at = alert.first_seen = alert.last_seen = record_->occurred_at;
  for (const auto& ioc : record_->iocs) ingest::add_ioc(alert.iocs, ioc);
  alert.process = record_->process;
  return alert;
}

}  // namespace tocsin::api
