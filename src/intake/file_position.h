#pragma once
// How far a file has been read, as it is remembered: by device and inode, so that a renamed file is the same
// one, and by its first bytes, so that a reused inode or a file cut to nothing is another.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tocsin::intake {

constexpr std::size_t kFingerprintBytes = 256;

struct FileId {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  auto operator<=>(const FileId&) const = default;
};

struct FilePosition {
  std::uint64_t offset = 0;             // everything before it is stored
  bool skipping = false;                // offset lies inside a line that was handed over as cut
  std::uint64_t sent_until = 0;         // when above offset: a batch up to there may or may not be stored
  std::uint64_t fingerprint = 0;        // of the first `fingerprint_bytes` bytes
  std::uint64_t fingerprint_bytes = 0;  // at most kFingerprintBytes, and not beyond offset

  std::uint64_t generation = 0;  // of this content of the inode

  bool operator==(const FilePosition&) const = default;
};

std::string encode(const FilePosition& position);
std::optional<FilePosition> decode_position(std::string_view text);  // absent when it is not one of ours
std::string position_key(std::string_view group, const FileId& file);

}  // namespace tocsin::intake
