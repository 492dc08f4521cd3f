#include "auth/private_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "auth/sodium.h"
#include "base/sha256.h"

namespace tocsin::auth {
namespace {

constexpr std::size_t kMaxFileBytes = 1 << 20;

Error file_error(ErrorKind kind, const std::filesystem::path& path, std::string message,
                 std::string hint = {}) {
  return error(kind, "secret file", std::move(message), std::move(hint), path.string());
}

Error system_error(const std::filesystem::path& path, std::string_view what) {
  const auto kind = errno == ENOENT ? ErrorKind::kNotFound : ErrorKind::kInternal;
  return file_error(kind, path, std::string(what) + ": " + std::generic_category().message(errno));
}

class File {
 public:
  File(const std::filesystem::path& path, int flags)
      : descriptor_(open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int get() const noexcept { return descriptor_; }
  bool is_open() const noexcept { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

Result<void> write_and_flush(const std::filesystem::path& path, std::string_view text) {
  const File file(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
  if (!file.is_open()) return system_error(path, "cannot be made");
  while (!text.empty()) {
    const auto written = write(file.get(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return system_error(path, "cannot be written");
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (fsync(file.get()) != 0) return system_error(path, "cannot be flushed");
  return {};
}

Result<void> flush_folder_of(const std::filesystem::path& path) {
  const File folder(path.has_parent_path() ? path.parent_path() : ".", O_RDONLY | O_DIRECTORY);
  if (!folder.is_open() || fsync(folder.get()) != 0)
    return system_error(path, "its folder cannot be flushed");
  return {};
}

Result<bool> put_in_place(const std::filesystem::path& beside, const std::filesystem::path& path,
                          IfThere if_there) {
  const unsigned flags = if_there == IfThere::kKeep ? RENAME_NOREPLACE : 0;
  if (renameat2(AT_FDCWD, beside.c_str(), AT_FDCWD, path.c_str(), flags) == 0) {
    TOCSIN_CHECK(flush_folder_of(path));
    return true;
  }
  const bool is_there = errno == EEXIST;
  auto failure = system_error(path, "cannot be put in place");
  unlink(beside.c_str());
  if (is_there) return false;
  return failure;
}

}  // namespace

Result<std::string> read_private_file(const std::filesystem::path& path) {
  const File file(path, O_RDONLY | O_NOFOLLOW);
  if (!file.is_open()) return system_error(path, "cannot be opened");
  struct stat info {};
  if (fstat(file.get(), &info) != 0) return system_error(path, "cannot be read");
  if (!S_ISREG(info.st_mode)) return file_error(ErrorKind::kInvalidInput, path, "it is not a regular file");
  if ((info.st_mode & 077) != 0)
    return file_error(ErrorKind::kForbidden, path, "others than its owner may read or write it",
                      "chmod 600 the file");
  std::string text(kMaxFileBytes, '\0');
  const auto size = read(file.get(), text.data(), text.size());
  if (size < 0) return system_error(path, "cannot be read");
  text.resize(static_cast<std::size_t>(size));
  return text;
}

Result<bool> write_private_file(const std::filesystem::path& path, std::string_view text, IfThere if_there) {
  // A name of its own: two processes may start at the same time.
  const auto beside = std::filesystem::path(path.string() + "." + to_hex(random_bytes(4)) + ".new");
  if (auto written = write_and_flush(beside, text); !written) {
    unlink(beside.c_str());
    return std::move(written).error();
  }
  return put_in_place(beside, path, if_there);
}

}  // namespace tocsin::auth
