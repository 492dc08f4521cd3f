#pragma once
// Rows in the binary format of COPY. Types must be those of the columns, in their order.

#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/postgres/portable_text.h"

namespace tocsin::store {

class CopyRows {
 public:
  CopyRows() { out_.append("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19); }

  void begin_row(std::int16_t columns) {
    put<std::int16_t>(columns);
    ++rows_;
  }
  void small(std::int64_t value) { sized<std::int16_t>(value); }                        // SMALLINT
  void integer(std::int64_t value) { sized<std::int32_t>(value); }                      // INTEGER
  void big(std::int64_t value) { sized<std::int64_t>(value); }                          // BIGINT
  void real(double value) { sized<std::int64_t>(std::bit_cast<std::int64_t>(value)); }  // DOUBLE PRECISION
  void null() { put<std::int32_t>(-1); }
  void blob(std::string_view value) {
    put<std::int32_t>(static_cast<std::int32_t>(value.size()));
    out_ += value;
  }
  void text(std::string_view value) {
    const auto portable = to_portable_text(value);
    blob(portable ? std::string_view(*portable) : value);
  }
  void optional_text(std::string_view value, bool present) { present ? text(value) : null(); }
  void optional_blob(std::string_view value) { value.empty() ? null() : blob(value); }
  void optional_big(std::int64_t value, bool present) { present ? big(value) : null(); }

  std::size_t rows() const { return rows_; }
  // The whole, ended; nothing may be added afterwards.
  std::string_view finish() {
    put<std::int16_t>(-1);
    return out_;
  }

 private:
  template <class Int>
  void put(std::int64_t value) {
    for (int shift = static_cast<int>(sizeof(Int)) * 8 - 8; shift >= 0; shift -= 8)
      out_ += static_cast<char>(value >> shift & 0xFF);
  }
  template <class Int>
  void sized(std::int64_t value) {
    put<std::int32_t>(sizeof(Int));
    put<Int>(value);
  }

  std::string out_;
  std::size_t rows_ = 0;
};

}  // namespace tocsin::store
