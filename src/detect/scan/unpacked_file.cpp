#include "detect/scan/unpacked_file.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace tocsin::detect {
namespace {

constexpr std::size_t kPieceBytes = 256U << 10;
constexpr int kLookAtStopMs = 100;

std::string text_of(int code) {
  return std::generic_category().message(code);
}

Error not_opened(int code) {
  return error(code == ENOENT ? ErrorKind::kNotFound : ErrorKind::kUnavailable, "open", text_of(code));
}

// Waits for bytes as long as nobody says stop; regular files are always ready.
bool wait_for_bytes(int file, const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    pollfd waited{file, POLLIN, 0};
    if (poll(&waited, 1, kLookAtStopMs) != 0) return true;  // read() says what a failure is
  }
  return false;
}

}  // namespace

Result<std::unique_ptr<UnpackedFile>> UnpackedFile::open(const std::string& file, std::stop_token stop,
                                                         std::atomic<std::uint64_t>& bytes_read) {
  const int opened =
      file == "-" ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (opened < 0) return not_opened(errno);
  std::unique_ptr<UnpackedFile> made(new UnpackedFile(opened, std::move(stop), bytes_read));
  struct stat status {};
  if (fstat(opened, &status) != 0) return not_opened(errno);
  if (S_ISDIR(status.st_mode))
    return error(ErrorKind::kInvalidInput, "open", "it is a directory", "Name the files in it.");
  return made;
}

UnpackedFile::UnpackedFile(int file, std::stop_token stop, std::atomic<std::uint64_t>& bytes_read)
    : file_(file),
      stop_(std::move(stop)),
      bytes_read_(bytes_read),
      packed_(kPieceBytes, '\0'),
      archive_(archive_read_new()) {
  archive_read_support_filter_gzip(archive_);
  archive_read_support_filter_xz(archive_);
  archive_read_support_filter_zstd(archive_);
  archive_read_support_format_raw(archive_);
  archive_read_support_format_empty(archive_);
}

UnpackedFile::~UnpackedFile() {
  archive_read_free(archive_);
  close(file_);
}

ssize_t UnpackedFile::read_packed(archive* reader, void* self, const void** bytes) {
  auto& file = *static_cast<UnpackedFile*>(self);
  *bytes = file.packed_.data();
  if (!wait_for_bytes(file.file_, file.stop_)) return 0;
  ssize_t size = 0;
  do size = ::read(file.file_, file.packed_.data(), file.packed_.size());
  while (size < 0 && errno == EINTR);
  if (size < 0) {
    file.read_error_ = errno;
    archive_set_error(reader, file.read_error_, "%s", text_of(file.read_error_).c_str());
    return -1;
  }
  file.bytes_read_ += static_cast<std::uint64_t>(size);
  return size;
}

Error UnpackedFile::fault() const {
  if (read_error_ != 0) return error(ErrorKind::kUnavailable, "read", text_of(read_error_));
  const char* why = archive_error_string(archive_);
  return error(ErrorKind::kInvalidSyntax, "unpack", why != nullptr ? why : "the packed bytes are damaged");
}

Result<std::string_view> UnpackedFile::next() {
  const void* bytes = nullptr;
  std::size_t size = 0;
  la_int64_t offset = 0;
  int status = ARCHIVE_OK;
  if (!is_open_) {
    is_open_ = true;
    status = archive_read_open(archive_, this, nullptr, read_packed, nullptr);
    archive_entry* entry = nullptr;
    if (status == ARCHIVE_OK) status = archive_read_next_header(archive_, &entry);
  }
  while (status == ARCHIVE_OK && size == 0)
    status = archive_read_data_block(archive_, &bytes, &size, &offset);
  if (stop_.stop_requested() || status == ARCHIVE_EOF) return std::string_view();
  if (status != ARCHIVE_OK) return fault();
  return std::string_view(static_cast<const char*>(bytes), size);
}

}  // namespace tocsin::detect
