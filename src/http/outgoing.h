#pragma once
// What is still to be written of an answer. Views: head and body outlive it.

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <string_view>

namespace tocsin::http {

struct Outgoing {
  std::string_view head;
  std::string_view body;

  std::size_t left() const noexcept { return head.size() + body.size(); }
  bool done() const noexcept { return left() == 0; }

  // Head and body in one call, as far as the non-blocking socket takes them. False when the client is gone.
  bool send_some(boost::asio::ip::tcp::socket& socket) {
    boost::system::error_code ec;
    const std::array<boost::asio::const_buffer, 2> buffers{boost::asio::buffer(head),
                                                           boost::asio::buffer(body)};
    const auto count = socket.write_some(buffers, ec);
    if (ec) return ec == boost::asio::error::would_block;
    const auto from_head = count < head.size() ? count : head.size();
    head.remove_prefix(from_head);
    body.remove_prefix(count - from_head);
    return true;
  }
};

}  // namespace tocsin::http
