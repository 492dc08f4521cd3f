#pragma once
// Reading a JSON value that came from outside. A Node is a value or its absence: every access is safe on
// every shape, so a normaliser reads `alert["signature"].text()` without asking first whether any of it is
// there. Duplicate keys: the first one wins.

#include <simdjson.h>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tocsin::ingest {

class Node {
 public:
  Node() = default;
  explicit Node(simdjson::dom::element element) : element_(element), present_(!element.is_null()) {}

  // null counts as absent.
  explicit operator bool() const noexcept { return present_; }
  bool is_object() const { return present_ && element_.is_object(); }
  bool is_array() const { return present_ && element_.is_array(); }
  bool is_string() const { return present_ && element_.is_string(); }
  bool is_number() const { return present_ && element_.is_number(); }

  // Member of an object; the first element's member when this is an array of objects.
  Node operator[](std::string_view key) const;
  // The first of these members that is there and is no empty string.
  Node any(std::initializer_list<std::string_view> keys) const;
  Node at(std::size_t index) const;
  std::size_t size() const;

  // The string; empty for everything else.
  std::string_view text() const;
  // The string without blanks around it, or a number or boolean as text; an array's first element.
  std::string scalar() const;
  std::optional<std::int64_t> integer() const;  // a whole number, or a string that is one
  std::optional<double> number() const;
  bool is_true() const;  // true, "true", "True", 1, "1"

  // Calls f(Node) for each element of an array, or once with a value that is not one.
  template <class F>
  void each(F f) const {
    if (!present_) return;
    if (!element_.is_array()) return f(*this);
    for (const auto item : simdjson::dom::array(element_)) f(Node(item));
  }
  // Calls f(key, Node) for each member of an object.
  template <class F>
  void members(F f) const {
    if (!is_object()) return;
    for (const auto member : simdjson::dom::object(element_)) f(member.key, Node(member.value));
  }

 private:
  simdjson::dom::element element_;
  bool present_ = false;
};

// A parsed text. Texts inside a text (JSON in a string) may be parsed while the outer one is still in use, up
// to kMaxNesting at a time on one thread; the values live as long as this object.
class ParsedJson {
 public:
  static constexpr std::size_t kMaxNesting = 4;
  static constexpr std::size_t kMaxTextBytes = 16U << 20;  // the parser needs ten times as much memory

  // kInvalidSyntax with the byte offset in `where`; kTooLarge beyond kMaxTextBytes.
  static Result<ParsedJson> parse(std::string_view text, std::size_t max_depth);

  ParsedJson(ParsedJson&& other) noexcept;
  ParsedJson& operator=(ParsedJson&&) = delete;
  ~ParsedJson();

  Node root() const noexcept { return root_; }

 private:
  ParsedJson() = default;
  Node root_;
  bool owns_ = false;
};

}  // namespace tocsin::ingest
