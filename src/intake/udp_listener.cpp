// Syslog over UDP (RFC 5426): one datagram, one message.

#include <sys/socket.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "intake/listener.h"

namespace tocsin::intake {
namespace {

using asio::ip::udp;
using boost::system::error_code;

constexpr std::size_t kBatch = 64;               // datagrams of one system call
constexpr std::size_t kMaxDatagram = 64 * 1024;  // what UDP can carry
constexpr int kMaxDrainCalls = 10'000;           // at the stop: 640,000 datagrams

// The buffers of one recvmmsg call.
class DatagramBatch {
 public:
  DatagramBatch() : bytes_(kBatch * kMaxDatagram) {
    for (std::size_t i = 0; i < kBatch; ++i) parts_[i] = {&bytes_[i * kMaxDatagram], kMaxDatagram};
  }

  // Datagrams received; -1 with errno.
  int receive(int socket) {
    for (std::size_t i = 0; i < kBatch; ++i) {
      headers_[i] = {};
      headers_[i].msg_hdr.msg_iov = &parts_[i];
      headers_[i].msg_hdr.msg_iovlen = 1;
      headers_[i].msg_hdr.msg_control = controls_[i].data();
      headers_[i].msg_hdr.msg_controllen = controls_[i].size();
    }
    return recvmmsg(socket, headers_.data(), kBatch, MSG_DONTWAIT, nullptr);
  }
  std::string_view message(std::size_t i) const { return {&bytes_[i * kMaxDatagram], headers_[i].msg_len}; }
  // How many datagrams the kernel had dropped when this one came (SO_RXQ_OVFL); absent when it says nothing.
  std::optional<std::uint32_t> drops(std::size_t i) {
    auto& header = headers_[i].msg_hdr;
    for (auto* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
      if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SO_RXQ_OVFL) continue;
      std::uint32_t count = 0;
      std::memcpy(&count, CMSG_DATA(part), sizeof(count));
      return count;
    }
    return std::nullopt;
  }

 private:
  std::vector<char> bytes_;
  std::array<iovec, kBatch> parts_{};
  std::array<mmsghdr, kBatch> headers_{};
  struct alignas(cmsghdr) Control : std::array<char, CMSG_SPACE(sizeof(std::uint32_t))> {};
  std::array<Control, kBatch> controls_{};
};

std::string_view without_line_end(std::string_view message) {
  while (!message.empty() && (message.back() == '\n' || message.back() == '\r' || message.back() == '\0')) {
    message.remove_suffix(1);
  }
  return message;
}

class UdpListener final : public Listener {
 public:
  UdpListener(const ListenerContext& context, udp::socket socket)
      : context_(context), socket_(std::move(socket)) {
    const auto endpoint = socket_.local_endpoint();
    const auto host = endpoint.address().to_string();
    address_ = (endpoint.address().is_v6() ? '[' + host + ']' : host) + ':' + std::to_string(endpoint.port());
  }

  std::string address() const override { return address_; }
  void start() override { asio::co_spawn(context_.io, run(), asio::detached); }
  void stop() override {
    ending_ = true;
    error_code ignored;
    socket_.cancel(ignored);
  }
  bool stopped() const override { return ended_; }
  void abort() override {
    aborted_ = true;
    stop();
  }
  // The kernel's count, also when nothing comes after a drop to carry it.
  void on_tick() override {
    std::array<std::uint32_t, 16> memory{};
    auto size = static_cast<socklen_t>(sizeof(memory));
    constexpr int kDrops = 8;  // SK_MEMINFO_DROPS of linux/sock_diag.h
    if (ended_ || getsockopt(socket_.native_handle(), SOL_SOCKET, SO_MEMINFO, memory.data(), &size) != 0)
      return;
    if (size > kDrops * sizeof(std::uint32_t)) note_drops(memory[kDrops]);
  }

 private:
  asio::awaitable<void> run() {
    while (!ending_) {
      error_code code;
      co_await context_.builder.ready();
      co_await socket_.async_wait(udp::socket::wait_read, asio::redirect_error(asio::use_awaitable, code));
      if (ending_) break;
      if (code) context_.channel.stats.error(context_.clock.now(), "read: " + code.message());
      co_await read_waiting(1);
    }
    co_await read_waiting(kMaxDrainCalls);
    on_tick();
    ended_ = true;
  }

  asio::awaitable<void> read_waiting(int calls) {
    while (calls-- > 0 && !aborted_) {
      co_await context_.builder.ready();
      const auto got = batch_.receive(socket_.native_handle());
      if (got <= 0) break;
      for (std::size_t i = 0; i < static_cast<std::size_t>(got); ++i) take(i);
    }
  }

  void take(std::size_t i) {
    if (const auto drops = batch_.drops(i)) note_drops(*drops);
    const auto message = without_line_end(batch_.message(i));
    const auto limit = context_.options.max_message_bytes;
    if (!message.empty()) context_.builder.add(message.substr(0, limit), message.size() > limit);
  }

  // The kernel's counter has 32 bits and may wrap.
  void note_drops(std::uint32_t counter) {
    drops_ += counter - last_counter_;
    last_counter_ = counter;
    context_.channel.stats.set_dropped(drops_);
  }

  const ListenerContext context_;
  udp::socket socket_;
  std::string address_;
  DatagramBatch batch_;
  std::uint64_t drops_ = 0;
  std::uint32_t last_counter_ = 0;
  bool ending_ = false;
  bool ended_ = false;
  bool aborted_ = false;
};

void enlarge_buffer(int socket, int bytes) {
  // The plain option stops at net.core.rmem_max; the other needs a privilege. What was got is what counts.
  if (setsockopt(socket, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)) == 0) return;
  setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
}

}  // namespace

Result<std::unique_ptr<Listener>> make_udp_listener(const ListenerContext& context) {
  const auto& options = context.options;
  const auto fail = [&](const std::string& why) {
    return error(ErrorKind::kInvalidInput, "listen for " + options.name,
                 options.host + ":" + std::to_string(options.port) + ": " + why,
                 "is another program listening there?");
  };
  error_code code;
  const auto address = asio::ip::make_address(options.host, code);
  if (code) return fail("not an address");
  udp::socket socket(context.io);
  const udp::endpoint endpoint(address, options.port);
  socket.open(endpoint.protocol(), code);
  if (!code) socket.bind(endpoint, code);
  if (code) return fail(code.message());
  enlarge_buffer(socket.native_handle(), options.receive_buffer_bytes);
  const int on = 1;
  if (setsockopt(socket.native_handle(), SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof(on)) != 0) {
    return fail("SO_RXQ_OVFL: " + std::generic_category().message(errno));
  }
  return std::unique_ptr<Listener>(std::make_unique<UdpListener>(context, std::move(socket)));
}

}  // namespace tocsin::intake
