#pragma once
// Time and names of the test's own.

#include <map>
#include <mutex>

#include "outbound/outbound.h"

namespace tocsin::outbound::test {

// Jumps instead of sleeping, and remembers how far.
class FakeTime final : public Time {
 public:
  SteadyTime now() const override {
    const std::lock_guard lock(mutex_);
    return now_;
  }
  Timestamp wall() const override { return from_unix_nanos(784'111'777'000'000'000); }  // 1994-11-06 08:49:37
  milliseconds until(SteadyTime due, bool busy) override {
    if (busy) return milliseconds(1'000);
    const std::lock_guard lock(mutex_);
    waits_.push_back(std::chrono::duration_cast<milliseconds>(due - now_));
    now_ = due;
    return milliseconds(0);
  }
  void advance(milliseconds by) {
    const std::lock_guard lock(mutex_);
    now_ += by;
  }
  std::vector<milliseconds> waits() const {
    const std::lock_guard lock(mutex_);
    return waits_;
  }

 private:
  mutable std::mutex mutex_;
  SteadyTime now_ = SteadyTime(std::chrono::hours(1));
  std::vector<milliseconds> waits_;
};

// Answers from a table, each name's answers one after the other and the last for ever; others get `rest`.
class FakeResolver final : public Resolver {
 public:
  using Answers = std::vector<std::vector<std::string>>;
  explicit FakeResolver(std::map<std::string, Answers> names, std::string rest = {})
      : names_(std::move(names)), rest_(std::move(rest)) {}

  Result<std::vector<Address>> resolve(const std::string& host) override {
    const std::lock_guard lock(mutex_);
    ++asked_;
    const auto it = names_.find(host);
    if (it == names_.end()) {
      if (rest_.empty()) return error(ErrorKind::kUnavailable, "resolve a name", "there is no such name");
      return std::vector{Address::parse(rest_).value()};
    }
    auto& answers = it->second;
    std::vector<Address> found;
    for (const auto& text : answers.front()) found.push_back(Address::parse(text).value());
    if (answers.size() > 1) answers.erase(answers.begin());
    return found;
  }
  std::size_t asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Answers> names_;
  std::string rest_;
  std::size_t asked_ = 0;
};

}  // namespace tocsin::outbound::test
