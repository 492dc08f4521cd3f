#pragma once
// Regular files one after another in the format of tar (POSIX pax), so that a backup can be read without this
// program. The reader takes what the writer makes and nothing else: every entry is a regular file under a
// relative name that stays inside the folder it is unpacked into.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tocsin::backup {

struct TarEntry {
  std::string name;  // "uploads/UP-1"
  std::uint64_t bytes = 0;
  unsigned mode = 0600;  // of permissions only
};

// kInvalidInput for a name that is absolute, has "..", ".", an empty part, a backslash, a control character
// or more than 1,000 bytes.
Result<void> check_name(std::string_view name);

using Sink = std::function<Result<void>(std::string_view)>;
// Fills the buffer; fewer bytes only at the end.
using Source = std::function<Result<std::size_t>(char* to, std::size_t size)>;

class TarWriter {
 public:
  explicit TarWriter(Sink sink) : sink_(std::move(sink)) {}
  // After it exactly entry.bytes bytes are written.
  Result<void> begin(const TarEntry& entry);
  Result<void> write(std::string_view bytes);
  Result<void> end();     // of the entry; kInternal when its bytes are not all there
  Result<void> finish();  // of the archive

 private:
  Result<void> header(std::string_view name, std::uint64_t bytes, unsigned mode, char type);

  Sink sink_;
  std::uint64_t left_ = 0;     // of the entry
  std::uint64_t padding_ = 0;  // behind it
};

class TarReader {
 public:
  explicit TarReader(Source source) : source_(std::move(source)) {}
  // False at the end, behind which nothing but zeros may stand. What was not read of the entry before is
  // passed over. kInvalidSyntax when the bytes are no archive of ours.
  Result<bool> next(TarEntry& entry);
  // The next bytes of the entry; 0 at its end.
  Result<std::size_t> read(char* to, std::size_t size);

 private:
  Result<void> fill(char* to, std::size_t size);
  Result<void> skip_rest();
  Result<bool> header(TarEntry& entry, char& type);
  Result<std::string> long_name(std::uint64_t bytes);
  Result<bool> check_end();

  Source source_;
  std::uint64_t left_ = 0;
  std::uint64_t padding_ = 0;
};

}  // namespace tocsin::backup
