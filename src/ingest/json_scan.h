#pragma once
// Finds where JSON values begin and end without reading them, so that each item of a body is kept byte for
// byte, parsed alone and refused alone. No recursion, one pass.

#include <cstddef>
#include <string>
#include <string_view>

namespace tocsin::ingest {

constexpr std::size_t kNotFound = static_cast<std::size_t>(-1);

std::size_t skip_space(std::string_view text, std::size_t at);

// End of the value that starts at `at`: its brackets and quotes balance, its inside is not checked. kNotFound
// when the text ends first or no value starts there.
std::size_t skip_value(std::string_view text, std::size_t at);

// Steps through the elements of the array whose '[' stands at `at`.
class ArrayCursor {
 public:
  ArrayCursor(std::string_view text, std::size_t at) : text_(text), at_(at + 1) {}
  // False at the end and on a fault; failed() tells which, position() where.
  bool next(std::string_view& element);
  bool failed() const noexcept { return failed_; }
  // After the end: just past ']'. After a fault: the offending byte.
  std::size_t position() const noexcept { return at_; }

 private:
  std::string_view text_;
  std::size_t at_;
  bool first_ = true;
  bool failed_ = false;
};

// Bytes of the first member with that name in the object `text`; empty when there is none. `name` is ASCII;
// it may be written with escapes, as the parser reads those too.
std::string_view find_member(std::string_view object, std::string_view name);

// What is wrong with the text as one JSON value, and at which byte. Strict RFC 8259, depth-limited. An empty
// message means nothing is.
struct JsonFault {
  std::size_t offset = 0;
  std::string message;
};
JsonFault find_json_fault(std::string_view text, std::size_t max_depth);

// The same value with every number that a 64-bit integer or double cannot hold in quotes.
std::string quote_huge_numbers(std::string_view text);

}  // namespace tocsin::ingest
