#include "http/request_parser.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>

#include "http/text.h"

namespace tocsin::http {
namespace {

namespace beast = boost::beast;
using beast::http::error;
using beast::http::field;
using beast::http::verb;
using ErrorCode = beast::error_code;
using BoostView = beast::string_view;

// Bodies up to this size get their memory at once; a larger one must first arrive: a header costs nothing.
constexpr std::uint64_t kMaxReserve = 256 * 1024;
constexpr std::size_t kGrowth = 4;  // what has arrived may stand for so much

Method to_method(verb verb) {
  switch (verb) {
    case verb::get:
      return Method::kGet;
    case verb::head:
      return Method::kHead;
    case verb::post:
      return Method::kPost;
    case verb::put:
      return Method::kPut;
    case verb::patch:
      return Method::kPatch;
    case verb::delete_:
      return Method::kDelete;
    case verb::options:
      return Method::kOptions;
    default:
      return Method::kOther;
  }
}

std::string copy(BoostView text) {
  return {text.data(), text.size()};
}

// Writes what Beast recognises straight into our Request.
class Parser final : public beast::http::basic_parser<true> {
 public:
  explicit Parser(const RequestParser::Limits& limits)
      : max_fields_(limits.fields), max_extensions_(limits.header_bytes) {
    header_limit(limits.header_bytes);
    body_limit(limits.body_bytes);
  }

  Request request;
  std::string target;
  bool http_1_0 = false;
  bool bad_coding = false;
  bool upgrade_websocket = false;
  bool expect_continue = false;

 private:
  void on_request_impl(verb method, BoostView, BoostView text, int version, ErrorCode&) override {
    http_1_0 = version < 11;
    request.method = to_method(method);
    target.assign(text.data(), text.size());
  }

  void on_response_impl(int, BoostView, int, ErrorCode&) override {}

  void on_field_impl(field name, BoostView name_text, BoostView value, ErrorCode& ec) override {
    if (is_header_done()) return;  // trailers: nothing of ours reads them, and they must not pass for headers
    if (request.headers.size() >= max_fields_) {
      ec = error::header_limit;
      return;
    }
    const std::string_view text(value.data(), value.size());
    if (name == field::transfer_encoding) bad_coding = bad_coding || !equal_ignoring_case(text, "chunked");
    if (name == field::upgrade) upgrade_websocket = equal_ignoring_case(text, "websocket");
    if (name == field::expect) expect_continue = equal_ignoring_case(text, "100-continue");
    request.headers.emplace_back(copy(name_text), text);
  }

  void on_header_impl(ErrorCode&) override {}

  void on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCode&) override {
    length_ = length.value_or(0);
    request.body.reserve(static_cast<std::size_t>(std::min(length_, kMaxReserve)));
  }

  std::size_t on_body_impl(BoostView bytes, ErrorCode&) override {
    if (const auto size = request.body.size() + bytes.size(); size > request.body.capacity())
      request.body.reserve(
          std::max(size, static_cast<std::size_t>(std::min<std::uint64_t>(length_, size * kGrowth))));
    request.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }

  // Nothing of ours reads chunk extensions; all of one body together must not be longer than a head may be.
  void on_chunk_header_impl(std::uint64_t, BoostView extensions, ErrorCode& ec) override {
    extensions_ += extensions.size();
    if (extensions_ > max_extensions_) ec = error::header_limit;
  }

  std::size_t on_chunk_body_impl(std::uint64_t, BoostView bytes, ErrorCode&) override {
    request.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }

  void on_finish_impl(ErrorCode&) override {}

  std::uint64_t length_ = 0;  // of the body, as its head says
  std::size_t max_fields_;
  std::size_t max_extensions_;
  std::size_t extensions_ = 0;
};

// A field continued on the next line, which others in the way of a request read differently. RFC 9112 §5.2
// lets us refuse it; Beast joins the lines.
bool has_folded_line(std::string_view head) {
  for (auto at = head.find('\n'); at != std::string_view::npos; at = head.find('\n', at + 1)) {
    if (at + 1 < head.size() && (head[at + 1] == ' ' || head[at + 1] == '\t')) return true;
  }
  return false;
}

}  // namespace

struct RequestParser::Impl {
  std::optional<Parser> parser;
  bool head_reported = false;
  int status = 400;
  std::string_view reason = "The request is not valid HTTP/1.1.";

  State fail(int code, std::string_view text) {
    status = code;
    reason = text;
    return State::kFailed;
  }

  State fail(const ErrorCode& ec) {
    if (ec == error::header_limit) return fail(431, "The request line and header fields are too large.");
    if (ec == error::body_limit)
      return fail(413, "The body is larger than this server takes: send it in several requests.");
    return fail(400, "The request is not valid HTTP/1.1.");
  }

  State check_head(std::string_view head) {
    head_reported = true;
    if (has_folded_line(head)) return fail(400, "Header fields must not be continued on a new line.");
    if (parser->bad_coding) return fail(501, "The only transfer coding taken is chunked.");
    // RFC 9112 §6.1: a sign of request smuggling.
    if (parser->chunked() && parser->http_1_0) return fail(400, "HTTP/1.0 has no chunked bodies.");
    return State::kHeadDone;
  }
};

RequestParser::RequestParser(Limits limits) : limits_(limits), impl_(std::make_unique<Impl>()) {
  reset();
}
RequestParser::~RequestParser() = default;

void RequestParser::reset() {
  impl_->parser.emplace(limits_);
  impl_->head_reported = false;
}

RequestParser::State RequestParser::put(std::string_view bytes, std::size_t& consumed) {
  auto& parser = *impl_->parser;
  consumed = 0;
  if (parser.is_done()) return State::kDone;
  // A chunked body never ends within fewer bytes ("0", CRLF, CRLF), and Beast 1.81 asserts on less in its
  // last chunk.
  if (impl_->head_reported && parser.chunked() && bytes.size() < 5) return State::kNeedMore;
  ErrorCode ec;
  parser.eager(impl_->head_reported);
  consumed = parser.put(boost::asio::const_buffer(bytes.data(), bytes.size()), ec);
  if (ec && ec != error::need_more) return impl_->fail(ec);
  if (!impl_->head_reported && parser.is_header_done()) return impl_->check_head(bytes.substr(0, consumed));
  if (parser.is_done()) return State::kDone;
  // What stays unread is then one chunk's header or the trailers.
  const bool endless = impl_->head_reported && bytes.size() - consumed > limits_.header_bytes;
  return endless ? impl_->fail(error::header_limit) : State::kNeedMore;
}

int RequestParser::failure_status() const {
  return impl_->status;
}
std::string_view RequestParser::failure_reason() const {
  return impl_->reason;
}
std::string_view RequestParser::target() const {
  return impl_->parser->target;
}
bool RequestParser::keep_alive() const {
  return impl_->parser->keep_alive();
}
bool RequestParser::is_chunked() const {
  return impl_->parser->chunked();
}
bool RequestParser::is_http_1_0() const {
  return impl_->parser->http_1_0;
}
Request& RequestParser::request() {
  return impl_->parser->request;
}

bool RequestParser::wants_websocket() const {
  const auto& parser = *impl_->parser;
  return parser.request.method == Method::kGet && parser.upgrade() && parser.upgrade_websocket;
}

bool RequestParser::expects_continue() const {
  return impl_->parser->expect_continue && !impl_->parser->http_1_0;
}

std::uint64_t RequestParser::content_length() const {
  const auto length = impl_->parser->content_length();
  return length ? *length : 0;
}

}  // namespace tocsin::http
