#pragma once
// Little-endian numbers out of bytes that may end anywhere. What is asked for beyond the end is 0, and ok()
// is false from then on: checked once after several reads.

#include <bit>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace tocsin::detect {

static_assert(std::endian::native == std::endian::little);

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes, std::size_t at = 0) : bytes_(bytes), at_(at) {
    if (at_ > bytes_.size()) fail();
  }

  template <class T>
  T number() {
    static_assert(std::is_arithmetic_v<T>);
    T value{};
    if (const auto raw = take(sizeof(T)); !raw.empty()) std::memcpy(&value, raw.data(), sizeof(T));
    return value;
  }
  // Empty when there are not so many.
  std::string_view take(std::size_t size) {
    if (size > bytes_.size() - at_) {
      fail();
      return {};
    }
    at_ += size;
    return bytes_.substr(at_ - size, size);
  }
  void skip(std::size_t size) { take(size); }
  void fail() {
    ok_ = false;
    at_ = bytes_.size();
  }

  std::size_t at() const noexcept { return at_; }
  bool is_at_end() const noexcept { return at_ == bytes_.size(); }
  bool ok() const noexcept { return ok_; }

 private:
  std::string_view bytes_;
  std::size_t at_;
  bool ok_ = true;
};

}  // namespace tocsin::detect
