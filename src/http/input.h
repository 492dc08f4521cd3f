#pragma once
// Bytes read from a socket and not yet parsed. They are looked at where they were read and only copied when a
// suspension comes between, as that memory is then read into again.

#include <string>
#include <string_view>

namespace tocsin::http {

class Input {
 public:
  std::string_view view() const noexcept { return unread_; }
  bool empty() const noexcept { return unread_.empty(); }
  void consume(std::size_t count) { unread_.remove_prefix(count); }

  // `fresh` may be borrowed until the next keep().
  void add(std::string_view fresh) {
    if (unread_.empty()) {
      unread_ = fresh;
      return;
    }
    keep();
    kept_.append(fresh);
    unread_ = kept_;
  }

  // Before a suspension: nothing is borrowed afterwards.
  void keep() {
    std::string rest(unread_);
    kept_.swap(rest);
    unread_ = kept_;
  }

 private:
  std::string kept_;
  std::string_view unread_;
};

}  // namespace tocsin::http
