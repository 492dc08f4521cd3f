#pragma once
// Files that the binary serves: one archive, packed at build time by tools/pack_assets.mjs.
//
// Format, little-endian:
//   "TOCPACK1"                           8 bytes
//   count                                u32
//   count times:
//     path, content type, ETag           each u16 length and bytes; the path starts with '/'
//     flags                              u8; bit 0: the name holds a hash of the content, cache for ever
//     offset, size of the plain bytes    u64, u64; from the start of the archive
//     offset, size of the gzip bytes     u64, u64; size 0: not stored, it would not be smaller

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/http.h"

namespace tocsin::http {

struct Asset {
  std::string_view content_type;
  std::string_view etag;  // without quotes
  bool immutable = false;
  std::string_view bytes;
  std::string_view gzip_bytes;  // empty when not stored
};

// Immutable after open; lookups are thread-safe.
class StaticFiles {
 public:
  StaticFiles() = default;

  // Borrows `archive`, which must outlive this. kInvalidSyntax with the byte offset when it is cut short,
  // points outside itself or names a path twice.
  static Result<StaticFiles> open(std::string_view archive);

  // Exact path, decoded, such as "/index.html"; null when there is none.
  const Asset* find(std::string_view path) const;
  std::size_t size() const noexcept { return assets_.size(); }

 private:
  std::map<std::string_view, Asset, std::less<>> assets_;
};

// 200, or 304 when If-None-Match names the asset. Borrows the archive's bytes (Response::static_body).
Response serve_asset(const Asset& asset, const Request& request);

}  // namespace tocsin::http
