#pragma once
// Links and readable text of an HTML body. One pass, no tree; hostile markup costs no more than its length.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tocsin::ingest::mail {

constexpr std::size_t kMaxLinks = 128;

struct HtmlText {
  std::string text;                // tags gone, character references decoded, blanks joined
  std::vector<std::string> links;  // href, src, action and background with a scheme, each once
  // Parts of the text that show one address and lead to another, from first to behind the last byte, in
  // order.
  std::vector<std::pair<std::size_t, std::size_t>> disguises;

  // The text without them: what they show belongs to whom the mail pretends to be from.
  std::string undisguised() const;
};
HtmlText read_html(std::string_view html);

// The address behind a rewriting gateway (Safe Links, URL Defense v2 and v3, Google's redirect); the same
// when it is none.
std::string unwrap_link(std::string_view url);

}  // namespace tocsin::ingest::mail
