#include "detect/sigma/case_fold.h"

#include <utf8proc.h>

#include "base/ascii.h"

namespace tocsin::detect::sigma {
namespace {

constexpr bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

// Folds the one character that starts `text`, which is not ASCII; returns its length.
std::size_t append_folded(std::string& out, std::string_view text) {
  utf8proc_int32_t character = 0;
  const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                     static_cast<utf8proc_ssize_t>(text.size()), &character);
  if (size <= 0) {
    out += text.front();
    return 1;
  }
  const auto length = static_cast<std::size_t>(size);
  const auto small = utf8proc_tolower(character);
  if (small == character || small < 0x80) {
    out += text.substr(0, length);
    return length;
  }
  std::array<utf8proc_uint8_t, 4> bytes{};
  const auto written = utf8proc_encode_char(small, bytes.data());
  out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(written));
  return length;
}

}  // namespace

std::string fold_case(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    if (is_ascii(text.front())) {
      out += lower(text.front());
      text.remove_prefix(1);
    } else {
      text.remove_prefix(append_folded(out, text));
    }
  }
  return out;
}

}  // namespace tocsin::detect::sigma
