#pragma once
// Where a page ended, as opaque text: base64url of the list's name, the sort and the last row's keys, with a
// check so that a foreign or damaged cursor is told from a real one.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tocsin::store {

struct Cursor {
  std::int64_t key = 0;  // value of the column sorted by; 0 when that is seq
  std::int64_t seq = 0;
};

// `list` names the list and its sort: a cursor of another one is refused.
std::string encode_cursor(std::string_view list, const Cursor& cursor);
// kInvalidInput for anything that encode_cursor did not make for this list.
Result<Cursor> decode_cursor(std::string_view list, std::string_view text);

}  // namespace tocsin::store
