#include "store/audit_chain.h"

#include <algorithm>
#include <iterator>

namespace tocsin::store {
namespace {

constexpr std::size_t kHeadsAtOnce = 10'000;
constexpr std::string_view kInDatabase = "the database";

std::string records_text(std::int64_t number, std::int64_t through) {
  if (number == through) return "record " + std::to_string(number);
  return "records " + std::to_string(number) + " to " + std::to_string(through);
}

std::string signed_text(const AnchoredHead& anchored) {
  return "the head that was signed " + to_rfc3339(anchored.head.at) + " (" + anchored.place + ")";
}

Result<std::vector<AnchoredHead>> heads_of(const AuditReader& reader) {
  std::vector<AnchoredHead> heads;
  std::int64_t after = 0;
  for (;;) {
    TOCSIN_TRY(some, reader.heads(after, kHeadsAtOnce));
    if (some.empty()) return heads;
    after = some.back().number;
    for (auto& head : some) heads.push_back({std::move(head), std::string(kInDatabase)});
  }
}

// Of the others those that the database should hold as well: a head is stored before it is written elsewhere.
void tell_heads_that_are_gone(const std::vector<AnchoredHead>& stored,
                              const std::vector<AnchoredHead>& others, ChainReport& report) {
  for (const auto& anchored : others) {
    const auto& head = anchored.head;
    const auto at = std::lower_bound(
        stored.begin(), stored.end(), head.number,
        [](const AnchoredHead& one, std::int64_t number) { return one.head.number < number; });
    const bool stands = at != stored.end() && at->head.number == head.number && at->head.hash == head.hash;
    if (stands) continue;
    report.add({head.tenant,
                head.number,
                head.number,
                "a signed head of " + anchored.place + " is missing in the database, or is another one there",
                {},
                head.at});
  }
}

}  // namespace

std::string to_string(const ChainFault& fault) {
  if (fault.number == 0) return fault.what;
  std::string text = "tenant " + std::to_string(fault.tenant.value) + ", " +
                     records_text(fault.number, fault.through) + ": " + fault.what;
  if (fault.after && fault.before) {
    text += " (between " + to_rfc3339(*fault.after) + " and " + to_rfc3339(*fault.before) + ")";
  } else if (fault.after) {
    text += " (after " + to_rfc3339(*fault.after) + ")";
  } else if (fault.before) {
    text += " (before " + to_rfc3339(*fault.before) + ")";
  }
  return text;
}

void ChainReport::add(ChainFault fault) {
  if (faults.size() < kMaxFaults) {
    faults.push_back(std::move(fault));
  } else {
    ++more_faults;
  }
}

void ChainReport::add(ChainReport other) {
  records += other.records;
  heads += other.heads;
  complete = complete && other.complete;
  more_faults += other.more_faults;
  for (auto& fault : other.faults) add(std::move(fault));
}

ChainCheck::ChainCheck(TenantId tenant, std::vector<AnchoredHead> heads)
    : tenant_(tenant), heads_(std::move(heads)) {
  std::stable_sort(heads_.begin(), heads_.end(), [](const AnchoredHead& a, const AnchoredHead& b) {
    return a.head.number < b.head.number;
  });
}

void ChainCheck::fault(std::int64_t number, std::int64_t through, std::string what,
                       std::optional<Timestamp> after, std::optional<Timestamp> before) {
  report_.add({tenant_, number, through, std::move(what), after, before});
}

void ChainCheck::add(const AuditRecord& record) {
  ++report_.records;
  check_links(record);
  check_heads(record);
  last_number_ = record.number;
  last_hash_ = record.hash;
  last_at_ = record.at;
}

void ChainCheck::check_links(const AuditRecord& record) {
  const auto expected = last_number_ + 1;
  const bool whole = hash_of(record) == record.hash;
  if (record.number > expected)
    fault(expected, record.number - 1, "missing: deleted, or never written by the program", last_at_,
          record.at);
  if (record.number < expected)
    fault(record.number, record.number,
          "out of order: it stands behind record " + std::to_string(last_number_), last_at_, record.at);
  if (record.tenant != tenant_) fault(record.number, record.number, "of another tenant", last_at_, record.at);
  if (!whole)
    fault(record.number, record.number, "its content does not have its hash: it was edited", last_at_,
          record.at);
  if (whole && record.number == expected && record.prev_hash != last_hash_)
    fault(
        record.number, record.number,
        "it does not follow the record before it: one of the two was replaced, or records between them were "
        "taken out",
        last_at_, record.at);
}

void ChainCheck::check_heads(const AuditRecord& record) {
  for (; next_head_ < heads_.size() && heads_[next_head_].head.number <= record.number; ++next_head_) {
    const auto& anchored = heads_[next_head_];
    if (anchored.head.number < record.number) continue;  // told as missing
    if (anchored.head.hash == record.hash) {
      last_good_head_ = anchored.head.at;
      continue;
    }
    fault(record.number, record.number,
          "it is not the one of " + signed_text(anchored) + ": it or a record before it was written anew",
          last_good_head_, anchored.head.at);
  }
}

void ChainCheck::check_end(const ChainEnd& end) {
  if (end.number > last_number_)
    fault(last_number_ + 1, end.number, "missing at the end: the chain was cut off", last_at_, {});
  if (end.number < last_number_)
    fault(end.number + 1, last_number_, "not written by the program: it ended the chain before them", {},
          last_at_);
  if (end.number == last_number_ && end.hash != last_hash_)
    fault(end.number, end.number, "it is not the one that the program wrote last", {}, last_at_);
}

void ChainCheck::finish(const std::optional<ChainEnd>& end) {
  if (end) check_end(*end);
  if (next_head_ >= heads_.size()) return;
  const auto& newest = heads_.back();
  fault(
      last_number_ + 1, newest.head.number,
      "missing, as " + signed_text(newest) + " shows: the chain was cut off, or the database was rolled back",
      last_at_, newest.head.at);
  next_head_ = heads_.size();
}

std::vector<AnchoredHead> signed_heads(std::vector<AnchoredHead> heads, const std::vector<PublicKey>& keys,
                                       ChainReport& report) {
  std::vector<AnchoredHead> good;
  for (auto& anchored : heads) {
    const auto& head = anchored.head;
    if (std::any_of(keys.begin(), keys.end(),
                    [&](const PublicKey& key) { return is_signed_by(head, key); })) {
      good.push_back(std::move(anchored));
      continue;
    }
    report.add(
        {head.tenant,
         head.number,
         head.number,
         "its head (" + anchored.place + ") is not signed by the key: the head or the key was replaced",
         {},
         head.at});
  }
  report.heads += static_cast<std::int64_t>(good.size());
  return good;
}

// Heads are read before the end and the end before the records, so that what is added meanwhile is no fault.
Result<ChainReport> check_chain(const ChainSource& source, std::vector<AnchoredHead> others,
                                const std::vector<PublicKey>& keys,
                                const std::function<bool(std::size_t)>& progress) {
  ChainReport report;
  std::erase_if(others, [&](const AnchoredHead& one) { return one.head.tenant != source.tenant; });
  TOCSIN_TRY(stored, heads_of(*source.reader));
  TOCSIN_TRY(end, source.reader->end());
  const auto outside = signed_heads(std::move(others), keys, report);
  tell_heads_that_are_gone(stored, outside, report);
  auto heads = signed_heads(std::move(stored), keys, report);
  heads.insert(heads.end(), outside.begin(), outside.end());
  ChainCheck check(source.tenant, std::move(heads));
  TOCSIN_CHECK(source.reader->scan(0, [&](std::span<const AuditRecord> records) {
    for (const auto& record : records) {
      if (!source.standing_still && record.number > end.number) return false;
      check.add(record);
    }
    report.complete = progress(records.size());
    return report.complete;
  }));
  if (report.complete) check.finish(end);
  report.add(check.report());
  return report;
}

}  // namespace tocsin::store
