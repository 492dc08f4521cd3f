#pragma once
// The little of XML that log records use: elements, attributes, text, the five entities and character
// references, CDATA. No document types, no external anything; one pass, no recursion.

#include <string>
#include <string_view>

namespace tocsin::ingest {

class XmlReader {
 public:
  enum class Token { kOpen, kClose, kText, kEnd };

  explicit XmlReader(std::string_view text) : rest_(text) {}

  // An element without content gives kOpen and then kClose. Broken markup ends the text.
  Token next();
  // Of the element just opened or closed, without its name space prefix.
  std::string_view name() const noexcept { return name_; }
  // Of the element just opened, decoded; empty when it is not there.
  std::string attribute(std::string_view name) const;
  // The text just read, decoded. Blank texts are not reported.
  std::string text() const;

 private:
  Token read_tag();
  bool skip_to(std::string_view mark);

  std::string_view rest_;
  std::string_view name_;
  std::string_view attributes_;
  std::string_view text_;
  bool closes_ = false;  // "<a/>" still owes its kClose
  bool verbatim_ = false;
};

// "&lt;&#65;" gives "<A"; what is no entity stays as it is.
std::string decode_xml(std::string_view text);

}  // namespace tocsin::ingest
