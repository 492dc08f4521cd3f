#pragma once
// One connection of the load: its request body, written once and patched for every post, and the answer so
// far.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "load/alert_writer.h"
#include "load/load_run.h"

namespace tocsin::bench {

struct Answer {
  int status = 0;
  std::string_view body;
};

// A whole answer at the front of `bytes` and its length; absent while more must come. An answer without
// Content-Length counts as status 0.
struct ParsedAnswer {
  Answer answer;
  std::size_t length = 0;
};
std::optional<ParsedAnswer> parse_answer(std::string_view bytes);

// What became of the alerts of one post.
struct Outcome {
  std::uint64_t accepted = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t rejected = 0;
  bool error = false;
};
Outcome read_outcome(const Answer& answer, Dialect dialect, std::uint32_t batch);

class Connection {
 public:
  using Clock = std::chrono::steady_clock;

  Connection(const AlertWriter& writer, const LoadOptions& options, std::uint32_t index);
  ~Connection();
  Connection(Connection&& other) noexcept;
  Connection& operator=(Connection&&) = delete;

  // False when the connection cannot be made; waits for it.
  bool open();
  int fd() const { return fd_; }

  // Puts alerts first..first+batch-1 into the body; the next write sends it from its start.
  void prepare(std::uint64_t first);
  void rewind() { sent_ = 0; }
  enum class Progress { kBlocked, kDone, kLost };
  Progress write_some();
  Progress read_some();  // kDone: answer() holds a whole one
  Answer answer() const { return parsed_.answer; }
  void drop_answer() { received_.clear(); }

  bool sending() const { return sent_ < request_.size(); }
  std::size_t request_bytes() const { return request_.size(); }
  Clock::time_point started{};  // when the post in flight was sent first
  bool idle = true;             // nothing in flight

 private:
  void write_head(const LoadOptions& options, std::size_t body_bytes);

  const AlertWriter& writer_;
  const LoadOptions& options_;
  int fd_ = -1;
  std::string request_;
  std::vector<AlertSlot> slots_;
  std::size_t sent_ = 0;
  std::string received_;
  ParsedAnswer parsed_;
};

}  // namespace tocsin::bench
