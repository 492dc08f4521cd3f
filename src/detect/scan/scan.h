#pragma once
// Rules over files, with several threads, and one answer whatever their number.
//
//   in    files of events (event_file.h), rules
//   out   judgements, ordered by file and line
//
// Each thread takes the next chunk of the first file that no other one reads, so that a long file is worked
// on by all and packed files are unpacked side by side. What is judged waits for its turn; when much waits,
// only the chunk whose turn it is is still taken. Memory: a few MiB a thread, 32 MiB where an event is that
// long.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "detect/scan/chunk_judge.h"

namespace tocsin::detect {

struct ScanOptions {
  std::vector<std::string> files;  // "-" is stdin
  ScanQuestions questions;
  std::size_t threads = 1;  // > 0
};

struct ScanResult {
  std::size_t file = 0;  // place in ScanOptions::files
  ChunkJudgement judgement;
  std::optional<Error> error;  // why the file, or what is left of it, cannot be read
  bool is_last = false;        // of the file; each has one
};

class Scan {
 public:
  // Starts. Borrows rules and sources.
  Scan(const RuleMatcher& rules, const SourceTable& sources, ScanOptions options);
  Scan(const Scan&) = delete;
  Scan& operator=(const Scan&) = delete;
  // Stops.
  ~Scan();

  // The next result; absent when none came within `patience`, and at the end. For one thread.
  std::optional<ScanResult> next(std::chrono::milliseconds patience);
  // Whether next() has given everything.
  bool is_finished() const;
  // Of the files as they lie; compressed bytes where they are compressed.
  std::uint64_t bytes_read() const noexcept { return bytes_read_; }

 private:
  struct File {
    std::optional<EventFile> events;  // touched by the thread that reads it, without the lock
    bool is_read = false;             // by some thread, now
    bool is_at_end = false;
    std::size_t chunks = 0;                     // that were taken
    std::map<std::size_t, ScanResult> waiting;  // by chunk
  };
  struct Task {
    std::size_t place = 0;  // of the file
    std::size_t chunk = 0;
    File* file = nullptr;
  };
  void work(const std::stop_token& stop);
  std::optional<Task> take(const std::stop_token& stop);
  std::optional<std::size_t> find_work();
  bool is_done() const;
  void read(const Task& task, EventChunk& chunk, ScanResult& result, const std::stop_token& stop);
  void give_back(const Task& task, bool is_at_end);
  void deliver(const Task& task, ScanResult result);

  const RuleMatcher& rules_;
  const SourceTable& sources_;
  const ScanOptions options_;
  std::atomic<std::uint64_t> bytes_read_ = 0;

  mutable std::mutex guard_;  // of what follows
  std::condition_variable_any changed_;
  std::map<std::size_t, File> open_;  // from the file whose turn it is to the last that was begun
  std::size_t turn_file_ = 0;         // of the result that next() gives
  std::size_t turn_chunk_ = 0;
  std::size_t begun_ = 0;    // files
  std::size_t waiting_ = 0;  // weight of the results that wait

  std::vector<std::jthread> threads_;
};

}  // namespace tocsin::detect
