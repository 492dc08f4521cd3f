#include "http/assets.h"

#include <cstdint>

#include "http/gzip.h"
#include "http/text.h"

namespace tocsin::http {
namespace {

constexpr std::string_view kMagic = "TOCPACK1";
constexpr unsigned kImmutable = 1;

// Reads the index front to back; after a failure every read is empty and failed() stays true.
class Reader {
 public:
  explicit Reader(std::string_view archive) : archive_(archive) {}

  std::string_view bytes(std::size_t count) {
    if (failed_ || archive_.size() - at_ < count) {
      failed_ = true;
      return {};
    }
    const auto piece = archive_.substr(at_, count);
    at_ += count;
    return piece;
  }

  std::uint64_t number(std::size_t width) {
    std::uint64_t value = 0;
    const auto piece = bytes(width);
    for (std::size_t i = piece.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(piece[i]);
    return value;
  }

  std::string_view text() { return bytes(static_cast<std::size_t>(number(2))); }

  std::string_view slice() {
    const auto offset = number(8);
    const auto size = number(8);
    if (failed_ || offset > archive_.size() || size > archive_.size() - offset) {
      failed_ = true;
      return {};
    }
    return archive_.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(size));
  }

  bool failed() const noexcept { return failed_; }
  std::size_t at() const noexcept { return at_; }

 private:
  std::string_view archive_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

Asset read_asset(Reader& reader) {
  Asset asset;
  asset.content_type = reader.text();
  asset.etag = reader.text();
  asset.immutable = (reader.number(1) & kImmutable) != 0;
  asset.bytes = reader.slice();
  asset.gzip_bytes = reader.slice();
  return asset;
}

Error corrupt(std::string message, std::size_t at) {
  return error(ErrorKind::kInvalidSyntax, "open the packed assets", std::move(message),
               "build the console again", "byte " + std::to_string(at));
}

// The tag is weak: plain and gzip bytes are the same file.
std::string quoted(std::string_view etag) {
  return "W/\"" + std::string(etag) + "\"";
}

bool is_current(const Asset& asset, std::string_view if_none_match) {
  return any_list_item(if_none_match, [&](std::string_view item) {
    if (item.starts_with("W/")) item.remove_prefix(2);
    return item == "*" || item == "\"" + std::string(asset.etag) + "\"";
  });
}

}  // namespace

Result<StaticFiles> StaticFiles::open(std::string_view archive) {
  Reader reader(archive);
  if (reader.bytes(kMagic.size()) != kMagic) return corrupt("this is no archive of assets", 0);
  StaticFiles files;
  const auto count = reader.number(4);
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto at = reader.at();
    const auto path = reader.text();
    const auto asset = read_asset(reader);
    if (reader.failed()) return corrupt("the archive is cut short or points outside itself", at);
    if (!path.starts_with('/')) return corrupt("a path does not start with '/'", at);
    if (!files.assets_.emplace(path, asset).second) return corrupt("a path occurs twice", at);
  }
  if (reader.failed()) return corrupt("the archive is cut short", reader.at());
  return files;
}

const Asset* StaticFiles::find(std::string_view path) const {
  const auto found = assets_.find(path);
  return found == assets_.end() ? nullptr : &found->second;
}

Response serve_asset(const Asset& asset, const Request& request) {
  Response response;
  response.headers.emplace_back("ETag", quoted(asset.etag));
  response.headers.emplace_back("Cache-Control",
                                asset.immutable ? "public, max-age=31536000, immutable" : "no-cache");
  response.headers.emplace_back("Vary", "Accept-Encoding");
  if (is_current(asset, request.header("If-None-Match"))) {
    response.status = 304;
    return response;
  }
  response.headers.emplace_back("Content-Type", asset.content_type);
  response.static_body = asset.bytes;
  if (!asset.gzip_bytes.empty() && accepts_gzip(request.header("Accept-Encoding"))) {
    response.headers.emplace_back("Content-Encoding", "gzip");
    response.static_body = asset.gzip_bytes;
  }
  return response;
}

}  // namespace tocsin::http
