#include "backup/packed_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "backup/disk.h"

namespace tocsin::backup {
namespace {

constexpr int kLevel = 3;
constexpr std::size_t kPiece = std::size_t{1} << 17;

// The frame at the end: zstd's number of a frame to be passed over, its size, then ours.
constexpr std::string_view kFrame("\x50\x2A\x4D\x18\x30\x00\x00\x00", 8);
constexpr std::string_view kMark = "TOCSINB1";
constexpr std::size_t kTrailer = 8 + 8 + 8 + kSha256Bytes;

std::string little_endian(std::uint64_t value) {
  std::string bytes;
  for (int shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(value >> shift & 0xFF);
  return bytes;
}

std::uint64_t unpacked_of(std::string_view trailer) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i)
    value |= std::uint64_t{static_cast<unsigned char>(trailer[16 + i])} << (8 * i);
  return value;
}

Error damaged(const char* what) {
  return error(ErrorKind::kInvalidSyntax, "read the backup", what,
               "The file is damaged, or is no backup of ours: take another one");
}

struct FreePacker {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

class Writer final : public PackedWriter {
 public:
  Writer(std::string file, Handle handle) : file_(std::move(file)), handle_(std::move(handle)) {
    ZSTD_CCtx_setParameter(packer_.get(), ZSTD_c_compressionLevel, kLevel);
    ZSTD_CCtx_setParameter(packer_.get(), ZSTD_c_checksumFlag, 1);
  }
  ~Writer() override {
    if (!done_) ::unlink(part_of(file_).c_str());
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  static std::string part_of(const std::string& file) { return file + ".part"; }

  Result<void> write(std::string_view bytes) override {
    unpacked_ += bytes.size();
    return pack(bytes, ZSTD_e_continue);
  }
  Result<void> finish() override {
    TOCSIN_CHECK(pack({}, ZSTD_e_end));
    const auto size = little_endian(unpacked_);
    TOCSIN_CHECK(put(kFrame));  // hashed like the rest
    TOCSIN_CHECK(put(kMark));
    TOCSIN_CHECK(put(size));
    TOCSIN_CHECK(put(hash_.finish()));
    TOCSIN_CHECK(flush(handle_, part_of(file_)));
    TOCSIN_CHECK(rename_new(part_of(file_), file_));
    done_ = true;
    return {};
  }
  std::uint64_t bytes() const override { return written_; }

 private:
  Result<void> pack(std::string_view bytes, ZSTD_EndDirective directive) {
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    for (bool more = true; more;) {
      ZSTD_outBuffer out{buffer_.data(), buffer_.size(), 0};
      const auto left = ZSTD_compressStream2(packer_.get(), &out, &in, directive);
      if (ZSTD_isError(left) != 0)
        return error(ErrorKind::kInternal, "pack the backup", ZSTD_getErrorName(left));
      TOCSIN_CHECK(put({buffer_.data(), out.pos}));
      more = directive == ZSTD_e_end ? left != 0 : in.pos < in.size;
    }
    return {};
  }
  Result<void> put(std::string_view bytes) {
    hash_.add(bytes);
    written_ += bytes.size();
    return write_all(handle_, bytes, part_of(file_));
  }

  const std::string file_;
  const Handle handle_;
  const std::unique_ptr<ZSTD_CCtx, FreePacker> packer_{ZSTD_createCCtx()};
  std::array<char, kPiece> buffer_;
  Sha256 hash_;
  std::uint64_t unpacked_ = 0;
  std::uint64_t written_ = 0;
  bool done_ = false;
};

class Reader final : public PackedReader {
 public:
  Reader(Handle handle, std::uint64_t packed, std::uint64_t unpacked)
      : handle_(std::move(handle)), packed_left_(packed), unpacked_(unpacked), left_(unpacked) {}

  Result<std::size_t> read(char* to, std::size_t size) override {
    std::size_t done = 0;
    while (done < size) {
      ZSTD_outBuffer out{to + done, size - done, 0};
      TOCSIN_TRY(more, unpack(out));
      done += out.pos;
      if (!more) break;
    }
    if (done > left_) return damaged("it unpacks to more than it says");
    left_ -= done;
    return done;
  }
  std::uint64_t unpacked_bytes() const override { return unpacked_; }

 private:
  // False at the end of the stream.
  Result<bool> unpack(ZSTD_outBuffer& out) {
    if (ended_) return false;
    if (in_.pos == in_.size) TOCSIN_CHECK(refill());
    const auto left = ZSTD_decompressStream(unpacker_.get(), &out, &in_);
    if (ZSTD_isError(left) != 0) return damaged(ZSTD_getErrorName(left));
    ended_ = left == 0;
    if (ended_ && (in_.pos != in_.size || packed_left_ != 0))
      return damaged("there is something behind its end");
    return !ended_;
  }
  Result<void> refill() {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(packed_left_, buffer_.size()));
    if (wanted == 0) return damaged("it ends too early");
    TOCSIN_TRY(got, read_some(handle_, buffer_.data(), wanted));
    if (got != wanted) return damaged("it changed while it was read");
    packed_left_ -= got;
    in_ = {buffer_.data(), got, 0};
    return {};
  }

  const Handle handle_;
  const std::unique_ptr<ZSTD_DCtx, FreePacker> unpacker_{ZSTD_createDCtx()};
  std::array<char, kPiece> buffer_;
  ZSTD_inBuffer in_{nullptr, 0, 0};
  std::uint64_t packed_left_;
  const std::uint64_t unpacked_;
  std::uint64_t left_;
  bool ended_ = false;
};

// Its trailer, when it is the right one for the bytes before it.
Result<std::string> checked_trailer(const Handle& file, std::uint64_t packed) {
  Sha256 hash;
  std::array<char, kPiece> piece;
  for (auto left = packed; left > 0;) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left, piece.size()));
    TOCSIN_TRY(got, read_some(file, piece.data(), wanted));
    if (got != wanted) return damaged("it ends too early");
    hash.add({piece.data(), got});
    left -= got;
  }
  std::string found(kTrailer, '\0');
  TOCSIN_TRY(got, read_some(file, found.data(), found.size()));
  if (got != kTrailer || found.compare(0, 8, kFrame) != 0 || found.compare(8, 8, kMark) != 0)
    return damaged("it does not end as a backup does");
  hash.add(std::string_view(found).substr(0, kTrailer - kSha256Bytes));
  if (hash.finish() != found.substr(kTrailer - kSha256Bytes))
    return damaged("its SHA-256 is another than it had when it was made");
  return found;
}

}  // namespace

Result<std::unique_ptr<PackedWriter>> PackedWriter::create(const std::string& file) {
  if (std::filesystem::exists(file)) {
    return error(ErrorKind::kConflict, "write the backup", file + " exists",
                 "A backup never overwrites; name another file");
  }
  TOCSIN_TRY(handle, create_file(Writer::part_of(file), 0600));
  return std::unique_ptr<PackedWriter>(std::make_unique<Writer>(file, std::move(handle)));
}

Result<std::unique_ptr<PackedReader>> PackedReader::open(const std::string& file) {
  TOCSIN_TRY(handle, open_file(file));
  TOCSIN_TRY(size, size_of(handle, file));
  if (size <= kTrailer) return damaged("it is too short");
  TOCSIN_TRY(trailer, checked_trailer(handle, size - kTrailer));
  if (lseek(handle.get(), 0, SEEK_SET) != 0) return damaged("it cannot be read twice; copy it to a disk");
  return std::unique_ptr<PackedReader>(
      std::make_unique<Reader>(std::move(handle), size - kTrailer, unpacked_of(trailer)));
}

}  // namespace tocsin::backup
