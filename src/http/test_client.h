#pragma once
// For tests: a plain blocking socket that can misbehave as clients do, and a server on a port of its own.

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <map>
#include <string>
#include <string_view>

#include "http/server.h"
#include "http/text.h"

namespace tocsin::http::test {

struct Answer {
  int status = 0;                              // 0: the connection ended before a whole answer
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

class Client {
 public:
  // `receive_buffer`: the kernel's, in bytes; 0 leaves it.
  explicit Client(std::uint16_t port, int receive_buffer = 0) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    // A safety net only: tests end by what the server does.
    const timeval patience{20, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (receive_buffer > 0) ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  }
  virtual ~Client() { ::close(fd_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool connected() const { return connected_; }

  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto count = put(bytes.data(), bytes.size());
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  void end_sending() { ::shutdown(fd_, SHUT_WR); }

  // Reads at least `count` bytes; less at the end of the stream.
  std::string read(std::size_t count) {
    while (buffer_.size() < count && fill()) {
    }
    auto out = buffer_.substr(0, count);
    buffer_.erase(0, count);
    return out;
  }

  // Everything until the server closes; fails when it does not.
  std::string read_to_end() {
    while (fill()) {
    }
    EXPECT_TRUE(ended_) << "the server did not close";
    return std::exchange(buffer_, {});
  }

  bool closed_by_server() {
    read_to_end();
    return ended_;
  }

  // The next answer; `head_only` for answers to HEAD.
  Answer answer(bool head_only = false) {
    Answer out;
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!fill()) return out;
    }
    const auto head = read(end + 4);
    parse_head(head, out);
    if (head_only || out.status < 200 || out.status == 204 || out.status == 304) return out;
    const auto length = static_cast<std::size_t>(std::stoul(out.headers["content-length"]));
    out.body = read(length);
    if (out.body.size() < length) out.status = 0;
    return out;
  }

  Answer ask(std::string_view request) {
    send(request);
    return answer();
  }

 protected:
  int fd() const { return fd_; }

 private:
  virtual ssize_t put(const char* bytes, std::size_t size) { return ::send(fd_, bytes, size, MSG_NOSIGNAL); }
  virtual ssize_t take(char* bytes, std::size_t size) { return ::recv(fd_, bytes, size, 0); }

  static void parse_head(std::string_view head, Answer& out) {
    out.status = std::stoi(std::string(head.substr(9, 3)));
    for (auto at = head.find("\r\n") + 2; at < head.size() - 2;) {
      const auto end = head.find("\r\n", at);
      const auto line = head.substr(at, end - at);
      const auto colon = line.find(':');
      out.headers[to_lower(line.substr(0, colon))] = trimmed(line.substr(colon + 1));
      at = end + 2;
    }
  }

  bool fill() {
    char bytes[16 * 1024];
    const auto count = take(bytes, sizeof bytes);
    // A reset ends the stream too.
    ended_ = count == 0 || (count < 0 && errno == ECONNRESET);
    if (count <= 0) return false;
    buffer_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }

  int fd_;
  bool connected_ = false;
  bool ended_ = false;
  std::string buffer_;
};

inline std::string get(std::string_view path, std::string_view headers = {}) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n" + std::string(headers) + "\r\n";
}

inline std::string post(std::string_view path, std::string_view body, std::string_view headers = {}) {
  return "POST " + std::string(path) + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" +
         std::string(headers) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

// Waits until a condition that other threads bring about holds; false when it does not come.
template <class Condition>
bool eventually(Condition condition) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace tocsin::http::test
