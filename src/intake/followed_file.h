#pragma once
// One open file and how far it is read. Belongs to the follower's thread.

#include <atomic>
#include <memory>
#include <optional>

#include "base/result.h"
#include "intake/batch.h"
#include "intake/file_position.h"
#include "intake/lines.h"

namespace tocsin::intake {

class FollowedFile {
 public:
  // Absent when the path is no regular file that can be read.
  // `generation` tells this content from others that had the same inode: any number not used before.
  static std::optional<FollowedFile> open(const std::string& path, std::uint64_t generation);
  FollowedFile(FollowedFile&& other) noexcept;
  FollowedFile& operator=(FollowedFile&&) = delete;
  ~FollowedFile();

  const FileId& id() const noexcept { return id_; }
  const FilePosition& position() const noexcept { return position_; }
  std::uint64_t size() const;
  bool is_compressed() const;

  // Goes on where that position says, if this is still the same content; else stays at the start.
  void resume(const FilePosition& position);
  void go_to_end();

  // Looks whether the file was cut to nothing or written anew; then reading begins again.
  void check_truncation(std::uint64_t generation);

  enum class Next { kNothing, kBatch, kBlank };
  // Reads the lines after the position into `batch` and marks them as sent. `at_end`: a last line without its
  // end counts. kBlank: only lines that say nothing were passed.
  Next read(MessageBatch& batch, bool at_end, const LineLimits& limits, std::size_t chunk_bytes);
  std::string idempotency_key(std::string_view group) const;  // of what read() has just given

  // What was sent is stored, or it is not and will be read again.
  void settle(bool stored);
  bool waits() const noexcept { return sent_; }

 private:
  FollowedFile(int descriptor, FileId id, std::uint64_t generation)
      : descriptor_(descriptor), id_(id), position_{.generation = generation} {}
  std::string bytes_at(std::uint64_t offset, std::size_t size) const;
  std::uint64_t fingerprint_of(std::uint64_t bytes) const;
  void advance(std::uint64_t offset, bool skipping);

  int descriptor_;
  FileId id_;
  FilePosition position_;
  bool sent_ = false;
  bool skipping_after_ = false;  // position_.skipping once what was sent is stored
};

}  // namespace tocsin::intake
