#pragma once
// Messages on their way from a reader to the worker.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "observe/source_stats.h"

namespace tocsin::intake {

// One listener or one group of files, as the worker needs it. Outlives every batch.
struct Channel {
  std::string name;
  std::string source;  // canonical, or auto
  std::chrono::minutes zone{0};
  observe::SourceStats stats;
};

class MessageBatch {
 public:
  struct Message {
    std::size_t offset = 0;
    std::size_t size = 0;
    bool cut = false;
  };

  MessageBatch() = default;
  explicit MessageBatch(Channel& from) : channel(&from) {}

  void add(std::string_view message, bool cut) {
    messages_.push_back({bytes_.size(), message.size(), cut});
    bytes_ += message;
    cut_ += cut ? 1U : 0U;
  }
  bool empty() const noexcept { return messages_.empty(); }
  std::size_t size() const noexcept { return messages_.size(); }
  std::size_t bytes() const noexcept { return bytes_.size(); }
  std::size_t cut() const noexcept { return cut_; }
  const std::string& text() const noexcept { return bytes_; }

  template <class Each>
  void for_each(Each each) const {
    for (const auto& m : messages_) each(std::string_view(bytes_).substr(m.offset, m.size), m.cut);
  }

  Channel* channel = nullptr;
  std::string idempotency_key;     // of what a file may send twice; empty for the network
  std::function<void(bool)> done;  // stored, or given up at the stop; on any thread; may be empty

 private:
  std::string bytes_;
  std::vector<Message> messages_;
  std::size_t cut_ = 0;
};

}  // namespace tocsin::intake
