#include "detect/scan/scan.h"

#include <algorithm>
#include <exception>

namespace tocsin::detect {
namespace {

// Matches that may wait for their turn before threads do.
constexpr std::size_t kMaxWaiting = 200'000;
constexpr std::chrono::milliseconds kLook{100};

std::size_t weight_of(const ScanResult& result) {
  constexpr std::size_t kOfResult = 16;
  auto weight = kOfResult + result.judgement.matches.size();
  for (const auto& match : result.judgement.correlated) weight += match.bytes() / sizeof(ScanMatch);
  return weight;
}

// What went wrong in there beyond bad input: memory that is not to be had, above all.
template <class F>
std::optional<Error> guarded(const F& run) {
  try {
    run();
    return std::nullopt;
  } catch (const std::exception& bug) {
    return error(ErrorKind::kInternal, "scan", bug.what());
  }
}

}  // namespace

Scan::Scan(const RuleMatcher& rules, const SourceTable& sources, ScanOptions options)
    : rules_(rules), sources_(sources), options_(std::move(options)) {
  for (std::size_t i = 0; i < options_.threads; ++i)
    threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
}

Scan::~Scan() {
  for (auto& thread : threads_) thread.request_stop();
}

bool Scan::is_finished() const {
  const std::lock_guard lock(guard_);
  return turn_file_ == options_.files.size();
}

std::optional<ScanResult> Scan::next(std::chrono::milliseconds patience) {
  std::unique_lock lock(guard_);
  const auto is_ready = [&] {
    const auto file = open_.find(turn_file_);
    return turn_file_ == options_.files.size() ||
           (file != open_.end() && file->second.waiting.contains(turn_chunk_));
  };
  if (!changed_.wait_for(lock, patience, is_ready) || turn_file_ == options_.files.size()) return {};
  auto& file = open_.at(turn_file_);
  auto result = std::move(file.waiting.extract(turn_chunk_).mapped());
  waiting_ -= weight_of(result);
  ++turn_chunk_;
  if (result.is_last) {
    open_.erase(turn_file_++);
    turn_chunk_ = 0;
  }
  lock.unlock();
  changed_.notify_all();
  return result;
}

void Scan::work(const std::stop_token& stop) {
  ChunkJudge judge(rules_, sources_, options_.questions);
  EventChunk chunk;
  while (const auto task = take(stop)) {
    ScanResult result;
    result.file = task->place;
    if (auto fault = guarded([&] { read(*task, chunk, result, stop); })) {
      result.error = std::move(fault);
      result.is_last = true;
      chunk = {};
    }
    give_back(*task, result.is_last);
    if (auto fault = guarded([&] { result.judgement = judge.judge(chunk); })) result.error = std::move(fault);
    deliver(*task, std::move(result));
  }
}

std::optional<Scan::Task> Scan::take(const std::stop_token& stop) {
  std::unique_lock lock(guard_);
  while (!stop.stop_requested() && !is_done()) {
    if (const auto place = find_work()) {
      auto& file = open_[*place];
      file.is_read = true;
      begun_ = std::max(begun_, *place + 1);
      return Task{*place, file.chunks++, &file};
    }
    changed_.wait_for(lock, kLook);
  }
  return {};
}

// The file to read on in, or to begin.
std::optional<std::size_t> Scan::find_work() {
  const bool is_turn_only = waiting_ > kMaxWaiting;
  for (const auto& [place, file] : open_) {
    const bool is_turn = place == turn_file_ && file.chunks == turn_chunk_;
    if (!file.is_read && !file.is_at_end && (is_turn || !is_turn_only)) return place;
  }
  const bool may_begin = begun_ < options_.files.size() && (begun_ == turn_file_ || !is_turn_only);
  return may_begin ? std::optional(begun_) : std::nullopt;
}

bool Scan::is_done() const {
  return begun_ == options_.files.size() &&
         std::all_of(open_.begin(), open_.end(), [](const auto& entry) { return entry.second.is_at_end; });
}

void Scan::read(const Task& task, EventChunk& chunk, ScanResult& result, const std::stop_token& stop) {
  auto& events = task.file->events;
  chunk.events.clear();
  chunk.evtx.clear();
  if (!events) {
    auto opened = EventFile::open(options_.files[task.place], stop, bytes_read_);
    if (opened) {
      events = *std::move(opened);
    } else {
      result.error = std::move(opened).error();
    }
  }
  if (events) {
    auto more = events->next(chunk);
    result.is_last = !more || !*more;
    if (!more) result.error = std::move(more).error();
  }
  result.is_last = result.is_last || result.error;
  if (result.is_last) events.reset();
}

void Scan::give_back(const Task& task, bool is_at_end) {
  {
    const std::lock_guard lock(guard_);
    task.file->is_read = false;
    task.file->is_at_end = is_at_end;
  }
  changed_.notify_all();
}

void Scan::deliver(const Task& task, ScanResult result) {
  {
    const std::lock_guard lock(guard_);
    waiting_ += weight_of(result);
    task.file->waiting.emplace(task.chunk, std::move(result));
  }
  changed_.notify_all();
}

}  // namespace tocsin::detect
