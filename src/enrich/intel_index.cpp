#include "enrich/intel_index.h"

#include <algorithm>

namespace tocsin::enrich {
namespace {

constexpr std::size_t kMaxMatches = 5;  // of one indicator, the newest
constexpr std::size_t kMaxLooked = 64;  // for those, past what is no longer valid

std::string_view fact_name(int confidence, bool is_disputed) {
  if (is_disputed) return "ioc_match_disputed";
  return confidence >= 0 && confidence < kSureEnough ? "ioc_match_low_confidence" : "ioc_match";
}

void mark(model::Alert& alert, model::Tlp tlp) {
  const auto before = model::parse_tlp(alert.tlp).value_or(model::Tlp::kAmber);
  if (tlp > before) alert.tlp = to_text(tlp);
}

}  // namespace

void IntelIndex::add_list(const store::IntelList& list) {
  auto name = "intel_list: " + list.name;
  if (!list.source.empty() && list.source != list.name) name += " (" + list.source + ")";
  lists_.push_back(std::move(name));
  newest_ = std::max(newest_, list.produced_at);
}

std::uint32_t IntelIndex::label_number(std::string_view label) {
  if (const auto known = label_numbers_.find(label); known != kNone) return known;
  const auto number = static_cast<std::uint32_t>(labels_.size());
  labels_.emplace_back(label);
  label_numbers_.put(label, number);
  return number;
}

void IntelIndex::add(const store::IntelEntry& entry) {
  if (rows_.size() == kMaxIntelInMemory) {
    ++left_out_;
    return;
  }
  const auto row = static_cast<std::uint32_t>(rows_.size());
  const auto label = label_number(entry.label.empty() ? std::string_view("listed") : entry.label);
  auto& index = by_value_[static_cast<std::size_t>(entry.ioc.kind)];
  const auto first = index.find(entry.ioc.value);
  if (first == kNone) {
    index.put(entry.ioc.value, row);
  } else {
    rows_[rows_[first].last].next = row;
    rows_[first].last = row;
  }
  rows_.push_back({static_cast<std::uint32_t>(lists_.size() - 1), label,
                   static_cast<std::int8_t>(entry.confidence), entry.tlp, entry.seen_at,
                   entry.valid_until.value_or(Timestamp::max()), kNone, row});
}

void IntelIndex::add_matches(const model::Ioc& ioc, bool is_disputed, FactSink& sink) const {
  std::size_t told = 0;
  auto at = by_value_[static_cast<std::size_t>(ioc.kind)].find(ioc.value);
  for (std::size_t looked = 0; at != kNone && told < kMaxMatches && looked < kMaxLooked; ++looked) {
    const auto& row = rows_[at];
    at = row.next;
    if (row.valid_until <= sink.at()) continue;
    sink.add(fact_name(row.confidence, is_disputed), labels_[row.label], lists_[row.list], row.seen_at,
             ioc.value);
    mark(sink.alert(), row.tlp);
    ++told;
  }
}

}  // namespace tocsin::enrich
