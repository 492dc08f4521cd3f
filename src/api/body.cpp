#include "api/body.h"

#include "base/suggest.h"

namespace tocsin::api {
namespace {

constexpr std::size_t kMaxDepth = 64;
constexpr std::size_t kMaxListed = 20;  // errors of one body

Error unreadable(std::string_view what, std::size_t offset) {
  return error(ErrorKind::kInvalidSyntax, "read JSON", std::string(what),
               "check that the body was sent whole and as UTF-8", "byte " + std::to_string(offset));
}

}  // namespace

Result<boost::json::value> parse_json(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = kMaxDepth;
  boost::json::stream_parser parser({}, options);
  boost::system::error_code failed;
  const auto read = parser.write_some(text.data(), text.size(), failed);
  if (failed) return unreadable(failed.message(), read);
  if (read < text.size()) return unreadable("there is more after the end of the JSON", read);
  parser.finish(failed);
  if (failed) return unreadable("the JSON ends too early", text.size());
  return parser.release();
}

Result<void> check_json_type(const http::Request& request) {
  if (request.content_type() == "application/json") return {};
  return error(ErrorKind::kUnsupported, "read body", "the body must be JSON",
               "send it with Content-Type: application/json", {});
}

Result<boost::json::value> parse_json_body(const http::Request& request) {
  TOCSIN_CHECK(check_json_type(request));
  return parse_json(request.body);
}

Result<Body> Body::parse(const http::Request& request) {
  TOCSIN_TRY(value, parse_json_body(request));
  if (!value.is_object()) {
    return error(ErrorKind::kInvalidInput, "read body", "the body must be a JSON object", {}, {});
  }
  return Body(std::move(value.as_object()));
}

std::string pointer_to(std::string_view name) {
  std::string pointer = "/";
  for (const char c : name) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
  return pointer;
}

const boost::json::value* Body::find(std::string_view name) {
  known_.push_back(name);
  return object_.if_contains(name);
}

std::optional<std::string> Body::text(std::string_view name, std::size_t max_bytes, bool empty_allowed) {
  const auto* value = find(name);
  if (value == nullptr) return {};
  const auto* string = value->if_string();
  if (string == nullptr) {
    fail(name, "must be text");
  } else if (string->size() > max_bytes) {
    fail(name, "must have at most " + std::to_string(max_bytes) + " bytes");
  } else if (string->empty() && !empty_allowed) {
    fail(name, "must not be empty");
  } else {
    return std::string(*string);
  }
  return {};
}

std::optional<std::optional<std::string>> Body::nullable_text(std::string_view name, std::size_t max_bytes) {
  const auto* value = object_.if_contains(name);
  if (value != nullptr && value->is_null()) {
    known_.push_back(name);
    return std::optional<std::string>{};
  }
  auto given = text(name, max_bytes);
  if (!given) return {};
  return std::optional<std::string>(std::move(*given));
}

std::optional<std::int64_t> Body::integer(std::string_view name, std::int64_t least, std::int64_t most) {
  const auto* value = find(name);
  if (value == nullptr) return {};
  boost::system::error_code failed;
  const auto number = value->is_number() ? value->to_number<std::int64_t>(failed) : 0;
  if (value->is_number() && !failed && number >= least && number <= most) return number;
  fail(name, "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return {};
}

std::optional<bool> Body::boolean(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr) return {};
  if (value->is_bool()) return value->get_bool();
  fail(name, "must be true or false");
  return {};
}

std::optional<std::vector<std::string>> Body::texts(std::string_view name, std::size_t max_items,
                                                    std::size_t max_bytes) {
  const auto* value = find(name);
  if (value == nullptr) return {};
  const auto* array = value->if_array();
  if (array == nullptr || array->size() > max_items) {
    fail(name, "must be an array of at most " + std::to_string(max_items) + " texts");
    return {};
  }
  std::vector<std::string> result;
  for (const auto& item : *array) {
    const auto* string = item.if_string();
    if (string == nullptr || string->empty() || string->size() > max_bytes) {
      errors_.emplace_back(base_ + pointer_to(name) + "/" + std::to_string(result.size()),
                           "must be text of 1 to " + std::to_string(max_bytes) + " bytes");
      return {};
    }
    result.emplace_back(*string);
  }
  return result;
}

const boost::json::value* Body::any(std::string_view name) {
  return find(name);
}

const boost::json::object* Body::object(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr) return nullptr;
  if (!value->is_object()) fail(name, "must be an object");
  return value->if_object();
}

void Body::require(std::string_view name) {
  if (!has(name)) fail(name, "is missing");
}

// The hint is about the first fault, which is the one that the answer tells in full.
void Body::record(std::string pointer, std::string what, std::string hint) {
  std::pair<std::string, std::string> fault(std::move(pointer), std::move(what));
  if (std::find(errors_.begin(), errors_.end(), fault) != errors_.end()) return;
  if (errors_.empty()) hint_ = std::move(hint);
  errors_.push_back(std::move(fault));
}

void Body::fail(std::string_view name, std::string what, std::string hint) {
  record(base_ + pointer_to(name), "\"" + std::string(name) + "\" " + std::move(what), std::move(hint));
}

void Body::fail_whole(std::string what, std::string hint) {
  record(base_, std::move(what), std::move(hint));
}

void Body::reject_unknown() {
  for (const auto& member : object_) {
    const std::string_view name(member.key());
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    const auto shown = std::string(name.substr(0, 100));
    record(base_ + pointer_to(shown), "unknown field \"" + shown + "\"",
           known_.empty() ? "this call takes no members" : name_hint(name, known_));
    if (errors_.size() >= kMaxListed) return;
  }
}

Body Body::inside(std::string_view pointer, boost::json::object object) const {
  Body inner(std::move(object));
  inner.base_ = base_ + std::string(pointer);
  return inner;
}

bool Body::adopt(Body& inner) {
  inner.reject_unknown();
  for (auto& [pointer, what] : inner.errors_) record(std::move(pointer), std::move(what), inner.hint_);
  return !inner.errors_.empty();
}

std::optional<http::Response> Body::problem(std::string_view trace_id) {
  reject_unknown();
  if (errors_.empty()) return {};
  http::Problem problem{422, "Invalid content", errors_.front().second, hint_, std::move(errors_)};
  return http::problem_response(problem, trace_id);
}

}  // namespace tocsin::api
