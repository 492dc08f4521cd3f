#include "app/source_book.h"

namespace tocsin::app {

namespace {
constexpr std::string_view kOthers = "(others)";
}

observe::SourceStats& SourceBook::find(std::string_view source) {
  const std::lock_guard lock(mutex_);
  auto found = sources_.find(source);
  if (found == sources_.end()) {
    const auto name = std::string(sources_.size() >= kMaxSources ? kOthers : source);
    found = sources_.try_emplace(name).first;
    if (!found->second) {
      found->second = std::make_unique<observe::SourceStats>(started_, std::chrono::seconds(0));
    }
  }
  return *found->second;
}

void SourceBook::add(std::string_view source, const observe::SourceTotals& totals) {
  find(source).add(clock_.now(), totals);
}

void SourceBook::unreadable(std::string_view source, std::string_view reason) {
  (void)find(source).unreadable(clock_.now(), reason);
}

std::map<std::string, observe::SourceReport, std::less<>> SourceBook::report() const {
  const std::lock_guard lock(mutex_);
  const auto now = clock_.now();
  std::map<std::string, observe::SourceReport, std::less<>> reports;
  for (const auto& [name, stats] : sources_) reports.emplace(name, stats->report(now));
  return reports;
}

}  // namespace tocsin::app
