#include "intake/file_follower.h"

#include <glob.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/this_thread.h"

namespace tocsin::intake {
namespace {

namespace fs = std::filesystem;
using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLookEvery{200};
constexpr std::chrono::milliseconds kBlockedWait{10};
// A writer may go on with a renamed file until it is told to open the new one.
constexpr std::chrono::seconds kRotatedKept{30};

bool has_compressed_name(const std::string& path) {
  constexpr std::string_view kEndings[] = {".gz", ".zst", ".bz2", ".xz", ".lz4", ".zip"};
  return std::any_of(std::begin(kEndings), std::end(kEndings),
                     [&](std::string_view ending) { return path.ends_with(ending); });
}

std::optional<FileId> id_of(const std::string& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return std::nullopt;
  return FileId{facts.st_dev, facts.st_ino};
}

// Files that rotation may have made of `path` ("eve.json.1", "eve.json-20260118"), oldest first.
std::vector<std::string> rotated_names(const std::string& path) {
  const fs::path whole(path);
  std::vector<std::pair<fs::file_time_type, std::string>> found;
  std::error_code trouble;
  for (const auto& entry : fs::directory_iterator(whole.parent_path(), trouble)) {
    const auto name = entry.path().filename().string();
    const auto stem = whole.filename().string();
    const bool related = name.size() > stem.size() && name.starts_with(stem) &&
                         (name[stem.size()] == '.' || name[stem.size()] == '-');
    if (!related || has_compressed_name(name)) continue;
    const auto time = entry.last_write_time(trouble);
    if (!trouble) found.emplace_back(time, entry.path().string());
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> names;
  for (auto& [time, name] : found) names.push_back(std::move(name));
  return names;
}

}  // namespace

std::vector<std::string> expand(const std::vector<std::string>& patterns) {
  std::set<std::string> paths;
  for (const auto& pattern : patterns) {
    glob_t found{};
    // What is unsafe in glob is the expansion of ~, which is not asked for.
    if (glob(pattern.c_str(), 0, nullptr, &found) == 0) {  // NOLINT(concurrency-mt-unsafe)
      for (std::size_t i = 0; i < found.gl_pathc; ++i) paths.insert(found.gl_pathv[i]);
    }
    globfree(&found);
  }
  std::vector<std::string> result;
  for (const auto& path : paths) {
    if (!has_compressed_name(path) && result.size() < kMaxFiles) result.push_back(path);
  }
  return result;
}

void FileFollower::Bell::ring() {
  const std::lock_guard lock(mutex);
  ringing = true;
  rung.notify_all();
}

FileFollower::FileFollower(const FileOptions& files, const Options& all, Worker& worker,
                           PositionStore& positions, const Clock& clock)
    : options_(files),
      all_(all),
      worker_(worker),
      positions_(positions),
      clock_(clock),
      channel_{files.name, files.source, files.zone, {clock.now(), files.expected_interval}} {}

FileFollower::~FileFollower() {
  stop();
}

void FileFollower::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    name_this_thread("intake-files");
    run(stop);
  });
}

void FileFollower::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  bell_->ring();
  thread_.join();
}

void FileFollower::save() {
  for (auto& entry : entries_) {
    settle(entry);
    remember(entry);
  }
}

Intake::ChannelReport FileFollower::report(Timestamp now) const {
  std::string paths;
  for (const auto& path : options_.paths) paths += (paths.empty() ? "" : " ") + path;
  return {
      options_.name, "file", paths, options_.source, options_.expected_interval, channel_.stats.report(now)};
}

void FileFollower::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    discover();
    bool got_on = true;
    while (got_on && !stop.stop_requested()) {
      got_on = false;
      blocked_ = false;
      for (auto& entry : entries_) got_on = step(entry) || got_on;
    }
    entries_.remove_if([this](const Entry& entry) { return is_finished(entry); });
    if (!stop.stop_requested()) wait();
  }
}

void FileFollower::wait() {
  std::unique_lock lock(bell_->mutex);
  bell_->rung.wait_for(lock, blocked_ ? kBlockedWait : kLookEvery, [this] { return bell_->ringing; });
  bell_->ringing = false;
}

// ---- which files ----

void FileFollower::discover() {
  for (const auto& path : expand(options_.paths)) {
    const auto id = id_of(path);
    if (!id) continue;
    const auto known = std::find_if(entries_.begin(), entries_.end(),
                                    [&](const Entry& entry) { return entry.file.id() == *id; });
    if (known == entries_.end()) {
      adopt(path);
    } else {
      known->path = path;
    }
  }
  mark_rotated();
  first_look_ = false;
}

void FileFollower::mark_rotated() {
  const auto now = SteadyClock::now();
  for (auto& entry : entries_) {
    const bool gone = id_of(entry.path) != entry.file.id();
    if (gone && !entry.rotated) entry.grew_at = now;
    entry.rotated = gone;
  }
}

void FileFollower::adopt(const std::string& path) {
  auto file = FollowedFile::open(path, generation());
  if (!file) return channel_.stats.error(clock_.now(), path + ": cannot be read");
  if (file->is_compressed()) return;
  if (const auto position = load(file->id())) {
    file->resume(*position);
  } else {
    const bool goes_on = adopt_rotated(path);
    if (first_look_ && !goes_on && !options_.from_start) file->go_to_end();
  }
  add(path, *std::move(file));
}

// A rotation while we did not look: the file that was being read, and those after it, have other names now.
// True when one of them was known.
bool FileFollower::adopt_rotated(const std::string& path) {
  bool goes_on = false;
  for (const auto& name : rotated_names(path)) {
    const auto id = id_of(name);
    const bool followed = std::any_of(entries_.begin(), entries_.end(),
                                      [&](const Entry& entry) { return id == entry.file.id(); });
    if (!id || followed) {
      goes_on = goes_on || followed;
      continue;
    }
    const auto position = load(*id);
    if (!position && !goes_on) continue;  // older than all that we know of
    auto file = FollowedFile::open(name, generation());
    if (!file || file->is_compressed()) continue;
    if (position) file->resume(*position);
    goes_on = true;
    if (file->position().offset < file->size()) add(path, *std::move(file));
  }
  return goes_on;
}

void FileFollower::add(const std::string& path, FollowedFile file) {
  if (entries_.size() >= kMaxFiles) return channel_.stats.error(clock_.now(), path + ": too many files");
  auto& entry = entries_.emplace_back(path, std::move(file));
  entry.remembered = entry.file.position();
  entry.grew_at = SteadyClock::now();
}

std::optional<FilePosition> FileFollower::load(const FileId& id) {
  const auto text = positions_.read(position_key(options_.name, id));
  if (text) return *text ? decode_position(**text) : std::nullopt;
  channel_.stats.error(clock_.now(), to_string(text.error()));
  return std::nullopt;
}

std::uint64_t FileFollower::generation() const {
  return static_cast<std::uint64_t>(to_unix_nanos(clock_.now()));
}

bool FileFollower::is_finished(const Entry& entry) const {
  return entry.rotated && !entry.file.waits() && entry.file.position().offset >= entry.file.size() &&
         entry.ready.empty() && SteadyClock::now() - entry.grew_at > kRotatedKept;
}

// ---- what they say ----

bool FileFollower::step(Entry& entry) {
  if (!entry.ready.empty()) return hand_over(entry);
  if (entry.file.waits() && !settle(entry)) return false;
  entry.file.check_truncation(generation());
  if (entry.file.position().offset < entry.file.size() && send_more(entry)) return true;
  if (entry.remembered != entry.file.position()) remember(entry);
  return false;
}

bool FileFollower::settle(Entry& entry) {
  if (!entry.outcome || *entry.outcome == Outcome::kOpen) return false;
  entry.file.settle(*entry.outcome == Outcome::kStored);
  entry.outcome.reset();
  return true;
}

bool FileFollower::send_more(Entry& entry) {
  const LineLimits limits{options_.max_line_bytes, all_.batch_messages};
  MessageBatch batch(channel_);
  const bool at_end = entry.rotated && SteadyClock::now() - entry.grew_at > kRotatedKept;
  const auto next =
      entry.file.read(batch, at_end, limits, std::max(all_.batch_bytes, options_.max_line_bytes + 1));
  if (next == FollowedFile::Next::kNothing) return false;
  entry.grew_at = SteadyClock::now();
  if (next == FollowedFile::Next::kBlank) return true;
  if (!remember(entry)) {
    entry.file.settle(false);
    return false;
  }
  entry.outcome = std::make_shared<std::atomic<Outcome>>(Outcome::kOpen);
  batch.idempotency_key = entry.file.idempotency_key(options_.name);
  batch.done = [outcome = entry.outcome, bell = bell_](bool stored) {
    *outcome = stored ? Outcome::kStored : Outcome::kGivenUp;
    bell->ring();
  };
  entry.ready = std::move(batch);
  return hand_over(entry);
}

bool FileFollower::hand_over(Entry& entry) {
  const bool taken = worker_.try_push(std::move(entry.ready));
  if (taken) entry.ready = MessageBatch();
  blocked_ = blocked_ || !taken;
  return taken;
}

bool FileFollower::remember(Entry& entry) {
  const auto written =
      positions_.write(position_key(options_.name, entry.file.id()), encode(entry.file.position()));
  if (written) {
    entry.remembered = entry.file.position();
  } else {
    channel_.stats.error(clock_.now(), to_string(written.error()));
  }
  return written.ok();
}

}  // namespace tocsin::intake
