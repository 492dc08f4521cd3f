#pragma once
// The one way in which we write JSON documents: appends to a string and puts the commas.
//
//   JsonWriter json(out);
//   json.object([&] { json.member("id", id); json.member("alerts", [&] { … }); });

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json_text.h"

namespace tocsin {

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  template <class Body>
  void object(Body body) {
    enclose('{', '}', body);
  }
  template <class Body>
  void array(Body body) {
    enclose('[', ']', body);
  }

  void key(std::string_view name) {
    separate();
    append_json_string(out_, name);
    out_ += ':';
    first_ = true;  // the value needs no comma
  }

  void value(std::string_view text) { separate(), append_json_string(out_, text); }
  void value(const char* text) { value(std::string_view(text)); }
  void value(const std::string& text) { value(std::string_view(text)); }
  void value(bool truth) { separate(), out_ += truth ? "true" : "false"; }
  void value(double number) { separate(), append_json_number(out_, number); }
  template <std::integral T>
  requires(!std::same_as<T, bool>) void value(T number) {
    separate();
    append_json_number(out_, static_cast<std::int64_t>(number));
  }
  void value(Timestamp time) {
    separate();
    out_ += '"';
    append_rfc3339(out_, time);
    out_ += '"';
  }
  void value(std::nullptr_t) { raw("null"); }
  template <class T>
  void value(const std::optional<T>& maybe) {
    maybe ? value(*maybe) : value(nullptr);
  }
  void value(const std::vector<std::string>& texts) {
    array([&] {
      for (const auto& text : texts) value(text);
    });
  }
  // Text that is JSON already.
  void raw(std::string_view json) { separate(), out_ += json; }
  // `append(out)` writes one JSON value.
  template <class Append>
  void written_by(Append append) {
    separate();
    append(out_);
  }

  template <class T>
  void member(std::string_view name, const T& content) {
    key(name);
    if constexpr (std::invocable<T>) {
      content();
    } else {
      value(content);
    }
  }

 private:
  void separate() {
    if (!first_) out_ += ',';
    first_ = false;
  }
  template <class Body>
  void enclose(char open, char close, Body& body) {
    separate();
    out_ += open;
    first_ = true;
    body();
    out_ += close;
    first_ = false;
  }

  std::string& out_;
  bool first_ = true;
};

}  // namespace tocsin
