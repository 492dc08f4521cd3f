#pragma once
// Windows' binary XML ([MS-EVEN6] 2.2.12; libevtx, "Windows XML Event Log (EVTX)", section 5) as elements.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "detect/evtx/byte_reader.h"
#include "detect/evtx/evtx_value.h"

namespace tocsin::detect {

struct XmlElement {
  std::string name;
  std::vector<std::pair<std::string, EvtxValue>> attributes;
  EvtxValue value;  // its text
  std::vector<XmlElement> children;
};

class BinaryXml {
 public:
  // Templates that name each other could make a few bytes into any number of elements: a chunk may cost this
  // many steps, 16 for each token and one for each byte of text, and nest this deep. Real ones cost a tenth.
  static constexpr std::size_t kMaxSteps = 8U << 20;
  static constexpr int kMaxDepth = 64;

  // Names and templates are referred to by their place in the chunk.
  explicit BinaryXml(std::string_view chunk) : chunk_(chunk) {}

  // The outermost element of the document in [begin, end) of the chunk. kInvalidSyntax when it is none.
  Result<XmlElement> read(std::size_t begin, std::size_t end);

 private:
  struct Slot {  // a value that a template's substitutions refer to
    std::uint8_t type = 0;
    std::size_t begin = 0, end = 0;  // of its bytes in the chunk
  };
  using Slots = std::vector<Slot>;
  // Where tokens are read, and what they may refer to.
  struct Scope {
    const Slots& slots;
    bool has_dependency = true;  // elements have a dependency identifier: not directly inside of a value
    int depth = 0;
  };

  bool read_content(ByteReader& in, const Scope& scope, XmlElement& parent);
  bool read_element(ByteReader& in, bool has_attributes, const Scope& scope, XmlElement& parent);
  bool read_attributes(ByteReader& in, const Scope& scope, XmlElement& element);
  bool read_text(ByteReader& in, std::uint8_t token, const Scope& scope, XmlElement& parent,
                 EvtxValue& value);
  bool read_substitution(ByteReader& in, const Scope& scope, XmlElement& parent, EvtxValue& value);
  bool read_template(ByteReader& in, const Scope& scope, XmlElement& parent);
  bool read_slots(ByteReader& in, Slots& slots);
  bool read_instruction(ByteReader& in);
  std::string read_name(ByteReader& in);
  std::string read_counted_text(ByteReader& in);
  bool spend(std::size_t steps);

  std::string_view chunk_;
  std::size_t steps_ = 0;
};

}  // namespace tocsin::detect
