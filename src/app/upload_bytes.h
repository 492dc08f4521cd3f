#pragma once
// The bytes of an upload, unpacked when they are gzip: from memory or from a file on disk.

#include <zlib.h>

#include <filesystem>
#include <memory>
#include <string>

#include "base/result.h"

namespace tocsin::app {

bool is_gzip(std::string_view bytes);
// Whether a gzip text holds more than `bytes`. Found by unpacking that much: its trailer is the sender's
// word.
bool unpacks_beyond(std::string_view text, std::size_t bytes);

class UploadBytes {
 public:
  // `body` outlives this.
  static Result<UploadBytes> of_memory(std::string_view body, std::uint64_t max_bytes);
  static Result<UploadBytes> of_file(const std::filesystem::path& file, std::uint64_t max_bytes);

  // The next piece, valid until the next call; empty at the end. kTooLarge beyond max_bytes, kInvalidSyntax
  // when a gzip file is broken.
  Result<std::string_view> next();

 private:
  struct Close {
    void operator()(gzFile_s* file) const { gzclose(file); }
  };
  static constexpr std::size_t kPiece = 1U << 20;

  Result<std::string_view> count(std::string_view piece);

  std::unique_ptr<gzFile_s, Close> file_;
  std::string buffer_;
  std::string held_;  // what memory_ points into, when it was unpacked
  std::string_view memory_;
  std::uint64_t max_ = 0;
  std::uint64_t left_ = 0;
};

}  // namespace tocsin::app
