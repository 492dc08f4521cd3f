#pragma once
// The bytes of a file as they were before it was packed: gzip, xz and zstd are recognised by their first
// bytes, whatever the file is called; anything else comes as it is.

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/result.h"

struct archive;

namespace tocsin::detect {

class UnpackedFile {
 public:
  // "-" is stdin. `stop` ends a wait for bytes that do not come. `bytes_read`, which outlives this, is added
  // to as the file is read. kNotFound or kUnavailable when it cannot be opened, kInvalidInput for a
  // directory.
  static Result<std::unique_ptr<UnpackedFile>> open(const std::string& file, std::stop_token stop,
                                                    std::atomic<std::uint64_t>& bytes_read);
  UnpackedFile(const UnpackedFile&) = delete;
  UnpackedFile& operator=(const UnpackedFile&) = delete;
  ~UnpackedFile();

  // The next bytes, at least one as soon as there is one, valid until the next call; empty at the end and
  // when stopped. kInvalidSyntax when the packed bytes are damaged or cut off, kUnavailable when the disk
  // fails.
  Result<std::string_view> next();

 private:
  UnpackedFile(int file, std::stop_token stop, std::atomic<std::uint64_t>& bytes_read);
  static ssize_t read_packed(archive* reader, void* self, const void** bytes);
  Error fault() const;

  int file_;
  int read_error_ = 0;  // errno
  std::stop_token stop_;
  std::atomic<std::uint64_t>& bytes_read_;
  std::string packed_;
  archive* archive_;
  bool is_open_ = false;
};

}  // namespace tocsin::detect
