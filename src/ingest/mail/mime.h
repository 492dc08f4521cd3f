#pragma once
// A mail (RFC 5322, MIME) as headers and decoded parts. Bounded in depth, parts and headers; never fails:
// what is malformed is read as far as it makes sense.

#include <string>
#include <string_view>
#include <vector>

namespace tocsin::ingest::mail {

constexpr int kMaxDepth = 8;            // of multiparts and of mails inside mails, together
constexpr std::size_t kMaxParts = 256;  // of one mail with all that it encloses
constexpr std::size_t kMaxHeaders = 512;

struct Header {
  std::string name;   // as written
  std::string value;  // unfolded, words still encoded
};

class Headers {
 public:
  // Reads up to the blank line; what follows is left in `text`.
  static Headers read(std::string_view& text);

  // The first of that name, empty when there is none.
  std::string_view get(std::string_view name) const;
  bool has(std::string_view name) const { return !get(name).empty(); }
  // Calls f(value) for each of that name, top to bottom.
  template <class F>
  void each(std::string_view name, F f) const {
    for (const auto& header : list_) {
      if (same(header.name, name)) f(std::string_view(header.value));
    }
  }
  std::size_t size() const noexcept { return list_.size(); }

 private:
  static bool same(std::string_view a, std::string_view b);
  std::vector<Header> list_;
};

struct Part {
  std::string type;  // "text/html", lower case; "text/plain" when not said
  std::string charset;
  std::string filename;   // decoded
  bool attached = false;  // by disposition, or it has a name and is no text of the mail itself
  std::string body;       // transfer encoding removed, bytes
};

struct Mail {
  Headers headers;
  std::vector<Part> parts;     // leaves in order
  std::vector<Mail> enclosed;  // mails attached to this one
};

Mail parse_mail(std::string_view text);

// A parameter of a structured header: 'filename' of `attachment; filename*=utf-8''a%20b.pdf`. Decoded.
std::string parameter(std::string_view header, std::string_view name);

struct Address {
  std::string name;     // decoded display name
  std::string address;  // "user@host" in lower case
};
// The mailboxes of a From, To or Cc value, at most 64. Broken quoting is read as far as an address can be
// seen.
std::vector<Address> addresses(std::string_view value);

// True when the text begins with header lines of which at least two are a mail's.
bool looks_like_mail(std::string_view text);

}  // namespace tocsin::ingest::mail
