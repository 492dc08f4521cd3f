#pragma once
// The file of a backup: a zstd stream (`tar --zstd -tf FILE` reads it), and behind it, in a frame that zstd
// passes over, the SHA-256 of every byte before. One flipped bit anywhere is found.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/sha256.h"

namespace tocsin::backup {

// Written beside its place as FILE.part; there under its name only when it is whole and on disk. What was not
// finished is removed.
class PackedWriter {
 public:
  // kConflict when the file exists: a backup never overwrites.
  static Result<std::unique_ptr<PackedWriter>> create(const std::string& file);
  virtual ~PackedWriter() = default;
  virtual Result<void> write(std::string_view bytes) = 0;
  virtual Result<void> finish() = 0;
  virtual std::uint64_t bytes() const = 0;  // on disk, so far
};

class PackedReader {
 public:
  // Reads all of the file once and compares its SHA-256. kInvalidSyntax when it is damaged, cut off or no
  // backup of ours.
  static Result<std::unique_ptr<PackedReader>> open(const std::string& file);
  virtual ~PackedReader() = default;
  // Fewer than `size` only at the end. kInvalidSyntax beyond unpacked_bytes().
  virtual Result<std::size_t> read(char* to, std::size_t size) = 0;
  virtual std::uint64_t unpacked_bytes() const = 0;
};

}  // namespace tocsin::backup
