#include "load/connection.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <utility>

namespace tocsin::bench {
namespace {

std::uint64_t number_after(std::string_view text, std::string_view key) {
  const auto place = text.find(key);
  if (place == std::string_view::npos) return 0;
  const auto begin = text.find_first_of("0123456789", place + key.size());
  std::uint64_t value = 0;
  if (begin != std::string_view::npos) std::from_chars(text.data() + begin, text.data() + text.size(), value);
  return value;
}

std::uint64_t occurrences_of(std::string_view text, std::string_view word) {
  std::uint64_t count = 0;
  for (auto place = text.find(word); place != std::string_view::npos; place = text.find(word, place + 1))
    ++count;
  return count;
}

std::optional<std::size_t> content_length(std::string_view head) {
  static constexpr std::string_view kName = "\r\ncontent-length:";
  for (std::size_t at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at + 2)) {
    const auto line = head.substr(at);
    if (line.size() > kName.size() && ::strncasecmp(line.data(), kName.data(), kName.size()) == 0) {
      return static_cast<std::size_t>(number_after(line, ":"));
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<ParsedAnswer> parse_answer(std::string_view bytes) {
  const auto end_of_head = bytes.find("\r\n\r\n");
  if (end_of_head == std::string_view::npos) return std::nullopt;
  const auto head = bytes.substr(0, end_of_head);
  const auto length = content_length(head);
  if (!length) return ParsedAnswer{{0, head}, bytes.size()};
  const auto whole = end_of_head + 4 + *length;
  if (bytes.size() < whole) return std::nullopt;
  return ParsedAnswer{{static_cast<int>(number_after(head, " ")), bytes.substr(end_of_head + 4, *length)},
                      whole};
}

Outcome read_outcome(const Answer& answer, Dialect dialect, std::uint32_t batch) {
  Outcome outcome;
  const bool good = answer.status == 200 || answer.status == 201;
  if (!good) {
    outcome.error = true;
  } else if (batch > 1) {
    outcome.accepted = number_after(answer.body, "\"accepted\"");
    outcome.duplicates = number_after(answer.body, "\"duplicates\"");
    outcome.rejected = occurrences_of(answer.body, "\"index\"");
  } else if (answer.status == 201 || dialect == Dialect::kPeer) {
    outcome.accepted = 1;
  } else {
    outcome.duplicates = 1;
  }
  return outcome;
}

Connection::Connection(const AlertWriter& writer, const LoadOptions& options, std::uint32_t index)
    : writer_(writer), options_(options) {
  std::string body = options.batch > 1 ? "[" : "";
  for (std::uint32_t i = 0; i < options.batch; ++i) {
    if (i > 0) body += ',';
    slots_.push_back(writer.append_blank(body, index + i));
  }
  if (options.batch > 1) body += ']';
  write_head(options, body.size());
  for (auto& slot : slots_) slot.offset += request_.size();
  request_ += body;
  sent_ = request_.size();
}

void Connection::write_head(const LoadOptions& options, std::size_t body_bytes) {
  request_ =
      "POST " + options.path + " HTTP/1.1\r\nHost: " + options.host + ':' + std::to_string(options.port) +
      "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body_bytes) + "\r\n\r\n";
}

Connection::~Connection() {
  if (fd_ >= 0) ::close(fd_);
}

Connection::Connection(Connection&& other) noexcept
    : started(other.started),
      idle(other.idle),
      writer_(other.writer_),
      options_(other.options_),
      fd_(std::exchange(other.fd_, -1)),
      request_(std::move(other.request_)),
      slots_(std::move(other.slots_)),
      sent_(other.sent_),
      received_(std::move(other.received_)) {}

bool Connection::open() {
  if (fd_ >= 0) ::close(fd_);
  received_.clear();
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(options_.port);
  if (fd_ < 0 || ::inet_pton(AF_INET, options_.host.c_str(), &address.sin_addr) != 1) return false;
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return false;
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return ::fcntl(fd_, F_SETFL, O_NONBLOCK) == 0;
}

void Connection::prepare(std::uint64_t first) {
  for (const auto& slot : slots_) writer_.fill(request_, slot, first++);
  sent_ = 0;
}

Connection::Progress Connection::write_some() {
  while (sending()) {
    const auto wrote = ::send(fd_, request_.data() + sent_, request_.size() - sent_, MSG_NOSIGNAL);
    if (wrote < 0) return errno == EAGAIN || errno == EINTR ? Progress::kBlocked : Progress::kLost;
    sent_ += static_cast<std::size_t>(wrote);
  }
  return Progress::kDone;
}

Connection::Progress Connection::read_some() {
  std::array<char, 65536> chunk;
  const auto got = ::recv(fd_, chunk.data(), chunk.size(), 0);
  if (got == 0) return Progress::kLost;
  if (got < 0) return errno == EAGAIN || errno == EINTR ? Progress::kBlocked : Progress::kLost;
  received_.append(chunk.data(), static_cast<std::size_t>(got));
  const auto parsed = parse_answer(received_);
  if (!parsed) return Progress::kBlocked;
  parsed_ = *parsed;
  return Progress::kDone;
}

}  // namespace tocsin::bench
