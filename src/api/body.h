#pragma once
// Strict reading of a small JSON body: every field is named, typed and bounded, and what is left over is an
// error.
//
//   TOCSIN_TRY(body, Body::parse(request));                  // 415, 400 with the byte offset, 422 when no
//   object const auto status = body.choice("status", model::parse_alert_status, "new, in_progress, closed");
//   if (auto problem = body.problem(request.trace_id)) return *problem;   // 422, every wrong field with its
//   pointer

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/http.h"

namespace tocsin::api {

Result<void> check_json_type(const http::Request& request);
// kUnsupported unless the media type is application/json; kInvalidSyntax with "byte N".
Result<boost::json::value> parse_json_body(const http::Request& request);
// kInvalidSyntax with "byte N"; nesting up to 64.
Result<boost::json::value> parse_json(std::string_view text);

class Body {
 public:
  static Result<Body> parse(const http::Request& request);
  explicit Body(boost::json::object object) : object_(std::move(object)) {}

  // Each reader marks the name as known, and is absent when the field is missing or wrong (then problem() has
  // it).
  std::optional<std::string> text(std::string_view name, std::size_t max_bytes, bool empty_allowed = true);
  // Outer absent: not sent. Inner absent: null.
  std::optional<std::optional<std::string>> nullable_text(std::string_view name, std::size_t max_bytes);
  std::optional<std::int64_t> integer(std::string_view name, std::int64_t least, std::int64_t most);
  std::optional<bool> boolean(std::string_view name);
  std::optional<std::vector<std::string>> texts(std::string_view name, std::size_t max_items,
                                                std::size_t max_bytes);
  const boost::json::value* any(std::string_view name);
  const boost::json::object* object(std::string_view name);

  // `read` is one of the parse functions of model/names.h; `known` lists its words for the message.
  template <class Parse>
  auto choice(std::string_view name, Parse read, std::string_view known)
      -> decltype(read(std::string_view{})) {
    const auto word = text(name, 100);
    if (!word) return {};
    const auto value = read(*word);
    if (!value) fail(name, "must be one of " + std::string(known) + ", not \"" + *word + "\"");
    return value;
  }

  // This object stands at `pointer` of a larger body: "/change".
  void nested_in(std::string_view pointer) { base_ = pointer; }

  // The same for an object of this body; its faults, unknown fields among them, come back with adopt().
  Body inside(std::string_view pointer, boost::json::object object) const;
  bool adopt(Body& inner);  // true when there were any

  bool has(std::string_view name) const { return object_.contains(name); }
  void require(std::string_view name);
  void fail(std::string_view name, std::string what, std::string hint = {});
  // For rules about the whole body ("nothing to change").
  void fail_whole(std::string what, std::string hint = {});

  std::optional<http::Response> problem(std::string_view trace_id);
  const boost::json::object& all() const { return object_; }

 private:
  const boost::json::value* find(std::string_view name);
  void reject_unknown();
  void record(std::string pointer, std::string what, std::string hint);

  boost::json::object object_;
  std::string base_;
  std::vector<std::string_view> known_;  // literals of the callers
  std::vector<std::pair<std::string, std::string>> errors_;
  std::string hint_;
};

// RFC 6901 pointer to a member of the root.
std::string pointer_to(std::string_view name);

}  // namespace tocsin::api
