#pragma once
// The local lists of indicators as the fast path asks them. Immutable, any thread.

#include <array>
#include <vector>

#include "enrich/fact_sink.h"
#include "enrich/string_index.h"
#include "model/tlp.h"
#include "store/intel.h"

namespace tocsin::enrich {

constexpr std::size_t kMaxIntelInMemory = 1'000'000;  // indicators; about 200 bytes each
constexpr int kSureEnough = 50;  // a confidence below it makes a match suspicious, not malicious

class IntelIndex {
 public:
  // Takes entries until the bound is reached, then counts them as left out. Lists in order of age, the newest
  // first, so that the oldest are what is left out.
  void add_list(const store::IntelList& list);
  void add(const store::IntelEntry& entry);  // of the list added last

  // Facts "ioc_match" (or "ioc_match_low_confidence") for each indicator that a list holds at that time; an
  // alert is marked at least as strictly as what is said on it. Indicators for which `disputed` is true get
  // "ioc_match_disputed", which counts for nothing.
  template <class Disputed>
  void apply(FactSink& sink, Disputed disputed) const {
    const auto iocs = sink.alert().iocs;
    for (const auto& ioc : iocs) {
      if (holds(ioc)) add_matches(ioc, disputed(ioc), sink);
    }
  }
  void add_matches(const model::Ioc& ioc, bool is_disputed, FactSink& sink) const;

  // On some list, valid or not.
  bool holds(const model::Ioc& ioc) const {
    return by_value_[static_cast<std::size_t>(ioc.kind)].find(ioc.value) != kNone;
  }

  std::size_t size() const noexcept { return rows_.size(); }
  std::size_t lists() const noexcept { return lists_.size(); }
  std::size_t left_out() const noexcept { return left_out_; }
  Timestamp newest() const noexcept { return newest_; }

 private:
  static constexpr std::size_t kKinds = 8;
  struct Row {
    std::uint32_t list;
    std::uint32_t label;
    std::int8_t confidence;
    model::Tlp tlp;
    Timestamp seen_at;
    Timestamp valid_until;  // the end of time when it has none
    std::uint32_t next;     // of the same indicator, on an older list
    std::uint32_t last;     // of the chain that begins here
  };
  std::uint32_t label_number(std::string_view label);

  std::vector<std::string> lists_;   // as facts name them
  std::vector<std::string> labels_;  // each once
  StringIndex label_numbers_;
  std::vector<Row> rows_;
  std::array<StringIndex, kKinds> by_value_;
  std::size_t left_out_ = 0;
  Timestamp newest_{};
};

}  // namespace tocsin::enrich
