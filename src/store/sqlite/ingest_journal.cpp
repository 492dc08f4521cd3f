#include "store/sqlite/ingest_journal.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/hash.h"
#include "store/sqlite/codec.h"

namespace tocsin::store {
namespace {

constexpr std::size_t kHeadBytes = 24;
constexpr std::uint64_t kMostPayload = std::uint64_t{1} << 30;

struct Head {
  std::uint64_t ordinal = 0;
  std::uint64_t size = 0;
  std::uint64_t hash = 0;
};

// The ordinal is hashed with the payload: an old record at the right place is not taken for a new one.
std::uint64_t hash_of(std::uint64_t ordinal, std::string_view payload) {
  return hash64(payload) ^ (ordinal * 0x9E3779B97F4A7C15U);
}

void append_record(std::string& bytes, std::uint64_t ordinal, std::string_view payload) {
  ByteWriter to(bytes);
  to.fixed64(ordinal);
  to.fixed64(payload.size());
  to.fixed64(hash_of(ordinal, payload));
  bytes += payload;
}

Error failed(const char* what) {
  const bool full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG || errno == EIO;
  return error(full ? ErrorKind::kStorageFull : ErrorKind::kUnavailable, what,
               std::generic_category().message(errno),
               "Free space on the disk of the data directory; writes then go on by themselves");
}

bool read_all(int file, char* to, std::size_t size, std::uint64_t offset) {
  for (std::size_t done = 0; done < size;) {
    const auto got = pread(file, to + done, size - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    done += static_cast<std::size_t>(got);
  }
  return true;
}

bool read_record(int file, std::uint64_t offset, Head& head, std::string& payload) {
  char bytes[kHeadBytes];
  if (!read_all(file, bytes, sizeof bytes, offset)) return false;
  ByteReader from(std::string_view(bytes, sizeof bytes));
  head = {from.fixed64(), from.fixed64(), from.fixed64()};
  if (head.size > kMostPayload) return false;
  payload.resize(head.size);
  return read_all(file, payload.data(), payload.size(), offset + kHeadBytes) &&
         head.hash == hash_of(head.ordinal, payload);
}

}  // namespace

Result<std::unique_ptr<IngestJournal>> IngestJournal::open(const std::string& path, std::uint64_t applied) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return failed("open the ingest journal");
  // The name must outlive a power cut as well as the bytes.
  const auto folder = std::filesystem::absolute(path).parent_path();
  if (const int dir = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); dir >= 0) {
    (void)fsync(dir);
    close(dir);
  }
  return std::unique_ptr<IngestJournal>(new IngestJournal(file, applied));
}

IngestJournal::~IngestJournal() {
  close(file_);
}

// A first record that is neither applied nor the next one belongs to another database: a restored backup,
// say.
Result<void> IngestJournal::read(const std::function<Result<void>(std::string_view)>& each) {
  Head head;
  std::string payload;
  std::uint64_t before = 0;
  for (std::uint64_t offset = 0; read_record(file_, offset, head, payload);
       offset += kHeadBytes + head.size) {
    if (before != 0 && head.ordinal != before + 1) return {};
    before = head.ordinal;
    if (head.ordinal <= last_) continue;
    if (head.ordinal != last_ + 1) return {};
    TOCSIN_CHECK(each(payload));
    last_ = head.ordinal;
  }
  return {};
}

// A writer that begins anew may overtake us: then a record does not fit, and those behind it were committed.
Result<IngestJournal::Copy> IngestJournal::copy(const std::string& path) {
  Copy copied;
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0 && errno == ENOENT) return copied;
  if (file < 0) return failed("read the ingest journal");
  Head head;
  std::string payload;
  while (read_record(file, copied.records.size(), head, payload) &&
         (copied.last == 0 || head.ordinal == copied.last + 1)) {
    if (copied.last == 0) copied.first = head.ordinal;
    copied.last = head.ordinal;
    append_record(copied.records, head.ordinal, payload);
  }
  close(file);
  return copied;
}

Result<void> IngestJournal::append(std::string_view payload) {
  buffer_.clear();
  append_record(buffer_, last_ + 1, payload);
  TOCSIN_CHECK(write_all(buffer_));
  if (fdatasync(file_) != 0) return failed("write the ingest journal");
  ++last_;
  end_ += buffer_.size();
  return {};
}

Result<void> IngestJournal::write_all(std::string_view bytes) {
  for (std::size_t done = 0; done < bytes.size();) {
    const auto put = pwrite(file_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(end_ + done));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return failed("write the ingest journal");
    done += static_cast<std::size_t>(put);
  }
  return {};
}

}  // namespace tocsin::store
