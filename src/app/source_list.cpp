#include "app/source_list.h"

namespace tocsin::app {
namespace {

using Counted = std::map<std::string, api::SourceStatus>;

void add_stored(Counted& rows, const std::vector<std::pair<std::string, std::int64_t>>& counts,
                std::int64_t api::SourceStatus::*member) {
  for (const auto& [source, count] : counts) rows[source].*member = count;
}

api::SourceStatus to_status(const intake::Intake::ChannelReport& channel) {
  api::SourceStatus status;
  status.name = channel.name;
  status.kind = channel.transport == "file" ? "file" : "listener";
  status.transport = channel.transport;
  status.address = channel.address;
  status.reads_as = channel.source;
  status.expected_interval = channel.expected_interval;
  status.report = channel.report;
  return status;
}

}  // namespace

std::optional<Timestamp> SourceList::last_stored(const std::string& source) const {
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = last_stored_.find(source); known != last_stored_.end()) return known->second;
  }
  store::AlertQuery query;
  query.source = source;
  query.limit = 1;
  const auto page = store_.alerts().list(query);
  if (!page) return std::nullopt;
  const auto last = page->items.empty() ? std::nullopt : std::optional(page->items[0].received_at);
  const std::lock_guard lock(mutex_);
  return last_stored_.insert_or_assign(source, last).first->second;
}

Result<std::vector<api::SourceStatus>> SourceList::list() const {
  std::vector<api::SourceStatus> list;
  if (intake_ != nullptr) {
    for (const auto& channel : intake_->report()) list.push_back(to_status(channel));
  }
  TOCSIN_TRY(counts, store_.counts());
  TOCSIN_TRY(events, store_.events().count_by_source());
  Counted rows;
  add_stored(rows, counts.alerts_by_source, &api::SourceStatus::alerts_stored);
  add_stored(rows, events, &api::SourceStatus::events_stored);
  for (auto& [source, report] : book_.report()) rows[source].report = report;
  for (auto& [source, status] : rows) {
    status.name = source;
    status.kind = "source";
    if (!status.report.last_record_at) status.report.last_record_at = last_stored(source);
    list.push_back(std::move(status));
  }
  return list;
}

}  // namespace tocsin::app
