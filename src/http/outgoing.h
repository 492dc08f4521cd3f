#pragma once
// What is still to be written of an answer. Views: head and body outlive it.

#include <array>
#include <boost/asio/buffer.hpp>
#include <cstddef>
#include <string_view>

#include "http/transport.h"

namespace tocsin::http {

struct Outgoing {
  std::string_view head;
  std::string_view body;
  bool failed = false;

  std::size_t left() const noexcept { return head.size() + body.size(); }
  bool done() const noexcept { return left() == 0; }

  // Head and body in one call, as far as the transport takes them without blocking; if that is not all, wait
  // for wanted(). False when the client is gone.
  bool send_some(Transport& transport) {
    bool more = send_once(transport);
    // TLS takes one record at a time.
    for (int i = 0; more && transport.secure() && i < kRecordsInARow; ++i) more = send_once(transport);
    return !failed;
  }

 private:
  static constexpr int kRecordsInARow = 16;  // then others on this thread get their turn

  // True when more may be sent at once.
  bool send_once(Transport& transport) {
    boost::system::error_code ec;
    const std::array<boost::asio::const_buffer, 2> buffers{boost::asio::buffer(head),
                                                           boost::asio::buffer(body)};
    const auto count = transport.write_some(buffers, ec);
    failed = ec && ec != boost::asio::error::would_block;
    if (ec) return false;
    const auto from_head = count < head.size() ? count : head.size();
    head.remove_prefix(from_head);
    body.remove_prefix(count - from_head);
    return !done();
  }
};

}  // namespace tocsin::http
