#pragma once
// Work that several ask for at once, done once for all of them.

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>

namespace tocsin::detect {

// Thread-safe. T can be copied.
template <class T>
class SharedRun {
 public:
  // Runs `work`. When another's run ended while this caller waited for its turn and `still_holds()`, answers
  // what came of that one instead. Neither is called by two at a time.
  template <class Work, class StillHolds>
  T run(const Work& work, const StillHolds& still_holds) {
    const Asking asking(asking_);
    const auto before = runs_.load();
    const std::lock_guard turn(turn_);
    if (last_ && runs_ != before && still_holds()) return *last_;
    last_ = work();
    ++runs_;
    return *last_;
  }

  // How many are in run(), each with what it knew when it came.
  std::size_t asking() const noexcept { return asking_; }

 private:
  struct Asking {
    explicit Asking(std::atomic<std::size_t>& count) : of(count) { ++of; }
    ~Asking() { --of; }
    Asking(const Asking&) = delete;
    Asking& operator=(const Asking&) = delete;
    std::atomic<std::size_t>& of;
  };

  std::atomic<std::size_t> asking_ = 0;
  std::atomic<std::uint64_t> runs_ = 0;
  std::mutex turn_;  // guards last_
  std::optional<T> last_;
};

}  // namespace tocsin::detect
