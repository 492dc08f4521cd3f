#include "backup/disk.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

namespace tocsin::backup {
namespace {

Error failed(const char* what, const std::string& file, int code) {
  const bool full = code == ENOSPC || code == EDQUOT || code == EFBIG;
  const auto kind = full             ? ErrorKind::kStorageFull
                    : code == ENOENT ? ErrorKind::kNotFound
                                     : ErrorKind::kUnavailable;
  return error(kind, what, std::generic_category().message(code),
               full ? "Free some space, or name another disk" : "", file);
}

std::filesystem::path folder_of(const std::filesystem::path& file) {
  return std::filesystem::absolute(file).lexically_normal().parent_path();
}

}  // namespace

Handle::~Handle() {
  if (file_ >= 0) close(file_);
}

Result<Handle> open_file(const std::string& file) {
  const int handle = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (handle < 0) return failed("open a file", file, errno);
  return Handle(handle);
}

Result<Handle> create_file(const std::string& file, unsigned mode) {
  const int handle = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
  if (handle < 0) return failed("make a file", file, errno);
  Handle made(handle);
  if (fchmod(handle, mode) != 0) return failed("make a file", file, errno);
  return made;
}

Result<std::uint64_t> size_of(const Handle& handle, const std::string& file) {
  struct stat facts {};
  if (fstat(handle.get(), &facts) != 0) return failed("read a file", file, errno);
  if (!S_ISREG(facts.st_mode))
    return error(ErrorKind::kInvalidInput, "read a file", "it is no regular file", "", file);
  return static_cast<std::uint64_t>(facts.st_size);
}

Result<std::size_t> read_some(const Handle& handle, char* to, std::size_t size) {
  std::size_t done = 0;
  while (done < size) {
    const auto got = ::read(handle.get(), to + done, size - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed("read a file", "", errno);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

Result<void> write_all(const Handle& handle, std::string_view bytes, const std::string& file) {
  while (!bytes.empty()) {
    const auto put = ::write(handle.get(), bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return failed("write a file", file, errno);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

Result<void> flush(const Handle& handle, const std::string& file) {
  if (fsync(handle.get()) != 0) return failed("flush a file", file, errno);
  return {};
}

Result<void> flush_folder(const std::filesystem::path& folder) {
  const Handle handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (handle.get() < 0 || fsync(handle.get()) != 0) return failed("flush a folder", folder.string(), errno);
  return {};
}

Result<void> rename_new(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::error_code ignored;
  if (std::filesystem::exists(to, ignored) && !std::filesystem::is_empty(to, ignored))
    return error(ErrorKind::kConflict, "name a file", to.string() + " exists", "Name another one");
  if (std::rename(from.c_str(), to.c_str()) != 0) return failed("name a file", to.string(), errno);
  return flush_folder(folder_of(to));
}

}  // namespace tocsin::backup
