#pragma once
// What each vendor's source has sent, whichever way it came.

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "observe/source_stats.h"
#include "store/store.h"

namespace tocsin::app {

// Thread-safe. Bounded: sources beyond kMaxSources are counted together.
class SourceBook {
 public:
  explicit SourceBook(const Clock& clock) : clock_(clock), started_(clock.now()) {}

  void add(std::string_view source, const observe::SourceTotals& totals);
  void unreadable(std::string_view source, std::string_view reason);
  std::map<std::string, observe::SourceReport, std::less<>> report() const;

  static constexpr std::size_t kMaxSources = 200;

 private:
  observe::SourceStats& find(std::string_view source);

  const Clock& clock_;
  const Timestamp started_;
  mutable std::mutex mutex_;
  std::map<std::string, std::unique_ptr<observe::SourceStats>, std::less<>> sources_;
};

}  // namespace tocsin::app
