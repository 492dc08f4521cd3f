#pragma once
// Digests that indicators are written in.

#include <string>
#include <string_view>

namespace tocsin::ingest {

std::string md5_hex(std::string_view bytes);     // 32 lower-case hex digits
std::string sha256_hex(std::string_view bytes);  // 64

}  // namespace tocsin::ingest
