#pragma once
// Text in lower case without a heap allocation for names of usual length.

#include <array>
#include <string>
#include <string_view>

#include "base/ascii.h"

namespace tocsin::enrich {

class Lower {
 public:
  explicit Lower(std::string_view text) : size_(text.size()) {
    auto* to = small_.data();
    if (size_ > small_.size()) {
      large_.resize(size_);
      to = large_.data();
    }
    for (const char c : text) *to++ = lower(c);
  }
  std::string_view view() const {
    return size_ > small_.size() ? large_ : std::string_view(small_.data(), size_);
  }

 private:
  std::size_t size_;
  std::array<char, 256> small_;
  std::string large_;
};

}  // namespace tocsin::enrich
