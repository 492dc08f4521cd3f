#include "http/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>

#include "http/text.h"

namespace tocsin::http {
namespace {

constexpr int kGzipWindow = 15 + 16;  // 32 KiB window, gzip wrapper
constexpr std::size_t kStep = 16 * 1024;

Bytef* as_input(std::string_view bytes) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib reads only
}

// zlib's deflate state is a quarter of a megabyte; one for each thread that answers, reset between answers.
class Deflater {
 public:
  Deflater() {
    if (deflateInit2(&stream_, Z_BEST_SPEED, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
      throw std::bad_alloc();
    }
  }
  ~Deflater() { deflateEnd(&stream_); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  std::string run(std::string_view bytes) {
    deflateReset(&stream_);
    std::string out(deflateBound(&stream_, bytes.size()), '\0');
    stream_.next_in = as_input(bytes);
    stream_.avail_in = static_cast<uInt>(bytes.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    deflate(&stream_, Z_FINISH);
    out.resize(std::min<std::size_t>(stream_.total_out, out.size()));
    return out;
  }

 private:
  z_stream stream_{};
};

class Inflater {
 public:
  explicit Inflater(std::string_view bytes) {
    if (inflateInit2(&stream_, kGzipWindow) != Z_OK) throw std::bad_alloc();
    stream_.next_in = as_input(bytes);
    stream_.avail_in = static_cast<uInt>(bytes.size());
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  Result<std::string> run(std::size_t max_bytes) {
    std::string out;
    while (true) {
      const int status = step(out);
      if (out.size() > max_bytes) {
        return error(ErrorKind::kTooLarge, "inflate the body",
                     "the body is larger than " + std::to_string(max_bytes) + " bytes when inflated",
                     "send it in several requests");
      }
      if (status == Z_STREAM_END && stream_.avail_in == 0) return out;
      if (status == Z_STREAM_END) inflateReset(&stream_);
      if (status != Z_OK && status != Z_STREAM_END) return broken();
    }
  }

 private:
  // Through a small buffer: growing `out` ahead would cost 64 KiB of zeros for each of many tiny members.
  int step(std::string& out) {
    std::array<char, kStep> piece;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by inflate
    stream_.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream_.avail_out = static_cast<uInt>(kStep);
    const int status = inflate(&stream_, Z_NO_FLUSH);
    out.append(piece.data(), kStep - stream_.avail_out);
    return status;
  }

  static Error broken() {
    return error(ErrorKind::kInvalidSyntax, "inflate the body", "the body is not a whole gzip stream",
                 "drop the Content-Encoding header or compress the body with gzip");
  }

  z_stream stream_{};
};

bool refuses(std::string_view parameters) {
  const auto q = parameters.find("q=");
  if (q == std::string_view::npos) return false;
  return trimmed(parameters.substr(q + 2)).find_first_not_of("0.") == std::string_view::npos;
}

}  // namespace

std::string gzip(std::string_view bytes) {
  thread_local Deflater deflater;
  return deflater.run(bytes);
}

Result<std::string> gunzip(std::string_view bytes, std::size_t max_bytes) {
  return Inflater(bytes).run(max_bytes);
}

bool accepts_gzip(std::string_view accept_encoding) {
  return any_list_item(accept_encoding, [](std::string_view item) {
    const auto name = trimmed(item.substr(0, item.find(';')));
    const bool named = equal_ignoring_case(name, "gzip") || name == "*";
    return named && !refuses(item.substr(name.size()));
  });
}

bool is_compressible(std::string_view content_type) {
  const auto type = trimmed(content_type.substr(0, content_type.find(';')));
  constexpr std::array<std::string_view, 6> kTypes{"application/json",       "application/problem+json",
                                                   "application/x-ndjson",   "application/yaml",
                                                   "application/javascript", "image/svg+xml"};
  return type.starts_with("text/") || type.ends_with("+json") ||
         std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
}

}  // namespace tocsin::http
