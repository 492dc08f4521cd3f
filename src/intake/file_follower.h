#pragma once
// Follows the files of one group: new lines, rotation by rename or by copy and cut, restarts.
//
// A batch of lines is announced in the position store before it is handed over, and its position is written
// after the commit. After a kill the announced batch is sent again under the same idempotency key: alerts are
// then stored once; events of that one batch may be there twice.

#include <atomic>
#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

#include "base/clock.h"
#include "intake/followed_file.h"
#include "intake/intake.h"
#include "intake/worker.h"

namespace tocsin::intake {

class FileFollower {
 public:
  // What is borrowed outlives it.
  FileFollower(const FileOptions& files, const Options& all, Worker& worker, PositionStore& positions,
               const Clock& clock);
  ~FileFollower();

  void start();
  void stop();  // reads no more; batches that were handed over go on
  void save();  // after the worker has stopped: remembers what became of them
  Intake::ChannelReport report(Timestamp now) const;

 private:
  enum class Outcome : std::uint8_t { kOpen, kStored, kGivenUp };
  struct Entry {
    Entry(std::string p, FollowedFile f) : path(std::move(p)), file(std::move(f)) {}
    std::string path;
    FollowedFile file;
    MessageBatch ready;  // announced, but the worker's queue was full
    std::shared_ptr<std::atomic<Outcome>> outcome;
    FilePosition remembered;
    bool rotated = false;  // the path names another file now, or none
    std::chrono::steady_clock::time_point grew_at{};
  };

  void run(const std::stop_token& stop);
  void wait();
  void discover();
  void adopt(const std::string& path);
  bool adopt_rotated(const std::string& path);
  void add(const std::string& path, FollowedFile file);
  std::optional<FilePosition> load(const FileId& id);
  void mark_rotated();
  // Each true when it got on.
  bool step(Entry& entry);
  bool settle(Entry& entry);
  bool send_more(Entry& entry);
  bool hand_over(Entry& entry);
  bool remember(Entry& entry);
  bool is_finished(const Entry& entry) const;
  std::uint64_t generation() const;

  const FileOptions& options_;
  const Options& all_;
  Worker& worker_;
  PositionStore& positions_;
  const Clock& clock_;
  Channel channel_;
  std::list<Entry> entries_;
  bool first_look_ = true;
  bool blocked_ = false;  // the worker's queue was full

  // Outlives the follower in the batches' callbacks.
  struct Bell {
    std::mutex mutex;
    std::condition_variable rung;
    bool ringing = false;
    void ring();
  };
  std::shared_ptr<Bell> bell_ = std::make_shared<Bell>();
  std::jthread thread_;
};

// The files that the patterns name, in order; compressed names are left out. At most kMaxFiles.
constexpr std::size_t kMaxFiles = 1000;
std::vector<std::string> expand(const std::vector<std::string>& patterns);

}  // namespace tocsin::intake
