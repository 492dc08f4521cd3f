#include "app/upload_bytes.h"

#include <algorithm>

#include "http/gzip.h"

namespace tocsin::app {
namespace {

Error too_large(std::uint64_t max_bytes) {
  return error(ErrorKind::kTooLarge, "read upload",
               "the file is larger than " + std::to_string(max_bytes >> 20U) + " MiB when unpacked",
               "Split it and send the parts.");
}

}  // namespace

bool is_gzip(std::string_view bytes) {
  return bytes.starts_with("\x1F\x8B");
}

bool unpacks_beyond(std::string_view text, std::size_t bytes) {
  if (!is_gzip(text)) return false;
  const auto unpacked = http::gunzip(text, bytes);
  return !unpacked && unpacked.error().kind == ErrorKind::kTooLarge;
}

Result<UploadBytes> UploadBytes::of_memory(std::string_view body, std::uint64_t max_bytes) {
  UploadBytes bytes;
  bytes.max_ = bytes.left_ = max_bytes;
  if (is_gzip(body)) {
    TOCSIN_TRY(unpacked, http::gunzip(body, max_bytes));
    bytes.buffer_ = std::move(unpacked);
  } else {
    bytes.memory_ = body;
  }
  return bytes;
}

Result<UploadBytes> UploadBytes::of_file(const std::filesystem::path& file, std::uint64_t max_bytes) {
  UploadBytes bytes;
  bytes.max_ = bytes.left_ = max_bytes;
  bytes.file_.reset(gzopen(file.c_str(), "rb"));  // reads what is no gzip as it stands
  if (!bytes.file_) return error(ErrorKind::kUnavailable, "read upload", file.string() + " cannot be opened");
  gzbuffer(bytes.file_.get(), 128U << 10);
  return bytes;
}

Result<std::string_view> UploadBytes::count(std::string_view piece) {
  if (piece.size() > left_) return too_large(max_);
  left_ -= piece.size();
  return piece;
}

Result<std::string_view> UploadBytes::next() {
  if (!file_) {
    if (memory_.empty() && !buffer_.empty()) {
      std::swap(held_, buffer_);
      memory_ = held_;
    }
    const auto piece = memory_.substr(0, kPiece);
    memory_.remove_prefix(piece.size());
    return piece;
  }
  buffer_.resize(kPiece);
  const int got = gzread(file_.get(), buffer_.data(), static_cast<unsigned>(kPiece));
  int status = Z_OK;
  const char* why = gzerror(file_.get(), &status);
  if (got < 0 || (status != Z_OK && status != Z_STREAM_END)) {
    return error(ErrorKind::kInvalidSyntax, "read upload", std::string("the gzip file is broken: ") + why,
                 "What came before was taken. Pack it again.");
  }
  return count(std::string_view(buffer_).substr(0, static_cast<std::size_t>(got)));
}

}  // namespace tocsin::app
