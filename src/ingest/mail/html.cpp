#include "ingest/mail/html.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "base/utf8.h"
#include "ingest/ioc.h"
#include "ingest/mail/decode.h"
#include "ingest/text.h"

namespace tocsin::ingest::mail {
namespace {

constexpr std::size_t kMaxText = 64U << 10;
constexpr std::size_t kMaxLinkBytes = 2048;

constexpr auto kLinkAttributes = std::to_array<std::string_view>({"href", "src", "action", "background"});
constexpr auto kNamedReferences =
    std::to_array<std::pair<std::string_view, std::string_view>>({{"amp", "&"},
                                                                  {"lt", "<"},
                                                                  {"gt", ">"},
                                                                  {"quot", "\""},
                                                                  {"apos", "'"},
                                                                  {"nbsp", " "},
                                                                  {"colon", ":"},
                                                                  {"sol", "/"},
                                                                  {"period", "."},
                                                                  {"commat", "@"}});

void append_utf8(std::string& out, unsigned code) {
  if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return;
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | code >> 18);
    out += static_cast<char>(0x80 | (code >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

// "#x41" or "amp"; false when it is no reference.
bool append_reference(std::string& out, std::string_view name) {
  if (name.size() > 1 && name[0] == '#') {
    const bool hex = lower(name[1]) == 'x';
    const auto digits = name.substr(hex ? 2 : 1);
    unsigned code = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
    if (error != std::errc() || end != digits.data() + digits.size()) return false;
    append_utf8(out, code);
    return true;
  }
  for (const auto& [known, text] : kNamedReferences) {
    if (known != name) continue;
    out += text;
    return true;
  }
  return false;
}

std::string decode_references(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto end = text[at] == '&' ? text.substr(at, 12).find(';') : std::string_view::npos;
    if (end != std::string_view::npos && append_reference(out, text.substr(at + 1, end - 1))) {
      at += end;
    } else {
      out += text[at];
    }
  }
  return out;
}

class HtmlReader {
 public:
  explicit HtmlReader(std::string_view html) : html_(html) {}

  HtmlText run() {
    std::size_t at = 0;
    while (at < html_.size()) {
      const auto open = std::min(html_.find('<', at), html_.size());
      add_text(html_.substr(at, open - at));
      if (open == html_.size()) break;
      at = skip_tag(open);
    }
    result_.text = std::string(trim(result_.text));
    return std::move(result_);
  }

 private:
  std::size_t skip_tag(std::size_t open) {
    if (html_.substr(open, 4) == "<!--") return find("-->", open) + 3;
    const auto close = tag_end(open);
    const auto tag = html_.substr(open + 1, close - open - 1);
    const auto name_size = std::min(tag.find_first_of(" \t\r\n/>"), tag.size());
    const auto name = to_lower(tag.substr(0, std::max<std::size_t>(name_size, 1)));
    if (equal_ignoring_case(trim(tag), "/a")) close_anchor();
    if (name == "a") open_anchor();
    read_attributes(tag, name == "meta");
    add_text(" ");
    if (name == "style" || name == "script") return find("</" + name, close);
    return std::min(close + 1, html_.size());
  }

  // Where the text begins; its end when it is not there.
  std::size_t find(std::string_view end, std::size_t from) const {
    for (auto at = html_.find(end[0], from); at != std::string_view::npos; at = html_.find(end[0], at + 1)) {
      if (equal_ignoring_case(html_.substr(at, end.size()), end)) return at;
    }
    return html_.size();
  }

  // The '>' that ends the tag, quotes respected while they close.
  std::size_t tag_end(std::size_t at) const {
    for (; at < html_.size(); ++at) {
      const char c = html_[at];
      if (c == '>') return at;
      if (c != '"' && c != '\'') continue;
      const auto close = html_.substr(at + 1, kMaxLinkBytes * 4).find(c);
      if (close != std::string_view::npos) at += close + 1;
    }
    return html_.size();
  }

  void read_attributes(std::string_view tag, bool is_meta) {
    for (auto at = tag.find('='); at != std::string_view::npos; at = tag.find('=', at + 1)) {
      auto value = trim(tag.substr(at + 1));
      const bool quoted = value.starts_with('"') || value.starts_with('\'');
      const auto size = quoted ? value.find(value[0], 1) : value.find_first_of(" \t\r\n");
      const auto text =
          quoted ? value.substr(1, size == std::string_view::npos ? size : size - 1) : value.substr(0, size);
      if (is_link_attribute(tag.substr(0, at))) add_link(text);
      if (is_meta) add_refresh(text);
      at = static_cast<std::size_t>(text.data() - tag.data()) + text.size();
      if (at >= tag.size()) break;
    }
  }

  static bool is_link_attribute(std::string_view before) {
    before = trim(before);
    const auto blank = before.find_last_of(" \t\r\n\"'");
    const auto name = blank == std::string_view::npos ? before : before.substr(blank + 1);
    return std::any_of(kLinkAttributes.begin(), kLinkAttributes.end(),
                       [&](std::string_view known) { return equal_ignoring_case(known, name); });
  }

  // <meta http-equiv="refresh" content="0;url=https://…">
  void add_refresh(std::string_view content) {
    const auto lowered = to_lower(content.substr(0, kMaxLinkBytes));
    const auto mark = lowered.find("url=");
    if (mark == std::string::npos) return;
    auto url = trim(content.substr(mark + 4));
    if (url.starts_with('\'')) url = url.substr(1, url.find('\'', 1) - 1);
    add_link(url);
  }

  void add_link(std::string_view raw) {
    auto link = decode_references(trim(utf8_prefix(raw, kMaxLinkBytes)));
    link.erase(
        std::remove_if(link.begin(), link.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }),
        link.end());
    if (anchor_ && target_.empty()) target_ = link;
    const bool wanted = link.find("://") != std::string::npos || to_lower(link.substr(0, 7)) == "mailto:";
    auto& links = result_.links;
    if (!wanted || links.size() >= kMaxLinks || std::find(links.begin(), links.end(), link) != links.end())
      return;
    links.push_back(std::move(link));
  }

  void open_anchor() {
    anchor_ = result_.text.size();
    target_.clear();
  }

  // "bank.example" or "https://bank.example/login" over a link to somewhere else.
  void close_anchor() {
    const auto from = std::exchange(anchor_, std::nullopt);
    if (!from || target_.empty() || result_.disguises.size() >= kMaxLinks) return;
    if (result_.text.size() - *from > kMaxLinkBytes) return;  // no address
    const auto shown = trim(std::string_view(result_.text).substr(*from));
    const bool address = shown.find('.') != std::string_view::npos && shown.find(' ') == shown.npos &&
                         shown.find('@') == shown.npos;
    const auto target = unwrap_link(target_);
    if (address && host_shown(shown) != url_host(target))
      result_.disguises.emplace_back(*from, result_.text.size());
  }

  static std::string host_shown(std::string_view text) {
    if (text.find("://") != std::string_view::npos) return to_lower(url_host(text));
    return to_lower(text.substr(0, text.find_first_of("/:?")));
  }

  void add_text(std::string_view raw) {
    if (result_.text.size() >= kMaxText) return;
    for (const char c : decode_references(raw)) {
      const bool blank = is_blank(c);
      if (blank && (result_.text.empty() || result_.text.back() == ' ')) continue;
      result_.text += blank ? ' ' : c;
    }
  }

  std::string_view html_;
  HtmlText result_;
  std::optional<std::size_t> anchor_;  // where the text of the open anchor begins
  std::string target_;                 // where it leads
};

// The query's parameter, percent-decoded; empty when it is not there.
std::string query_value(std::string_view url, std::string_view name) {
  const auto question = url.find('?');
  if (question == std::string_view::npos) return {};
  auto query = url.substr(question + 1);
  while (!query.empty()) {
    auto pair = take_until(query, '&');
    if (take_until(pair, '=') == name) return decode_percent(pair);
  }
  return {};
}

// URL Defense v2: '-' stands for '%', '_' for '/'.
std::string undefend(std::string text) {
  std::replace(text.begin(), text.end(), '-', '%');
  std::replace(text.begin(), text.end(), '_', '/');
  return decode_percent(text);
}

// https://urldefense.com/v3/__https://evil.example/x__;!!…
std::string between_underscores(std::string_view url) {
  const auto start = url.find("/__");
  const auto end = start == std::string_view::npos ? start : url.find("__;", start + 3);
  return end == std::string_view::npos ? std::string() : std::string(url.substr(start + 3, end - start - 3));
}

}  // namespace

std::string HtmlText::undisguised() const {
  std::string honest;
  std::size_t at = 0;
  for (const auto& [from, to] : disguises) {
    if (from < at || from > text.size()) continue;
    honest.append(text, at, from - at).append(" ");
    at = std::min(to, text.size());
  }
  return honest.append(text, at);
}

HtmlText read_html(std::string_view html) {
  return HtmlReader(html).run();
}

std::string unwrap_link(std::string_view url) {
  const auto host = url_host(url);
  std::string inner;
  if (host.ends_with("safelinks.protection.outlook.com")) inner = query_value(url, "url");
  if (host == "urldefense.proofpoint.com") inner = undefend(query_value(url, "u"));
  if (host == "urldefense.com") inner = between_underscores(url);
  if (host == "www.google.com" && url.find("/url?") != std::string_view::npos) inner = query_value(url, "q");
  return inner.find("://") == std::string::npos ? std::string(url) : inner;
}

}  // namespace tocsin::ingest::mail
