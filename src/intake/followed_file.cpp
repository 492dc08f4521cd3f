#include "intake/followed_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/hash.h"

namespace tocsin::intake {

std::optional<FollowedFile> FollowedFile::open(const std::string& path, std::uint64_t generation) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return std::nullopt;
  struct stat facts {};
  if (fstat(descriptor, &facts) != 0 || !S_ISREG(facts.st_mode)) {
    ::close(descriptor);
    return std::nullopt;
  }
  return FollowedFile(descriptor, {facts.st_dev, facts.st_ino}, generation);
}

FollowedFile::FollowedFile(FollowedFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      id_(other.id_),
      position_(other.position_),
      sent_(other.sent_),
      skipping_after_(other.skipping_after_) {}

FollowedFile::~FollowedFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::uint64_t FollowedFile::size() const {
  struct stat facts {};
  return fstat(descriptor_, &facts) == 0 ? static_cast<std::uint64_t>(facts.st_size) : 0;
}

std::string FollowedFile::bytes_at(std::uint64_t offset, std::size_t size) const {
  std::string bytes(size, '\0');
  std::size_t got = 0;
  while (got < size) {
    const auto more = pread(descriptor_, bytes.data() + got, size - got, static_cast<off_t>(offset + got));
    if (more <= 0) break;
    got += static_cast<std::size_t>(more);
  }
  bytes.resize(got);
  return bytes;
}

bool FollowedFile::is_compressed() const {
  const auto start = bytes_at(0, 4);
  return start.starts_with("\x1f\x8b") || start == "\x28\xb5\x2f\xfd" || start.starts_with("BZh") ||
         start ==
             "\xfd"
             "7zX";
}

std::uint64_t FollowedFile::fingerprint_of(std::uint64_t bytes) const {
  return bytes == 0 ? 0 : hash64(bytes_at(0, bytes));
}

void FollowedFile::resume(const FilePosition& position) {
  const bool same = position.offset <= size() && position.sent_until <= size() &&
                    fingerprint_of(position.fingerprint_bytes) == position.fingerprint;
  if (same) position_ = position;
}

void FollowedFile::go_to_end() {
  const auto end = size();
  const bool inside_a_line = end > 0 && bytes_at(end - 1, 1) != "\n";
  advance(end, inside_a_line);
}

void FollowedFile::check_truncation(std::uint64_t generation) {
  const bool same =
      position_.offset <= size() && fingerprint_of(position_.fingerprint_bytes) == position_.fingerprint;
  if (!same) position_ = {.generation = generation};
}

FollowedFile::Next FollowedFile::read(MessageBatch& batch, bool at_end, const LineLimits& limits,
                                      std::size_t chunk_bytes) {
  // What was sent before a crash is sent again as it was, so that its key says the same.
  const bool again = position_.sent_until > position_.offset;
  const auto wanted = again ? static_cast<std::size_t>(position_.sent_until - position_.offset) : chunk_bytes;
  const auto chunk = bytes_at(position_.offset, wanted);
  auto taken_limits = limits;
  if (again) taken_limits.max_lines = chunk.size();
  const bool last = again || (at_end && position_.offset + chunk.size() == size());
  const auto taken = take_lines(chunk, position_.skipping, last, taken_limits,
                                [&](std::string_view line, bool cut) { batch.add(line, cut); });
  if (taken.bytes == 0) return Next::kNothing;
  if (batch.empty()) {
    advance(position_.offset + taken.bytes, taken.skipping);
    return Next::kBlank;
  }
  position_.sent_until = position_.offset + taken.bytes;
  skipping_after_ = again ? !chunk.ends_with('\n') : taken.skipping;
  sent_ = true;
  return Next::kBatch;
}

std::string FollowedFile::idempotency_key(std::string_view group) const {
  return "file:" + to_hex(hash64(group)) + ':' + std::to_string(id_.device) + ':' +
         std::to_string(id_.inode) + ':' + to_hex(position_.generation) + ':' +
         std::to_string(position_.offset) + '-' + std::to_string(position_.sent_until);
}

void FollowedFile::settle(bool stored) {
  sent_ = false;
  if (stored) advance(position_.sent_until, skipping_after_);
}

void FollowedFile::advance(std::uint64_t offset, bool skipping) {
  position_.offset = offset;
  position_.skipping = skipping;
  position_.sent_until = 0;
  const auto bytes = std::min<std::uint64_t>(offset, kFingerprintBytes);
  if (bytes == position_.fingerprint_bytes && bytes == kFingerprintBytes) return;
  position_.fingerprint_bytes = bytes;
  position_.fingerprint = fingerprint_of(bytes);
}

}  // namespace tocsin::intake
