#pragma once
// gzip (RFC 1952) for bodies, bounded both ways.

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tocsin::http {

// zlib's fastest level: a tenth larger than the default level for a third of the time. Thread-safe.
std::string gzip(std::string_view bytes);

// kTooLarge as soon as the output passes `max_bytes`, whatever the input claims; kInvalidSyntax when the
// input is no gzip, is cut short or has something behind its end. Several members in a row are one stream.
Result<std::string> gunzip(std::string_view bytes, std::size_t max_bytes);

// True when an Accept-Encoding header takes gzip: "gzip" or "*" without "q=0".
bool accepts_gzip(std::string_view accept_encoding);

// True for media types that get smaller: text, JSON, XML, JavaScript, SVG.
bool is_compressible(std::string_view content_type);

}  // namespace tocsin::http
