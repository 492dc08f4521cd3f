#include "app/link_reader.h"

#include <algorithm>

namespace tocsin::app {
namespace {

constexpr std::size_t kRecordsAtOnce = 8192;  // or what the store hands out at once, when that is more

}  // namespace

Result<void> read_links(const store::AlertStore& alerts, model::Seq after, std::size_t most,
                        std::vector<model::LinkRecord>& records) {
  std::size_t count = 0;
  TOCSIN_CHECK(alerts.scan_links(after, [&](std::span<const model::LinkRecord> span) {
    // A span is taken whole: the store would have to unpack the rest of it again.
    if (records.size() < count + span.size()) records.resize(count + span.size());
    std::copy(span.begin(), span.end(), records.begin() + static_cast<std::ptrdiff_t>(count));
    count += span.size();
    return count < most;
  }));
  records.resize(count);
  return {};
}

Result<const model::Membership*> MembershipReader::find(model::Seq alert) {
  for (;;) {
    while (next_ < chunk_.size() && chunk_[next_].alert < alert) ++next_;
    if (next_ < chunk_.size()) return chunk_[next_].alert == alert ? &chunk_[next_] : nullptr;
    if (at_end_) return nullptr;
    TOCSIN_CHECK(refill());
  }
}

Result<void> MembershipReader::refill() {
  chunk_.clear();
  next_ = 0;
  TOCSIN_CHECK(incidents_.scan_memberships(after_, [&](std::span<const model::Membership> span) {
    chunk_.assign(span.begin(), span.end());
    return false;
  }));
  at_end_ = chunk_.empty();
  if (!at_end_) after_ = chunk_.back().alert;
  return {};
}

Result<void> for_each_alert(
    store::TenantStore& store, model::Seq after,
    const std::function<void(const model::LinkRecord&, const model::Membership*)>& each) {
  MembershipReader members(store.incidents(), after);
  std::vector<model::LinkRecord> records;
  for (;;) {
    TOCSIN_CHECK(read_links(store.alerts(), after, kRecordsAtOnce, records));
    if (records.empty()) return {};
    for (const auto& record : records) {
      TOCSIN_TRY(member, members.find(record.seq));
      each(record, member);
    }
    after = records.back().seq;
  }
}

Result<void> for_each_of(const store::AlertStore& alerts, const std::vector<model::Seq>& seqs,
                         const std::function<void(const model::LinkRecord&)>& each) {
  if (seqs.empty()) return {};
  auto wanted = seqs.begin();
  return alerts.scan_links(seqs.front() - 1, [&](std::span<const model::LinkRecord> span) {
    for (const auto& record : span) {
      while (wanted != seqs.end() && *wanted < record.seq) ++wanted;
      if (wanted != seqs.end() && *wanted == record.seq) each(record);
    }
    return wanted != seqs.end() && !span.empty() && span.back().seq < seqs.back();
  });
}

}  // namespace tocsin::app
