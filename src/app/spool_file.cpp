#include "app/spool_file.h"

#include <fcntl.h>
#include <unistd.h>

namespace tocsin::app {
namespace {

Error cannot_keep(const std::filesystem::path& file) {
  const bool full = errno == ENOSPC || errno == EDQUOT;
  return error(full ? ErrorKind::kStorageFull : ErrorKind::kUnavailable, "upload",
               "the file could not be kept in " + file.parent_path().string(),
               "Make room on the disk, then send it again.");
}

}  // namespace

Result<void> write_spool_file(const std::filesystem::path& file, std::string_view bytes) {
  std::error_code ignored;
  std::filesystem::create_directories(file.parent_path(), ignored);
  const auto temporary = file.string() + ".new";
  const int out = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (out < 0) return cannot_keep(file);
  bool sound = true;
  while (sound && !bytes.empty()) {
    const auto written = ::write(out, bytes.data(), bytes.size());
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    sound = written > 0 || (written < 0 && errno == EINTR);
  }
  sound = sound && ::fsync(out) == 0;
  const auto failed = cannot_keep(file);
  sound = ::close(out) == 0 && sound;
  if (!sound || std::rename(temporary.c_str(), file.c_str()) != 0) {
    ::unlink(temporary.c_str());
    return failed;
  }
  const int folder = ::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    (void)::fsync(folder);
    ::close(folder);
  }
  return {};
}

}  // namespace tocsin::app
